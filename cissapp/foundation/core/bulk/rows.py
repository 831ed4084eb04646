"""Rows of plain columns, read and changed past the objects of the session, which take longer than the database."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from cissapp.foundation.core.db import WRITTEN, db, session
from cissapp.foundation.core.engines import commits, sqlite


def read_rows(statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    """Return rows of plain columns."""
    return _up_to_date().connection().execute(statement, values).all()


def look_up(statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    """Return what one statement finds before a write begins, outside its transaction where `read_before_write` is, too."""
    if session().in_transaction() or db.engine.dialect.name != "sqlite":
        return read_rows(statement, values)
    with db.engine.connect() as connection:
        connection.execution_options(**{sqlite.ONE_LOOK: True})
        return connection.execute(statement, values).all()


def write_rows(statement: Executable, values: dict[str, Any]) -> int:
    """Change rows, and return how many were changed; an object that was loaded before still says what it said."""
    current = _up_to_date()
    counted = {"preserve_rowcount": True}
    answer = current.connection().execute(statement, values, execution_options=counted)
    result = cast("CursorResult[Any]", answer)
    if result.rowcount:
        current.info[WRITTEN] = True
    return result.rowcount


def write_told(statement: ReturningInsert[str], values: dict[str, Any]) -> int:
    """Add rows on PostgreSQL by a statement that returns the number of its transaction for each; return how many."""
    current = _up_to_date()
    connection = current.connection()
    numbers = connection.execute(statement, values).scalars().all()
    if numbers:
        commits.know_number(connection, numbers[0])
        current.info[WRITTEN] = True
    return len(numbers)


def _up_to_date() -> Session:
    """Return the session, its changes sent."""
    current = session()
    if current.new or current.dirty or current.deleted:
        current.flush()
    return current
