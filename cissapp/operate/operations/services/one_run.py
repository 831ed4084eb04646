"""Allows one run of the day's work at a time, however many machines have it in their schedules.

The turn belongs to a connection (PostgreSQL) or to an open file (SQLite): both end with the process, so
a run that died blocks nobody.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from cissapp.foundation.core.db import db

NAME = "the day's work"
GIVE = text("SELECT pg_advisory_unlock(hashtext(:name))")
TAKE = text("SELECT pg_try_advisory_lock(hashtext(:name))")


class AnotherRun(Exception):
    """Another run of the day's work is under way."""


# Called between two jobs: raises `AnotherRun` if the turn was lost meanwhile and another run has it.
KeepTurn = Callable[[], None]


@contextmanager
def turn() -> Iterator[KeepTurn]:
    """Take the turn, or raise `AnotherRun`; give it back at the end."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        with _by_connection(engine) as keep:
            yield keep
    else:
        with _by_file(engine.url.database):
            yield lambda: None


@contextmanager
def _by_file(database: str | None) -> Iterator[None]:
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}-daily").open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRun from None
        yield


@contextmanager
def _by_connection(engine: Engine) -> Iterator[KeepTurn]:
    held = [_taken(engine)]

    def keep() -> None:
        try:
            held[0].execute(text("SELECT 1"))
        except SQLAlchemyError:
            held[0].invalidate()
            held[0] = _taken(engine)

    try:
        yield keep
    finally:
        _let_go(held[0])


def _taken(engine: Engine) -> Connection:
    """Open a connection that holds the turn, outside a transaction and used for nothing else."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if not connection.scalar(TAKE, {"name": NAME}):
        connection.close()
        raise AnotherRun
    return connection


def _let_go(connection: Connection) -> None:
    """Release the turn, and close its connection, whose settings differ from the others'."""
    with suppress(SQLAlchemyError):
        connection.execute(GIVE, {"name": NAME})
    with suppress(SQLAlchemyError):
        connection.invalidate()
        connection.close()
