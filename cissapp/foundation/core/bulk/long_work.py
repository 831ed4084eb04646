"""Work of commands, which takes longer than a page: part by part, and within limits of its own."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, event

from cissapp.foundation.core.db import unit_of_work

# A second signal, in case that somebody in between caught the first as an ordinary error.
AGAIN_SECONDS = 30.0
LIMITS = """SELECT set_config('statement_timeout', %(ms)s, true), set_config('lock_timeout', '10s', true),
  set_config('idle_in_transaction_session_timeout', %(ms)s, true)"""

_statement_seconds: ContextVar[float | None] = ContextVar("statement_seconds", default=None)


class TookTooLong(Exception):
    """A piece of work did not end within its time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limit the work inside to so long: each statement of a database that knows limits, and the whole.

    The whole is ended by a signal, so in the main thread only; `TookTooLong` is then raised wherever it stands.
    """
    token = _statement_seconds.set(seconds)
    by_signal = threading.current_thread() is threading.main_thread()
    before: Any = signal.signal(signal.SIGALRM, _stop) if by_signal else None
    if by_signal:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        if by_signal:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        _statement_seconds.reset(token)


def _stop(_number: int, _frame: object) -> NoReturn:
    raise TookTooLong


@event.listens_for(Engine, "begin")
def _begins(connection: Connection) -> None:
    """Let each transaction inside of `time_limit` begin with its limits, where the database knows any."""
    seconds = _statement_seconds.get()
    if seconds is not None and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(LIMITS, {"ms": f"{int(seconds * 1000)}"})


# --- part by part -----------------------------------------------------------------------------------

# Whoever saves something waits for one of these at most, so it takes a moment and not seconds.
BATCH = 50
# So many that fail after each other are no matter of what is in them: the database is away, or the work is wrong.
IN_A_ROW = 3

Key = TypeVar("Key")
Batch = TypeVar("Batch")


def batches_of(keys: Sequence[Key], size: int = BATCH) -> Iterator[Sequence[Key]]:
    """Yield the keys so many at a time."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def each_kept(batches: Iterable[Batch], work: Callable[[Batch], int]) -> int:
    """Do the work for one batch after the other, each kept by itself; return the sum.

    One that fails does not stop those behind it: the first error is raised when all others are done, or when
    `IN_A_ROW` have failed after each other, with a note of how many failed.
    """
    total, failed, in_a_row = 0, 0, 0
    first: Exception | None = None
    for batch in batches:
        try:
            with unit_of_work():
                total += work(batch)
            in_a_row = 0
        except TookTooLong:
            raise
        except Exception as error:  # noqa: BLE001 -- raised below
            first = first or error
            failed += 1
            in_a_row += 1
            if in_a_row == IN_A_ROW:
                break
    if first:
        first.add_note(f"batches that failed: {failed}")
        raise first
    return total
