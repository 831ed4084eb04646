"""The SQLite settings: durable, with foreign keys, and one writer at a time."""

import fcntl
import os
import time
import weakref
from collections.abc import Callable
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event

from cissapp.foundation.core.engines import direct

BUSY_SECONDS = 5
LOOK_EVERY_SECONDS, LOOK_AT_LEAST_SECONDS = 0.0005, 0.005
HAS_TURN = "has the turn to write"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is taken out is overwritten, not only let go
)


def listen(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Set up an engine; `is_writing` returns whether the transaction that begins will write.

    A writer takes the write lock when its transaction begins, since a reader that becomes a writer would
    fail late. Before it asks SQLite, it waits for its turn.
    """
    database = engine.url.database
    queue = WriterQueue(None if database == ":memory:" else database)

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, f"busy_timeout={int(BUSY_SECONDS * 1000)}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begins(connection: Connection) -> None:
        if not is_writing():
            # A reader waits for nobody and cannot fail here, so SQLAlchemy's longer way is not needed.
            connection.connection.cursor().execute("BEGIN")
            return
        # The turn is returned with the connection, which may write several times before.
        connection.info[HAS_TURN] = connection.info.get(HAS_TURN) or queue.enter(BUSY_SECONDS)
        direct.send(connection, "BEGIN IMMEDIATE").close()

    def given_back(_connection: Any, record: Any) -> None:
        if record.info.pop(HAS_TURN, False):
            queue.leave()

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begins)
    event.listen(engine, "checkin", given_back)


class WriterQueue:
    """The queue of those who write to a database file: the threads and processes that share it.

    SQLite makes a second writer sleep and retry at growing intervals, and by chance others get in first:
    with eight threads the slowest waited hundreds of times as long as a write takes. Here the threads of a
    process queue; the first of each process waits at a door, one at a time, and whoever is there is next.
    This only sets the order: SQLite's own lock keeps writers apart, and whoever waited in vain still asks for
    it and gets its error.
    """

    def __init__(self, database: str | None) -> None:
        self._threads = Lock()
        self._database = database or None
        self._door = self._room = -1
        self._process = os.getpid()

    def enter(self, seconds: float) -> bool:
        """Wait for the turn, at most this long at each of the three places; return whether it came.

        If its files cannot be created or locked, the turn does not come, but nobody is kept from writing.
        """
        if not self._threads.acquire(timeout=seconds):
            return False
        try:
            came = self._database is None or self._through(self._database, seconds)
        except OSError:
            came = False
        if not came:
            self._threads.release()
        return came

    def leave(self) -> None:
        """Pass the turn to the next in the queue."""
        if self._database:
            fcntl.flock(self._room, fcntl.LOCK_UN)
        self._threads.release()

    def _through(self, database: str, seconds: float) -> bool:
        if (
            self._process != os.getpid()
        ):  # split off: a file that both have open counts as held by both
            self._door, self._room, self._process = -1, -1, os.getpid()
        if self._door < 0:
            self._door = self._opened(f"{database}-door")
        if self._room < 0:
            self._room = self._opened(f"{database}-turn")
        if not _locked(self._door, seconds):
            return False
        try:
            return _locked(self._room, seconds)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def _opened(self, path: str) -> int:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        closing = weakref.finalize(self, os.close, file)
        # At exit, threads may still be finishing a write; the system closes the file after them.
        closing.atexit = False
        return file


def _locked(file: int, seconds: float) -> bool:
    """Wait for the lock of a file, polling ever less often: each poll costs as much as a statement."""
    waited = 0.0
    while waited < seconds:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pause = min(max(LOOK_EVERY_SECONDS, waited / 4), LOOK_AT_LEAST_SECONDS)
            time.sleep(pause)
            waited += pause
        else:
            return True
    return False
