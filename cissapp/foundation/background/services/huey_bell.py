"""The bell itself, by Huey: within this process, or over Redis or a file for `ciss worker`.

Slow to import, so it is loaded with the first ring.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask
from huey import Huey, MemoryHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import RedisStorage

from cissapp.foundation.background.rules import SECONDS_AT_THE_END
from cissapp.foundation.background.services.registry import LOOKS
from cissapp.foundation.core.db import session

log = logging.getLogger("ciss")
logging.getLogger("huey").setLevel(logging.WARNING)  # it has a line for each ring

NAME = "ciss"
# A thread of the service checks its own list at least this often, in seconds.
LONGEST_PAUSE = 1.0
# Redis answers within milliseconds or is down; then no writer waits for it again during the pause.
REDIS_SECONDS, PAUSE_AFTER_FAILURE = 1.0, 5.0
SECONDS_BETWEEN_LINES = 60.0
# Two rings that are no further apart than this, in seconds, are one.
SAME_MOMENT = 1.0
# A ring that nobody heard is worthless once everybody has looked unprompted.
RING_LASTS = 600


class PlainSerializer(Serializer):
    """Writes rings as JSON: what comes from a queue must not be able to run code, as a pickle can."""

    def _serialize(self, data: Message) -> bytes:
        moments = [one and one.isoformat() for one in (data.eta, data.expires_resolved)]
        return json.dumps([data.id, data.name, *moments, list(data.args)]).encode()

    def _deserialize(self, data: bytes) -> Message:
        ring_id, name, eta, expires, given = json.loads(data)
        eta, expires = (one and datetime.fromisoformat(one) for one in (eta, expires))
        return Message(ring_id, name, eta=eta, expires_resolved=expires, args=tuple(given))


class _PatientRedis(RedisStorage):
    """Waits while Redis is down, with one line in the log instead of one per look and thread."""

    _told_at = float("-inf")

    def dequeue(self) -> bytes | None:
        """Return the next ring, or None after a while."""
        found: bytes | None = self._unless_away(super().dequeue, None)
        return found

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """Return the rings whose time has come."""
        found: list[bytes] = self._unless_away(partial(super().read_schedule, ts), [])
        return found

    def _unless_away(self, ask: Callable[[], Any], nothing: Any) -> Any:
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 -- of a client that is not always there
            if time.monotonic() - self._told_at > SECONDS_BETWEEN_LINES:
                self._told_at = time.monotonic()
                log.warning("the queue did not answer: %s", type(error).__name__)
            time.sleep(REDIS_SECONDS)
            return nothing


class _Turn:
    """Lets one thread of a process look at a time, and look once more if it was rung for meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False

    def take(self, look: Callable[[], None]) -> None:
        self._wanted = True
        while self._wanted and self._lock.acquire(blocking=False):
            try:
                self._wanted = False
                look()
            finally:
                self._lock.release()


class _InnerConsumer(Consumer):
    """A consumer within a process that handles its own signals."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals to the server."""


class Bell:
    """The bell of an application: who rings, and who listens in this process."""

    def __init__(self, app: Flask, url: str) -> None:
        self._app = app
        self.is_embedded = not url
        self._huey = _huey_at(url)
        self._turns = {name: _Turn() for name in LOOKS}
        self._consumer: Consumer | None = None
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._rings_at: dict[str, float] = {}
        self._ends_at: float | None = None
        self._ring = self._huey.task(name="look", expires=RING_LASTS)(self._look)
        self._huey.periodic_task(crontab(), name="look_at_all")(self._look_at_all)

    def ring(self, name: str, *, after: float = 0.0) -> None:
        """Ring for one kind of work, after some seconds; if that fails, it is found within a minute."""
        if self.is_embedded:
            self.listen()
        if time.monotonic() < self._quiet_until or (after and self._rings_by(name, after)):
            return
        try:
            if after:
                self._ring.schedule((name,), delay=after)
            else:
                self._ring(name)
        except Exception as error:  # noqa: BLE001 -- whatever the queue is: the work stands in the database
            self._quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE
            self._rings_at.clear()
            log.warning("the queue could not be notified: %s", type(error).__name__)

    def _rings_by(self, name: str, after: float) -> bool:
        """Return whether this process already rings by then; if not, note that it will.

        Each look asks for the next one: otherwise each ring would start its own series of looks, until no
        work is left.
        """
        now, coming = time.monotonic(), self._rings_at.get(name, 0.0)
        if now < coming <= now + after + SAME_MOMENT:
            return True
        self._rings_at[name] = now + after
        return False

    def listen(self) -> None:
        """Start threads of this process that do the work, unless they are running."""
        with self._lock:
            if self._consumer is None or not self._consumer.scheduler.is_alive():
                self._consumer = self._consumer_of(_InnerConsumer)
                self._consumer.start()

    def work_until_told(self) -> None:
        """Do the work in this process until it is told to end; what has begun is done first."""
        self._consumer = self._consumer_of(Consumer)
        self._consumer.run()

    def finish(self) -> None:
        """Finish what has begun, within a minute; do first what this process rang for itself.

        So a command ends with what it asked for. What waits in a queue is left to other processes.
        """
        consumer, self._ends_at = self._consumer, time.monotonic() + SECONDS_AT_THE_END
        if consumer is None or not consumer.scheduler.is_alive():
            return
        while self.is_embedded and self._huey.storage.queue_size() and not self._is_over():
            time.sleep(0.02)
        consumer.stop(graceful=True)

    def _consumer_of(self, kind: type[Consumer]) -> Consumer:
        return kind(
            self._huey,
            workers=len(LOOKS),
            max_delay=LONGEST_PAUSE,
            shutdown_timeout=SECONDS_AT_THE_END,
            graceful_signal="TERM",
        )

    def _look(self, name: str) -> None:
        if name in LOOKS:
            self._turns[name].take(lambda: self._look_once(name))

    def _look_at_all(self) -> None:
        for name in LOOKS:
            self._ring(name)

    def _look_once(self, name: str) -> None:
        try:
            with self._app.app_context():
                LOOKS[name](self._is_told_to_end)
                session.remove()
        except Exception:
            log.exception("waiting background tasks could not be checked: %s", name)

    def _is_told_to_end(self) -> bool:
        """Return whether nothing new may begin: a worker was told to end, or the last minute has passed."""
        if self._ends_at is not None:
            return self._is_over()
        return self._consumer is not None and bool(self._consumer.stop_flag.is_set())

    def _is_over(self) -> bool:
        return self._ends_at is not None and time.monotonic() >= self._ends_at


def _huey_at(url: str) -> Huey:
    given: dict[str, Any] = {"name": NAME, "results": False, "serializer": PlainSerializer()}
    if not url:
        return MemoryHuey(**given)
    if url.startswith("sqlite:"):
        return SqliteHuey(filename=url.removeprefix("sqlite:///"), fsync=False, **given)
    from redis import ConnectionPool  # noqa: PLC0415 -- only an installation with Redis has it

    pool = ConnectionPool.from_url(
        url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=5 * REDIS_SECONDS
    )
    return Huey(storage_class=_PatientRedis, connection_pool=pool, **given)
