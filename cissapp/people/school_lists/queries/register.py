"""Reads of the schools and people in the register that a list names, many at once.

Plain values, since the session would check loaded rows for changes at every flush.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import without_index
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.school_lists.rules.sounds import neighbours, town_of
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.rules import RegisterFacts

T = TypeVar("T")

AT_ONCE = 500
# Each is a range of an index.
TOWNS_AT_ONCE = 100


class RegisteredSchool(Struct, frozen=True):
    """A school of the register, as far as a list needs it; `merged` if it was merged into another."""

    id: UUID
    group_id: UUID
    facts: RegisterFacts
    merged: bool = False
    # The code that it had before the list gave it another one.
    code_before: str = ""


class HeardSchool(Struct, frozen=True):
    """A school as it sounds: what it is called and where it is, and the school that it is now."""

    sound: str
    name: str
    locality: str
    region_code: str
    now: RegisteredSchool


class PastInvitation(Struct, frozen=True):
    """An earlier invitation of an address: to which school, and whether it is pending."""

    school_id: UUID | None
    waits: bool


class KnownPerson(Struct, frozen=True):
    """The school of an account, and whether it was closed: a list invites nobody again who has left."""

    school_id: UUID | None
    has_left: bool


# A school that was merged stands here as the one that it is now.
NOW = aliased(School)
NOW_AT = [
    func.coalesce(NOW.id, School.id),
    func.coalesce(NOW.group_id, School.group_id),
    School.merged_into_id,
    *(
        func.coalesce(getattr(NOW, name), getattr(School, name))
        for name in RegisterFacts.__struct_fields__
    ),
]


def _as_now(values: Sequence[Any]) -> RegisteredSchool:
    school_id, group_id, merged, *facts = values
    return RegisteredSchool(school_id, group_id, RegisterFacts(*facts), bool(merged))


def _there(*columns: Any) -> Select[Any]:
    return (
        select(*columns, *NOW_AT)
        .outerjoin(NOW, NOW.id == School.merged_into_id)
        .where(REGISTERED | School.merged_into_id.is_not(None))
    )


def schools_by_code(codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RegisteredSchool]:
    """Map pairs of country and code to schools, in batches; a merged school maps to the one it is now."""
    found = {}
    for some in _batches(codes):
        named = tuple_(School.country_code, School.code).in_(some)
        rows = session.execute(_there(School.country_code, School.code).where(named))
        for country_code, code, *values in rows:
            found[country_code, code] = _as_now(values)
    return found


def schools_by_sound(
    sounds: Iterable[str], country_codes: Iterable[str], before: datetime
) -> dict[tuple[str, str], list[HeardSchool]]:
    """Map countries and sounds to the schools whose place and name sound so, the longest registered first."""
    found: dict[tuple[str, str], list[HeardSchool]] = {}
    countries = list(country_codes)
    for some in _batches(sounds):
        for country_code, heard in _heard(School.heard_key.in_(some), countries, before):
            found.setdefault((country_code, heard.sound), []).append(heard)
    return found


def schools_of_towns(
    towns: Iterable[str], country_codes: Iterable[str], before: datetime
) -> dict[tuple[str, str], list[HeardSchool]]:
    """Map countries and the sounds of towns to their schools, the longest registered first."""
    found: dict[tuple[str, str], list[HeardSchool]] = {}
    countries = list(country_codes)
    for some in _batches(towns, TOWNS_AT_ONCE):
        ranges = [
            and_(School.heard_key >= first, School.heard_key < end)
            for first, end in map(neighbours, some)
        ]
        for country_code, heard in _heard(or_(*ranges), countries, before):
            found.setdefault((country_code, town_of(heard.sound)), []).append(heard)
    return found


def _heard(
    alike: ColumnElement[bool], country_codes: list[str], before: datetime
) -> Iterator[tuple[str, HeardSchool]]:
    """Read the schools whose sounds meet a condition with their countries, the longest registered first."""
    own = (School.country_code, School.heard_key, School.name, School.locality, School.region_code)
    query = _there(*own).where(
        alike,
        # Without statistics SQLite would assume that a country has few schools.
        without_index(School.country_code).in_(country_codes),
        School.registered_at <= before,
    )
    for country_code, sound, name, locality, region_code, *values in session.execute(
        query.order_by(School.registered_at, School.id)
    ):
        yield country_code, HeardSchool(sound, name, locality, region_code, _as_now(values))


def schools_by_id(school_ids: Iterable[UUID]) -> dict[UUID, School]:
    """Load schools, many at once."""
    query = select(School).where(School.id.in_(list(school_ids)))
    return {school.id: school for school in session.scalars(query)}


def people_by_email(emails: Iterable[str]) -> dict[str, KnownPerson]:
    """Map the addresses of people to what a list has to know of them."""
    found: dict[str, KnownPerson] = {}
    left = User.deactivated_at.is_not(None) & (User.role == Role.SCHOOL_MANAGER)
    for some in _batches(emails):
        query = select(User.email, User.school_id, left).where(User.email.in_(some))
        for email, school_id, has_left in session.execute(query):
            found[email] = KnownPerson(school_id, has_left=bool(has_left))
    return found


def invited_by_email(emails: Iterable[str]) -> dict[str, list[PastInvitation]]:
    """List the invitations that these addresses ever got."""
    found: dict[str, list[PastInvitation]] = {}
    waits = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    for some in _batches(emails):
        query = select(Invitation.email, Invitation.school_id, waits)
        for email, school_id, waiting in session.execute(query.where(Invitation.email.in_(some))):
            found.setdefault(email, []).append(PastInvitation(school_id, waits=bool(waiting)))
    return found


def invitations_by_id(invitation_ids: Iterable[UUID]) -> dict[UUID, Invitation]:
    """Load invitations, many at once; none of them can be accepted until commit."""
    query = select(Invitation).where(Invitation.id.in_(list(invitation_ids)))
    query = query.with_for_update(key_share=True)
    return {one.id: one for one in session.scalars(query)}


def _batches(values: Iterable[T], most: int = AT_ONCE) -> Iterable[list[T]]:
    listed = list(dict.fromkeys(values))
    return (listed[start : start + most] for start in range(0, len(listed), most))
