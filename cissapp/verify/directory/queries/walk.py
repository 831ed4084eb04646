"""Reads of the list for programs: a walk through it by the ids of its schools, and one school by its number."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.verify.directory.queries import (
    MANY_IN_FORCE,
    CertifiedSchool,
    in_force,
    number_for_sqlite,
    schools_in_force,
)
from cissapp.verify.directory.queries.parts import ListDay
from cissapp.verify.directory.rules import Search


class RegisterKey(Struct, frozen=True):
    """Where a walk through the list continues, how many schools it returns, and since when they changed."""

    after: UUID | None = None
    limit: int = 100
    changed_since: datetime | None = None


class WalkedSchool(Struct, frozen=True):
    """A certified school with its place in the walk, and when its certificate last changed, or replaced another one."""

    school: CertifiedSchool
    school_id: UUID
    changed_at: datetime


def walk_register(search: Search, day: ListDay, key: RegisterKey) -> list[WalkedSchool]:
    """Return the schools after a key whose certificate is in force, in an order that never changes.

    Each is therefore seen once, whatever is added or renamed between two parts of the walk.
    """
    found: list[WalkedSchool] = []
    after, many = key.after, (number_for_sqlite(search) or 0) > MANY_IN_FORCE
    query = in_force(search, day).add_columns(School.id, _CHANGED_AT).order_by(School.id)
    if key.changed_since:
        query = query.where(key.changed_since <= _CHANGED_AT)
    keys = schools_in_force(search, day, are_many=many).where(*_changed(key.changed_since))
    keys = keys.order_by(School.id).limit(key.limit)
    # The keys first, by their index; a school without a published certificate would be missing in the second step.
    while len(found) < key.limit:
        ids = session.scalars(keys.where(School.id > after) if after else keys).all()
        found += _walked(query.where(School.id.in_(ids)))
        if len(ids) < key.limit:
            break
        after = ids[-1]
    return found[: key.limit]


def _changed(since: datetime | None) -> Iterator[ColumnElement[bool]]:
    """Narrow the schools to those whose certificates have entries since a time, which are few."""
    if since:
        entries = select(RegisterEntry.certificate_id).where(RegisterEntry.at >= since)
        of_certificates = select(Certificate.school_id).where(Certificate.id.in_(entries))
        yield School.id.in_(of_certificates)


def by_register_number(country_code: str, number: str, day: ListDay) -> WalkedSchool | None:
    """Find a school of the list by its number in the state's register; None, if it is not in the list."""
    query = in_force(Search(country_code=country_code), day).where(School.code == number)
    return next(iter(_walked(query.add_columns(School.id, _CHANGED_AT))), None)


# A renewal is entered before its first day. That it is now in use is entered with the one that it replaces.
_REPLACED = aliased(Certificate)
_CHANGED_AT = (
    select(func.max(RegisterEntry.at))
    .join(_REPLACED, _REPLACED.id == RegisterEntry.certificate_id)
    .where(
        _REPLACED.school_id == Certificate.school_id,
        (_REPLACED.id == Certificate.id) | (RegisterEntry.event == RegisterEvent.REPLACED),
    )
    .correlate(Certificate)
    .scalar_subquery()
)


def _walked(query: Statement) -> list[WalkedSchool]:
    return [
        WalkedSchool(CertifiedSchool(*row[:-2]), row[-2], row[-1]) for row in session.execute(query)
    ]
