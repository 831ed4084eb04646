"""Pairs the tables of the database with the data map, and finds the rows that concern a person."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, false, func, or_, select

from cissapp.foundation.core.db import db
from cissapp.oversee.personal_data.rules import columns
from cissapp.oversee.personal_data.rules.columns import PEOPLE, Place
from cissapp.oversee.personal_data.rules.tables import TABLES
from cissapp.people.accounts.models import User

# Columns that name a row of these tables without a foreign key.
SAID_BY_NAME = {
    "school_id": "school",
    "group_id": "national_group",
    "application_id": "application",
}
STEPS = 4


def tables() -> list[tuple[Table, columns.Table]]:
    """List every table with its entry in the map, each after those that its rows refer to."""
    return [(table, TABLES[table.name]) for table in db.metadatas[None].sorted_tables]


def is_of(table: Table, places: columns.Table, person: User) -> ColumnElement[bool]:
    """Match the rows that are about a person: they contain the account's ID or its address."""
    owners = [table.c[name] == person.id for name in places.at(Place.OWNER)]
    addresses = [func.lower(table.c[name]) == person.email for name in places.at(Place.ADDRESS)]
    return or_(false(), *owners, *addresses)


def is_by(table: Table, places: columns.Table, person: User) -> ColumnElement[bool]:
    """Match the rows that name a person as their subject, writer or author."""
    return or_(false(), *(table.c[name] == person.id for name in places.at(*PEOPLE)))


def is_near(table: Table, places: columns.Table, person: User) -> ColumnElement[bool]:
    """Match the rows where a name is likely to be that person's: of their place, or touched by them."""
    return or_(is_by(table, places, person), _is_of_place(table, person, STEPS))


def _is_of_place(table: Table, person: User, steps: int) -> ColumnElement[bool]:
    """Match the rows that belong to a person's school or group, across several tables if need be."""
    if table.name == "school":
        if person.school_id is not None:
            return table.c.id == person.school_id
        return table.c.group_id == person.group_id if person.group_id is not None else false()
    if table.name == "national_group":
        return table.c.id == person.group_id if person.group_id is not None else false()
    if steps == 0:
        return false()
    return or_(
        false(),
        *(
            column.in_(select(key).where(_is_of_place(key.table, person, steps - 1)))
            for column, key in _ways_up(table)
        ),
    )


def _ways_up(table: Table) -> list[tuple[Column[Any], Column[Any]]]:
    """List the columns that refer to another table, with the key there; references to people are left out."""
    known = db.metadatas[None].tables
    ways = []
    for column in table.columns:
        keys = [one.column for one in column.foreign_keys]
        named = SAID_BY_NAME.get(column.name)
        if not keys and named:
            keys = [known[named].c.id]
        ways += [(column, key) for key in keys if key.table.name not in {"person", table.name}]
    return ways


def other_of_same_name(person: User, name: str) -> ColumnElement[bool]:
    """Match other accounts of the same place with a name: the name in a text may then be theirs."""
    place = (
        User.school_id == person.school_id if person.school_id else User.group_id == person.group_id
    )
    return (User.id != person.id) & place & (func.lower(User.name) == func.lower(name))


def person(user_id: UUID) -> User | None:
    """Find a person by id."""
    return db.session.get(User, user_id)
