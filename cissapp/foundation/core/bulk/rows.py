"""Rows of plain columns, read and changed past the objects of the session, which take longer than the database."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Select

from cissapp.foundation.core.db import WRITTEN, session


def read_rows(statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    """Return rows of plain columns."""
    _send_changes()
    return session.connection().execute(statement, values).all()


def write_rows(statement: Executable, values: dict[str, Any]) -> int:
    """Change rows, and return how many were changed; an object that was loaded before still says what it said."""
    _send_changes()
    counted = {"preserve_rowcount": True}
    answer = session.connection().execute(statement, values, execution_options=counted)
    result = cast("CursorResult[Any]", answer)
    if result.rowcount:
        session.info[WRITTEN] = True
    return result.rowcount


def _send_changes() -> None:
    if session.new or session.dirty or session.deleted:
        session.flush()
