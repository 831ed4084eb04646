"""Erases a person from all tables: the one module that writes to tables of other rooms (ADR 25).

It knows only the account's own table by name: the data map decides what happens to a column.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, Text, cast, delete, false, func, or_, select, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import after_commit, lock, session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.services import forget_freed
from cissapp.oversee.personal_data.queries import schema
from cissapp.oversee.personal_data.rules import columns
from cissapp.oversee.personal_data.rules.columns import Place, Rows
from cissapp.oversee.personal_data.rules.pseudonyms import (
    WORDS,
    NamedPerson,
    address_of,
    pseudonym_of,
)
from cissapp.people.accounts import queries as accounts_queries
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries.former_names import former_names

CHANGED = (Place.ADDRESS, Place.OWN, Place.TEXT)


def erase(person: User, *, store: FileStore, at: datetime) -> str:
    """Erase a person whose account is closed, and return the pseudonym that replaces them from now on.

    A second run changes only what has named the person since. The exceptions of the data map list the
    decisions, signatures and texts that are kept, and why.
    """
    lock(f"erase:{person.id}")
    session.refresh(person)
    pseudonym = _pseudonym(person)
    traces = _traces(person)
    for table, places in reversed(schema.tables()):
        if places.rows is Rows.DELETED:
            _delete_rows(table, places, person, traces.free, store)
    for table, places in schema.tables():
        if table.name != "person" and places.at(*CHANGED):
            near = _near(table, places, person, traces)
            for one, names in traces.named:
                _replace_texts(table, places, person, one, pseudonym, near=near, names=names)
    accounts.take_out_person(person, name=pseudonym, email=address_of(person.id), at=at)
    record(Event.PERSON_ERASED, person, by=SYSTEM, at=at, school_id=person.school_id)
    session.flush()
    session.expire_all()
    after_commit(forget_freed)
    return pseudonym


class Traces(Struct, frozen=True):
    """What tells a person in rows: names with addresses, former addresses that are free, and schools.

    With each name comes whether it is nobody else's at these schools.
    """

    named: list[tuple[NamedPerson, bool]]
    free: list[str]
    schools: list[UUID]


def _traces(person: User) -> Traces:
    """Collect the person's name, address and school, and the earlier ones."""
    former = former_names(person.id)
    # Somebody else may have the address by now, such as the next head.
    free = [one.email for one in former if accounts_queries.person_by_email(one.email) is None]
    had = [(person.name, person.email)]
    had += [(one.name, one.email if one.email in free else person.email) for one in former]
    places = {person.school_id, *(one.school_id for one in former)}
    schools = [one for one in places if one is not None]
    others = (
        select(User.id).where(schema.other_of_same_name(person, name, schools)) for name, _ in had
    )
    alone = (session.scalar(query.limit(1)) is None for query in others)
    named = [(NamedPerson(*one), is_alone) for one, is_alone in zip(had, alone, strict=True)]
    return Traces(named, free, schools)


def _near(table: Table, places: columns.Table, person: User, traces: Traces) -> ColumnElement[bool]:
    """Match the rows where a name is likely to be that person's."""
    of_person = schema.is_of(table, places, person, traces.free)
    return schema.is_near(table, places, person, traces.schools) | of_person


def _pseudonym(person: User) -> str:
    """Return the person's pseudonym, which no other account has."""
    first = WORDS[person.role]
    others = session.scalars(
        select(User.name).where(User.id != person.id, User.name.startswith(f"{first} "))
    )
    return pseudonym_of(person.id, person.role, set(others))


def _delete_rows(
    table: Table, places: columns.Table, person: User, free: list[str], store: FileStore
) -> None:
    """Delete the rows that are about the person alone, and their files after the commit."""
    of_person = schema.is_of(table, places, person, free)
    for column in table.columns:
        if column.name.endswith("file_key"):
            for key in session.scalars(select(column).where(of_person, column.is_not(None))):
                after_commit(_deleting(store, key))
    session.execute(delete(table).where(of_person))


def _deleting(store: FileStore, key: str) -> Any:
    def delete_file() -> None:
        store.delete(key)

    return delete_file


def _replace_texts(
    table: Table,
    places: columns.Table,
    person: User,
    named: NamedPerson,
    pseudonym: str,
    *,
    near: ColumnElement[bool],
    names: bool,
) -> None:
    """Replace the address in texts with the pseudonym, and in rows near the person the name as well."""
    texts = [table.c[name] for name in places.at(*CHANGED)]
    keys = list(table.primary_key.columns)
    of_address = _holds(texts, named.searched(names=False))
    near = near | of_address
    wanted = of_address | (near & _holds(texts, named.searched(names=True)) if names else false())
    rows = session.execute(select(*keys, *texts, near.label("is_near")).where(wanted)).all()
    addresses = set(places.at(Place.ADDRESS))
    for row in rows:
        values = row._mapping  # noqa: SLF001 -- the public name of the values by column
        changed = {
            column.name: address_of(person.id)
            if column.name in addresses and str(values[column]).lower() == named.email
            else named.replaced(values[column], pseudonym, names=names and values["is_near"])
            for column in texts
            if values[column] is not None
        }
        changed = {name: value for name, value in changed.items() if value != values[table.c[name]]}
        if changed:
            session.execute(
                update(table).where(*(key == values[key] for key in keys)).values(changed)
            )


def _holds(texts: list[Any], searched: list[str]) -> ColumnElement[bool]:
    """Match the rows with a text that contains one of these; SQLite folds the case of Latin letters only."""
    written = [cast(column, Text) for column in texts]
    return or_(
        false(),
        *(one.contains(text, autoescape=True) for one in written for text in searched),
        *(
            func.lower(one).contains(text.lower(), autoescape=True)
            for one in written
            for text in searched
        ),
    )
