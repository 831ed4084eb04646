"""Plants a row into every table, with the name or the address of a person in every word that may hold it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    Text,
    Uuid,
    inspect,
    text,
)

from cissapp.foundation.core.db import UtcDateTime, db, session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.queries.schema import SAID_BY_NAME, tables
from cissapp.oversee.personal_data.rules import columns
from cissapp.oversee.personal_data.rules.columns import PEOPLE, WORDS, Place
from tests.factories import NOW

NO_PLACE = dict.fromkeys(("region_code", "guest_application_id", "ends_at"))
MANAGER = NO_PLACE | {"group_id": None}
REVIEWER = NO_PLACE | dict.fromkeys(("school_id", "duty", "country_code"))


@dataclass
class Planted:
    """A person with a row in every table; `said` is what stands in each word that may name them."""

    number: int
    role: Role
    name: str
    email: str
    said: str
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Known before their rows: other tables name them without a foreign key.
    ids: dict[str, UUID] = field(
        default_factory=lambda: {name: uuid4() for name in ("person", *SAID_BY_NAME.values())}
    )

    @property
    def person_id(self) -> UUID:
        """The account."""
        return self.ids["person"]


def forget_checks() -> None:
    """Let rows in that no service would write, until the transaction is rolled back; nothing else is loosened."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints=ON"))
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        rows = session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%INSERT%'")
        )
        for (name,) in rows.all():
            if "insert" in name or name == "drill_declared":
                session.execute(text(f"DROP TRIGGER {name}"))
        return
    session.execute(text("SET LOCAL lock_timeout = '60s'"))
    known = inspect(session.connection())
    for table in db.metadatas[None].tables.values():
        for check in known.get_check_constraints(table.name):
            session.execute(text(f'ALTER TABLE {table.name} DROP CONSTRAINT "{check["name"]}"'))


def watch_checks() -> None:
    """Ask for checks again on a connection that is used by other tests."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints=OFF"))


def plant(planted: Planted) -> None:
    """Write one row into every table."""
    postgres = session.get_bind().dialect.name == "postgresql"
    if postgres:
        session.execute(text("SET LOCAL session_replication_role = replica"))
    for table, places in tables():
        planted.keys[table.name] = {}
        values = {column.name: _value(planted, column, places) for column in table.columns}
        if table.name == "person":
            scope = MANAGER if planted.role is Role.SCHOOL_MANAGER else REVIEWER
            values |= scope | {"name": planted.name, "email": planted.email, "role": planted.role}
        session.execute(table.insert().values(values))
        planted.keys[table.name] |= values
    if postgres:
        session.execute(text("SET LOCAL session_replication_role = origin"))


def _value(planted: Planted, column: Column[Any], places: columns.Table) -> Any:
    place = places.columns[column.name]
    if place in PEOPLE and column.table.name != "person":
        return planted.person_id
    if place in PEOPLE and column.name != "id":
        return None
    keys = [one.column for one in column.foreign_keys]
    if keys and keys[0].table is column.table:
        return None
    if keys:
        return planted.keys[keys[0].table.name][keys[0].name]
    if column.name in SAID_BY_NAME:
        return planted.ids[SAID_BY_NAME[column.name]]
    if column.name == "id" and column.table.name in planted.ids:
        return planted.ids[column.table.name]
    return _of_type(planted, column, place)


def _of_type(planted: Planted, column: Column[Any], place: Place) -> Any:
    kind = column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class))
    if place in WORDS and isinstance(kind, JSON):
        return {"said": [planted.said, 1, None]}
    if isinstance(kind, JSON):
        return [planted.number]
    if place is Place.ADDRESS:
        return planted.email
    if place in WORDS:
        return planted.said
    values: list[tuple[type[Any], Any]] = [
        (UtcDateTime, NOW),
        (Date, date(2026, 11, 25)),
        (Uuid, uuid4()),
        (Boolean, False),
        (Integer, 900 + planted.number),
        (Float, 0.5),
        (Text, f"{column.table.name}-{planted.number}"),
    ]
    return next(value for known, value in values if isinstance(kind, known))


def found_in(words: list[str]) -> set[str]:
    """Name every column of the whole database in which one of these words stands."""
    found = set()
    for table, _places in tables():
        for row in session.execute(table.select()).mappings():
            for name, value in row.items():
                if not isinstance(value, datetime) and any(one in str(value) for one in words):
                    found.add(f"{table.name}.{name}")
    return found


def frozen() -> set[str]:
    """Name the columns that the map excepts from an erasure."""
    return {
        f"{table.name}.{name}" for table, places in tables() for name in places.at(Place.FROZEN)
    }
