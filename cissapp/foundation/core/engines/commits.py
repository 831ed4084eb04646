"""Finds out whether a COMMIT whose answer was lost has succeeded, which PostgreSQL can tell afterwards."""

import time
from collections.abc import Callable
from contextvars import ContextVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# A server that ends a connection needs a moment to undo its open work; no response waits longer for that.
LOOK_AFTER_SECONDS = (0.0, 0.1, 0.3, 0.6)
NUMBER_IN_FUTURE = "22023"

_number: ContextVar[str | None] = ContextVar("transaction_number", default=None)
_told: ContextVar[tuple[Connection, str] | None] = ContextVar("told_number", default=None)


class CommitUnknown(SQLAlchemyError):
    """The connection was lost at COMMIT, and its outcome is not known yet; `number` finds it out later."""

    def __init__(self, number: str) -> None:
        super().__init__("the connection was lost at COMMIT")
        self.number = number


def listen(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Record the number of each writing transaction just before its COMMIT."""

    def note(connection: Connection) -> None:
        told = _told.get()
        if told and told[0] is connection:
            _number.set(told[1])
        elif is_writing():
            asked = connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned()::text")
            _number.set(asked.scalar())

    event.listen(engine, "commit", note)


def know_number(connection: Connection, number: str) -> None:
    """Record the transaction's number as returned by a statement on this connection, to save a query."""
    _told.set((connection, number))


def forget_number() -> None:
    """Forget the transaction before."""
    _number.set(None)


def was_kept(engine: Engine, error: BaseException) -> bool:
    """Return whether a failed COMMIT was committed after all; raise `CommitUnknown` if nobody can tell."""
    number = _number.get()
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if number is None or not lost:
        return False
    found = state_of(engine, number)
    if found is None:
        raise CommitUnknown(number) from error
    return found


def state_of(engine: Engine, number: str) -> bool | None:
    """Return whether a transaction was committed; None if the server is down, or not sure yet."""
    for seconds in LOOK_AFTER_SECONDS:
        time.sleep(seconds)
        try:
            with engine.connect() as connection:
                asked = connection.exec_driver_sql(
                    "SELECT pg_xact_status(%(number)s::xid8)", {"number": number}
                )
                state = asked.scalar()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NUMBER_IN_FUTURE:
                return False  # a replica that became the primary, and never heard of it
            continue
        if state in {"committed", "aborted"}:
            return bool(state == "committed")
    return None
