"""How long the work of a command may take: other limits than those that a page has."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, event

# A second signal, in case that somebody in between caught the first as an ordinary error.
AGAIN_SECONDS = 30.0
LIMITS = """SELECT set_config('statement_timeout', %(ms)s, true), set_config('lock_timeout', '10s', true),
  set_config('idle_in_transaction_session_timeout', %(ms)s, true)"""

_statement_seconds: ContextVar[float | None] = ContextVar("statement_seconds", default=None)


class TookTooLong(Exception):
    """A piece of work did not end within its time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Give the work inside so long: each statement of a database that knows limits, and the whole.

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


def listen(engine: Engine) -> None:
    """Set an engine up: each transaction inside of `time_limit` begins with its limits."""

    def begins(connection: Connection) -> None:
        seconds = _statement_seconds.get()
        if seconds is not None:
            connection.exec_driver_sql(LIMITS, {"ms": f"{int(seconds * 1000)}"})

    event.listen(engine, "begin", begins)
