"""Rows of plain columns, read and changed without ORM objects, which take longer than the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.dml import ReturningInsert

from cissapp.foundation.core.db import WRITTEN, db, session
from cissapp.foundation.core.engines import commits, direct

# A selection may have any number of columns.
Statement = Select[*tuple[Any, ...]]


def read_rows(statement: Statement, values: dict[str, Any]) -> Sequence[Any]:
    """Return rows of plain columns; the statement is built once, so it must not contain a list of values."""
    return direct.ask(_up_to_date().connection(), statement, values)[0]


def look_up(statement: Statement, values: dict[str, Any]) -> Sequence[Any]:
    """Return what one statement finds before a write begins, outside the write's transaction if possible.

    Within `read_before_write`, and on SQLite before any transaction, it runs apart from the write.
    """
    if session().in_transaction() or db.engine.dialect.name != "sqlite":
        return read_rows(statement, values)
    with db.engine.connect() as connection:
        return direct.ask(connection, statement, values)[0]


def write_rows(statement: ClauseElement, values: dict[str, Any]) -> int:
    """Change rows and return how many were changed; objects loaded before keep their old values."""
    current = _up_to_date()
    _rows, changed = direct.ask(current.connection(), statement, values)
    if changed:
        current.info[WRITTEN] = True
    return changed


def write_told(statement: ReturningInsert[str], values: dict[str, Any]) -> int:
    """Add rows on PostgreSQL by a statement that returns its transaction's number; return how many."""
    current = _up_to_date()
    connection = current.connection()
    told, _changed = direct.ask(connection, statement, values)
    if told:
        commits.know_number(connection, told[0][0])
        current.info[WRITTEN] = True
    return len(told)


def _up_to_date() -> Session:
    """Return the session after flushing its changes."""
    current = session()
    if current.new or current.dirty or current.deleted:
        current.flush()
    return current
