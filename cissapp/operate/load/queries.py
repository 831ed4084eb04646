"""Reads whether a database may be filled, and the rows that a pattern school consists of."""

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Table,
    Text,
    Uuid,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.services import entry_text
from cissapp.foundation.core.db import Base, canonical, session
from cissapp.foundation.core.errors import counted
from cissapp.operate.load.rules.codes import FORMS
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School

# Tables that are not copied: outgoing messages, access, and what is derived from the register afterwards.
LEFT_OUT = frozenset(
    {
        "audit_entry",
        "audit_seal",
        "checkpoint",
        "cosignature",
        "credential",
        "log_leaf",
        "log_node",
        "mail",
        "status_list",
        "status_snapshot",
        "tally",
        "user_session",
    }
)
# Real addresses cannot exist there (RFC 2606), so anyone with one is invented.
INVENTED = "%.example"
OWN_CODES = ("LOAD-%", "DEMO-%")
# Their numbers are above those of the demonstration.
PATTERN_CODES = "DEMO-%-9___"

Row = dict[str, Any]


def foreign_rows() -> Iterator[str]:
    """List what in the database was not made by this command; if there is anything, nothing is written."""
    people = select(func.count()).select_from(User)
    strangers = session.scalar(people.where(User.email.not_like(INVENTED)))
    if strangers:
        yield f"{counted(strangers, 'person', 'people')} with real email addresses"
    foreign = ~or_(*map(School.code.like, OWN_CODES)) | School.only_for_id.is_not(None)
    schools = session.scalar(select(func.count()).select_from(School).where(foreign))
    if schools:
        yield f"{counted(schools, 'school')} not made by this command"
    known = exists().where(User.id == AuditEntry.actor_id)
    stranger = select(AuditEntry.id).where(AuditEntry.actor_id.is_not(None), ~known)
    if not session.scalar(people):
        stranger = select(AuditEntry.id)
    if session.scalar(stranger.limit(1)):
        yield "an audit trail of other actions"


def loaded_schools() -> int:
    """Count the schools that this command has made so far."""
    made = select(func.count()).select_from(School).where(School.code.like(OWN_CODES[0]))
    return session.scalar(made) or 0


def country_of_patterns() -> str | None:
    """Return the country whose pattern schools an earlier load has made, None if there are none."""
    made = select(School.country_code).where(School.code.like(PATTERN_CODES))
    return session.scalar(made.limit(1))


def codes_in_use() -> set[str]:
    """Return the codes that people type, which are unique in the country."""
    return {
        code
        for name in FORMS
        for code in session.scalars(select(Base.metadata.tables[name].c.code))
    }


# --- the rows of a pattern ---------------------------------------------------------------------


def rows_of_school(school_id: UUID) -> tuple[dict[Table, list[Row]], set[UUID]]:
    """Return all rows of a school, as the database stores them, and the ids that are its own.

    A row is the school's if any of its ids is; tables are ordered so that rows come after those they name.
    """
    own, found = {school_id}, {}
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        rows = _rows(table, own)
        if rows:
            found[table] = rows
            own |= _ids(table, rows)
    return found, own


def _ids(table: Table, rows: list[Row]) -> set[UUID]:
    column = table.c.get("id")
    is_own = column is not None and isinstance(column.type, Uuid)
    return {UUID(row["id"]) for row in rows} if is_own else set()


def _rows(table: Table, own: Collection[UUID]) -> list[Row]:
    """List the rows of a table that name any of these ids, in the order of their keys."""
    ids = [column for column in table.c if isinstance(column.type, Uuid)]
    return _written_rows(table, or_(*(column.in_(own) for column in ids))) if ids else []


def _written_rows(table: Table, chosen: ColumnElement[bool]) -> list[Row]:
    query = select(*map(_written, table.c)).select_from(table).where(chosen)
    rows = session.execute(query.order_by(*table.primary_key.columns))
    return [
        {column.name: _normal(column, value) for column, value in zip(table.c, row, strict=True)}
        for row in rows
    ]


def _written(column: Column[Any]) -> Any:
    """Return a column as the database writes it, past its type."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(column, Text)
    return literal_column(f'"{column.table.name}"."{column.name}"')


def _normal(column: Column[Any], value: Any) -> Any:
    """Return a value as it is copied: JSON in the canonical form that is hashed."""
    if isinstance(column.type, JSON) and isinstance(value, str):
        return canonical(json.loads(value))
    return value


def trail_of_school(school_id: UUID, own: Collection[UUID]) -> list[tuple[Row, str]]:
    """List the audit-trail entries about a school and what it owns, oldest first, each with its hashed text."""
    keys = [str(key) for key in own]
    about = or_(AuditEntry.school_id == school_id, AuditEntry.subject_id.in_(keys))
    entries = session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id))
    rows = _written_rows(Base.metadata.tables["audit_entry"], about)
    return list(zip(rows, map(entry_text, entries), strict=True))
