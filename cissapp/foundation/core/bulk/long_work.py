"""Long-running work of commands, done part by part and within limits of its own."""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import SystemRandom
from typing import Any, NoReturn, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, Engine, event

from cissapp.foundation.core.db import roll_back, unit_of_work

# As long as the unit of systemd lets a check of everything take. The limits of a page would end it on a busy machine.
CHECK_SECONDS = 3 * 3600.0
# Signal again, in case some code in between caught the first one as an ordinary error.
AGAIN_SECONDS = 30.0
LIMITS = """SELECT set_config('statement_timeout', %(ms)s, true), set_config('lock_timeout', '10s', true),
  set_config('idle_in_transaction_session_timeout', %(ms)s, true)"""

STATEMENTS = "SELECT set_config('statement_timeout', %(ms)s, true)"

# No part starts in the remaining time, so that the current one can finish by itself.
PARTS_BEGIN_WITHIN = 0.9


class WorkTime(Struct):
    """The time limit of a piece of work in seconds, when its last part may start, and if any are left."""

    seconds: float
    until: float
    has_more: bool = False


_work_time: ContextVar[WorkTime | None] = ContextVar("work_time", default=None)


class TookTooLong(Exception):
    """A piece of work did not end within its time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[WorkTime]:
    """Limit the duration of the work inside: of each statement, if the database can, and of the whole.

    The whole is ended by a signal, so only in the main thread; `TookTooLong` is raised wherever execution is.
    Work that is done part by part ends before that, and `has_more` shows that it is unfinished.
    """
    granted = WorkTime(seconds, time.monotonic() + seconds * PARTS_BEGIN_WITHIN)
    token = _work_time.set(granted)
    by_signal = threading.current_thread() is threading.main_thread()
    before: Any = signal.signal(signal.SIGALRM, _stop) if by_signal else None
    if by_signal:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield granted
    finally:
        if by_signal:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        _work_time.reset(token)


def _stop(_number: int, _frame: object) -> NoReturn:
    raise TookTooLong


@event.listens_for(Engine, "begin")
def _begins(connection: Connection) -> None:
    """Set the limits at the start of each transaction inside `time_limit`, where the database has any."""
    granted = _work_time.get()
    if granted is not None and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(LIMITS, {"ms": f"{int(granted.seconds * 1000)}"})


def allow_long_statements(connection: Connection, seconds: float) -> None:
    """Let each statement of the open transaction take this long, where the database has a limit."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(STATEMENTS, {"ms": f"{int(seconds * 1000)}"})


def is_time_over() -> bool:
    """Return whether no further part may start, and record that something is left for another run.

    Ask only if something is left.
    """
    granted = _work_time.get()
    if granted is None or time.monotonic() < granted.until:
        return False
    granted.has_more = True
    return True


# --- part by part -----------------------------------------------------------------------------------

# Anyone saving waits for at most one of these, so it must take a moment, not seconds.
BATCH = 50
# After so many failures in a row the data is not the cause: the database is down, or the work is wrong.
IN_A_ROW = 3

Key = TypeVar("Key")
Batch = TypeVar("Batch")


def batches_of(keys: Sequence[Key], size: int = BATCH) -> Iterator[Sequence[Key]]:
    """Yield the keys in batches."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def drawn_batches(keys: Sequence[Key], size: int = BATCH) -> list[Sequence[Key]]:
    """List the keys so many at a time, these in a drawn order: who runs out of time begins with others the next time."""
    batches = list(batches_of(keys, size))
    SystemRandom().shuffle(batches)
    return batches


def each_kept(batches: Iterable[Batch], work: Callable[[Batch], int]) -> int:
    """Process batches one by one, each in its own transaction; return the sum. Fails as `each_tried` does."""

    def keep(batch: Batch) -> int:
        with unit_of_work():
            return work(batch)

    return each_tried(batches, keep)


def each_tried(parts: Iterable[Batch], work: Callable[[Batch], int]) -> int:
    """Process the parts one by one, each committing its own changes; return the sum.

    No part starts once the time is over; another run has to find what is left. A failing part does not stop
    those after it: the first error is raised once all others are done, or after `IN_A_ROW` failures in a row,
    with a note of how many failed.
    """
    total, failed, in_a_row = 0, 0, 0
    first: Exception | None = None
    for part in parts:
        if is_time_over():
            break
        try:
            total += work(part)
            in_a_row = 0
        except TookTooLong:
            raise
        except Exception as error:  # noqa: BLE001 -- raised below
            roll_back()  # on PostgreSQL nothing is asked in a transaction that has failed
            first = first or error
            failed += 1
            in_a_row += 1
            if in_a_row == IN_A_ROW:
                break
    if first:
        first.add_note(f"batches that failed: {failed}")
        raise first
    return total
