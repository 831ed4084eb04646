"""Reads of countries, national groups, schools and tallies."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.audit.queries import BATCH, faults, recorded
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.core.pages import (
    KeyPage,
    PagePlace,
    is_longer,
    key_page,
    start_at,
    stream_rows,
)
from cissapp.foundation.core.unicode import folded, natural_key
from cissapp.people.schools.models import (
    GroupCountry,
    NationalGroup,
    ProgrammeCountry,
    School,
    Tally,
)
from cissapp.people.schools.queries import rare_words
from cissapp.people.schools.queries.history import (
    STATUS,
    counts_at,
    first_statuses,
    newest_changes,
    newest_statuses,
)
from cissapp.people.schools.queries.letterheads import (
    group_of_school,
    letterhead,
    logo_in_use,
)
from cissapp.people.schools.queries.standings import expiring_until, standing_by_date
from cissapp.people.schools.rules import (
    Figure,
    Progress,
    like_patterns,
    search_words,
    spellings,
)

__all__ = [
    "STATUS",
    "counts_at",
    "first_statuses",
    "group_of_school",
    "letterhead",
    "logo_in_use",
    "newest_changes",
    "newest_statuses",
]
PAGE_ROWS = 50
# Invented schools of a calibration are not in the register.
REGISTERED = School.only_for_id.is_(None)


class OwnGroup(Struct, frozen=True):
    """A national group as the object of a permission check."""

    group: NationalGroup

    @property
    def group_id(self) -> UUID:
        """The group's id, under the name that the scopes ask for."""
        return self.group.id


class CoveredCountry(Struct, frozen=True):
    """A country as the object of a permission check: it belongs to the group that covers it."""

    country_code: str
    group_id: UUID | None


class SchoolSearch(Struct, frozen=True):
    """What a list of schools is narrowed to."""

    search: str = ""
    region_code: str = ""
    progress: Progress | None = None


def school(school_id: UUID) -> School | None:
    """Find a school."""
    return session.get(School, school_id)


def own_school(actor: Actor) -> School | None:
    """Find the school of a person."""
    return session.get(School, actor.school_id) if actor.school_id else None


def own_group(actor: Actor) -> OwnGroup | None:
    """Find the national group of a person."""
    found = session.get(NationalGroup, actor.group_id) if actor.group_id else None
    return OwnGroup(found) if found else None


def group_to_edit(group_id: UUID) -> OwnGroup | None:
    """Find a national group, as the object of a permission check."""
    found = session.get(NationalGroup, group_id)
    return OwnGroup(found) if found else None


def covered_country(country_code: str, actor: Actor) -> CoveredCountry:
    """Return a country with the person's group, if that covers it."""
    own = own_group(actor)
    covers = own is not None and country_code in own.group.country_codes
    return CoveredCountry(country_code, own.group_id if own and covers else None)


def school_by_code(country_code: str, code: str) -> School | None:
    """Find a school by its number in the register of its country."""
    return session.scalar(
        select(School).where(School.country_code == country_code, School.code == code, REGISTERED)
    )


BY_NAME = (School.name_key, School.id)


def schools_page(
    actor: Actor, wanted: SchoolSearch, place: PagePlace | None = None
) -> KeyPage[School]:
    """List the schools that a person may see, by name, from a place on, or from the start if it is gone."""
    seen = visible(select(School).where(REGISTERED), School, actor, Permission.SCHOOL_READ)
    return key_page(
        _placed(seen, wanted),
        BY_NAME,
        size=PAGE_ROWS,
        fetch=session.scalars,
        name=lambda one: one.id,
        start=start_at(BY_NAME, place),
        search=_named(wanted),
        among=_in_region(seen, wanted),
    )


def schools_for_file(actor: Actor, wanted: SchoolSearch) -> Iterator[Sequence[Row[Any]]]:
    """Yield in batches all schools that match the search of the page, in the same order.

    Code, name, locality, country, region, language, pupils, progress, standing, level, last day, registered.
    """
    today = clock.today()
    seen = visible(select(School).where(REGISTERED), School, actor, Permission.SCHOOL_READ)
    query = _narrowed(seen, wanted).order_by(School.name_key, School.id)
    columns: list[Any] = [
        School.code,
        School.name,
        School.locality,
        School.country_code,
        School.region_code,
        School.language,
        School.pupils,
        # As they are stored: a million rows need not become a million enums first.
        type_coerce(School.progress, Text),
        standing_by_date(today, expiring_until(today)),
        School.level,
        type_coerce(School.valid_until_on, Text),
        _day_of(School.registered_at),
    ]
    return stream_rows(query.with_only_columns(*columns))


