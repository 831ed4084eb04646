"""Pairs the tables of the database with the data map, and finds the rows that concern a person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, false, func, or_, select, true

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


def is_of(
    table: Table, places: columns.Table, person: User, former: Collection[str] = ()
) -> ColumnElement[bool]:
    """Match the rows that are about a person: of the account, or of nobody and with its address.

    `former` names addresses that the person had before and nobody else has now.
    """
    owners = [table.c[name] for name in places.at(Place.OWNER)]
    of_nobody = and_(true(), *(owner.is_(None) for owner in owners))
    wanted = {person.email, *former}
    addresses = [func.lower(table.c[name]).in_(wanted) for name in places.at(Place.ADDRESS)]
    of_address = of_nobody & or_(false(), *addresses)
    return or_(false(), *(owner == person.id for owner in owners), of_address)


def is_by(table: Table, places: columns.Table, person: User) -> ColumnElement[bool]:
    """Match the rows that name a person as their subject, writer or author."""
    return or_(false(), *(table.c[name] == person.id for name in places.at(*PEOPLE)))


def is_near(
    table: Table, places: columns.Table, person: User, schools: Collection[UUID]
) -> ColumnElement[bool]:
    """Match the rows where a name is likely to be that person's: of one of their places, or touched by them.

    `schools` are those where the person is or was.
    """
    return or_(is_by(table, places, person), _is_of_place(table, person, schools, STEPS))


def _is_of_place(
    table: Table, person: User, schools: Collection[UUID], steps: int
) -> ColumnElement[bool]:
    """Match the rows that belong to a person's schools or group, across several tables if need be."""
    if table.name == "school":
        if schools:
            return table.c.id.in_(schools)
        return table.c.group_id == person.group_id if person.group_id is not None else false()
    if table.name == "national_group":
        return table.c.id == person.group_id if person.group_id is not None else false()
    if steps == 0:
        return false()
    return or_(
        false(),
        *(
            column.in_(select(key).where(_is_of_place(key.table, person, schools, steps - 1)))
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


def other_of_same_name(person: User, name: str, schools: Collection[UUID]) -> ColumnElement[bool]:
    """Match other accounts of the same places with a name: the name in a text may then be theirs."""
    place = User.school_id.in_(schools) if schools else User.group_id == person.group_id
    return (User.id != person.id) & place & (func.lower(User.name) == func.lower(name))


def person(user_id: UUID) -> User | None:
    """Find a person by id."""
    return db.session.get(User, user_id)
