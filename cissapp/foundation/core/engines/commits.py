"""What became of a COMMIT whose answer was lost: it may have been kept, and PostgreSQL knows whether it was."""

import time
from collections.abc import Callable
from contextvars import ContextVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# A server that ends a connection needs a moment to undo what was open in it; longer no answer waits for that.
LOOK_AFTER_SECONDS = (0.0, 0.1, 0.3, 0.6)
NUMBER_IN_FUTURE = "22023"

_number: ContextVar[str | None] = ContextVar("transaction_number", default=None)
_told: ContextVar[tuple[Connection, str] | None] = ContextVar("told_number", default=None)


class CommitUnknown(SQLAlchemyError):
    """The connection was lost at COMMIT, and nobody can say yet whether it was kept; `number` finds out later."""

    def __init__(self, number: str) -> None:
        super().__init__("the connection was lost at COMMIT")
        self.number = number


def listen(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Note the number of each transaction that writes, just before its COMMIT."""

    def note(connection: Connection) -> None:
        told = _told.get()
        if told and told[0] is connection:
            _number.set(told[1])
        elif is_writing():
            asked = connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned()::text")
            _number.set(asked.scalar())

    event.listen(engine, "commit", note)


def know_number(connection: Connection, number: str) -> None:
    """Take the number of the transaction on this connection from a statement that told it, so that nobody asks again."""
    _told.set((connection, number))


def forget_number() -> None:
    """Forget the transaction before."""
    _number.set(None)


def was_kept(engine: Engine, error: BaseException) -> bool:
    """Return whether a COMMIT that failed was kept nevertheless; raise `CommitUnknown` if nobody can say."""
    number = _number.get()
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if number is None or not lost:
        return False
    found = state_of(engine, number)
    if found is None:
        raise CommitUnknown(number) from error
    return found


def state_of(engine: Engine, number: str) -> bool | None:
    """Return whether a transaction was kept; None where the server is away, or not sure yet."""
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
