"""Everything held about a person, by the data map: their rows, and in others' rows only what they did.

What others wrote to the person is not included; it can be read on the pages of the case.
"""

import json
from typing import Any

from msgspec import Struct
from sqlalchemy import JSON, Column, Table, Text, cast, select

from cissapp.foundation.core.db import session
from cissapp.oversee.personal_data.queries import schema
from cissapp.oversee.personal_data.rules import columns
from cissapp.oversee.personal_data.rules.columns import PEOPLE, Place, Purpose
from cissapp.people.accounts.models import User

YOU = "you"


class HeldRows(Struct, frozen=True):
    """What one table holds about a person."""

    table: str
    purpose: Purpose
    basis: str
    keep: str
    rows: list[dict[str, Any]]


def held_of(person: User) -> list[HeldRows]:
    """List what each table holds about a person, in the order of the map; empty tables are left out."""
    found = []
    for table, places in schema.tables():
        if places.is_personal:
            rows = _rows(table, places, person)
            if rows:
                found.append(
                    HeldRows(
                        table.name, places.purpose, places.basis.value, places.keep.value, rows
                    )
                )
    return found


def _rows(table: Table, places: columns.Table, person: User) -> list[dict[str, Any]]:
    of_person = schema.is_of(table, places, person)
    shown = [_shown(column) for column in table.columns]
    query = (
        select(*shown, of_person.label("is_of_person"))
        .where(of_person | schema.is_by(table, places, person))
        .order_by(*table.primary_key.columns)
    )
    return [
        _row(
            table,
            places,
            person,
            dict(zip([*(column.name for column in table.columns), ""], row, strict=True)),
        )
        for row in session.execute(query)
    ]


def _row(
    table: Table, places: columns.Table, person: User, values: dict[str, Any]
) -> dict[str, Any]:
    """Return the person's part of a row: all of their own, but only their words or acts in another's."""
    is_own = bool(values[""])
    wrote = any(values[name] == person.id for name in places.at(Place.WRITER))
    shown = {Place.WORK}
    if is_own or wrote:
        shown |= {Place.PLAIN, Place.TEXT, Place.FROZEN}
    if is_own:
        shown |= {Place.ADDRESS, Place.OWN}
    people = {name: YOU for name in places.at(*PEOPLE) if values[name] == person.id}
    facts = {
        name: _plain(table.c[name], values[name])
        for name in places.at(*shown)
        if values[name] is not None
    }
    return {name: (people | facts)[name] for name in places.columns if name in people | facts}


def _shown(column: Column[Any]) -> Any:
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def _plain(column: Column[Any], value: Any) -> Any:
    """Convert a value to one that JSON can represent."""
    if isinstance(column.type, JSON):
        return json.loads(value)
    if isinstance(value, bool | int | float | str) and type(value) in {bool, int, float, str}:
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)