def are_more_schools(actor: Actor, wanted: SchoolSearch, most: int) -> bool:
    """Return whether more schools match the search of the page than a number."""
    if not is_register_longer(most):
        return False
    seen = visible(select(School.id).where(REGISTERED), School, actor, Permission.SCHOOL_READ)
    return is_longer(_narrowed(seen, wanted), most)


def is_register_longer(most: int) -> bool:
    """Return whether the register has more schools than a number, by its tallies."""
    schools = select(func.sum(Tally.count)).where(Tally.figure == Figure.SCHOOLS)
    return (session.scalar(schools) or 0) > most


def _day_of(moment: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    """Return the UTC date of a timestamp as text, as the database writes it."""
    postgres = session.get_bind().dialect.name == "postgresql"
    utc = func.timezone("UTC", moment) if postgres else moment
    return type_coerce(func.date(utc), Text)


def _narrowed(query: Select[Any], wanted: SchoolSearch) -> Select[Any]:
    return _placed(query, wanted).where(*_named(wanted))


def _named(wanted: SchoolSearch) -> list[ColumnElement[bool]]:
    return [holds(word) for word in search_words(wanted.search)]


def _placed(query: Select[Any], wanted: SchoolSearch) -> Select[Any]:
    query = _in_region(query, wanted)
    return query.where(School.progress == wanted.progress) if wanted.progress else query


def _in_region(query: Select[Any], wanted: SchoolSearch) -> Select[Any]:
    if wanted.region_code:
        # The country leads the index of the regions.
        query = query.where(
            School.country_code == wanted.region_code[:2],
            in_region(School.region_code, wanted.region_code),
        )
    return query


def holds(word: str, of: Any = School) -> ColumnElement[bool]:
    """Return the condition that a school matches a word: its name or place in any script, or its code.

    `of` are the columns of a school, or of a query that has them.
    """
    # The spellings of a word in other letters are in small and in capital letters; to find a code that mixes the two
    # takes three times as long. SQLite ignores the case of Latin letters only.
    alike = of.code.ilike if word.isascii() else of.code.like
    coded = (alike(pattern, escape="\\") for pattern in like_patterns(word))
    plain = folded(word)
    if plain:
        found = or_(of.search_text.contains(plain, autoescape=True), *coded)
        few = rare_words.among_found(of.id, plain, spellings(word))
        return found if few is None else and_(few, found)
    # A word of punctuation alone does not occur in the search text.
    named = (
        column.ilike(pattern, escape="\\")
        for column in (of.name, of.locality)
        for pattern in like_patterns(word)
    )
    return or_(*named, *coded)


def countries() -> list[ProgrammeCountry]:
    """List the countries that the programme works in."""
    return list(session.scalars(select(ProgrammeCountry).order_by(ProgrammeCountry.code)))


def country(code: str) -> ProgrammeCountry | None:
    """Find a country of the programme."""
    return session.get(ProgrammeCountry, code)


def groups() -> list[NationalGroup]:
    """List the national groups by name."""
    return sorted(session.scalars(select(NationalGroup)), key=_by_name)


def group(group_id: UUID) -> NationalGroup | None:
    """Find a national group."""
    return session.get(NationalGroup, group_id)


def groups_of_country(country_code: str) -> list[NationalGroup]:
    """List the open national groups that cover a country."""
    covering = select(GroupCountry.group_id).where(GroupCountry.country_code == country_code)
    query = select(NationalGroup).where(
        NationalGroup.id.in_(covering), NationalGroup.to_on.is_(None)
    )
    return sorted(session.scalars(query), key=_by_name)


def _by_name(group: NationalGroup) -> tuple[str, str]:
    """Return the key by which groups are sorted in any database: there are few."""
    return natural_key(group.name), group.id.hex


def countries_with_schools(group_id: UUID) -> set[str]:
    """List the countries in which a national group has schools."""
    query = select(School.country_code).where(School.group_id == group_id, REGISTERED).distinct()
    return set(session.scalars(query))


# --- changes that bypass the audit trail --------------------------------------------------------


def facts_hash(school: School) -> str:
    """Return the hash of what identifies a school; the audit trail stores it, to reveal other changes."""
    facts = [school.country_code, school.region_code, school.code, school.name, school.locality]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def altered_schools() -> Iterator[str]:
    """Yield each school whose facts differ from the audit trail; invented schools have no trail."""
    query = select(School).where(School.only_for_id.is_(None)).order_by(School.id)
    rows = (
        (one.id, one.registered_at, {"sha256": facts_hash(one)})
        for one in session.scalars(query).yield_per(BATCH)
    )
    return faults("school", rows, recorded(Event.SCHOOL_REGISTERED, Event.SCHOOL_CHANGED))
