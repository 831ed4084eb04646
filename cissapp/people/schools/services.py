"""Writes of countries, national groups and schools."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from types import EllipsisType
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools import queries, tallies
from cissapp.people.schools.models import Country, Group, GroupCountry, School, Tally
from cissapp.people.schools.queries import facts_hash
from cissapp.people.schools.rules import Facts, Figure, Progress, Standing

CODE_TAKEN = N_("A school with this code is in the register already.")


def _add_once(row: Country | Group, problem: Problem) -> None:
    """Write a row; refuse, if somebody else was faster with the same name or code."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused(problem) from error


# --- countries and groups --------------------------------------------------------------------


def add_country(code: str, *, regions: list[str], by: Actor, at: datetime) -> Country:
    """Let the programme work in a country; every figure of every region begins at 0."""
    problem = Problem("code", N_("This country was added already."))
    if queries.country(code):
        raise Refused(problem)
    country = Country(code=code, added_at=at, added_by_id=by.id)
    _add_once(country, problem)
    session.add_all(
        Tally(country_code=code, region_code=region_code, figure=figure, count=0)
        for region_code in regions
        for figure in Figure
    )
    record(Event.COUNTRY_ADDED, country, by=by, at=at, regions=len(regions))
    session.flush()
    return country


def create_group(name: str, *, country_codes: list[str], by: Actor, at: datetime) -> Group:
    """Create a national group that covers these countries."""
    _refuse_unknown(country_codes)
    problem = Problem("name", N_("There is a national group with this name already."))
    if any(one.name.casefold() == name.casefold() for one in queries.groups()):
        raise Refused(problem)
    group = Group(name=name, from_on=at.date())
    group.countries = [GroupCountry(country_code=code) for code in sorted(set(country_codes))]
    _add_once(group, problem)
    record(Event.GROUP_CREATED, group, by=by, at=at, name=name, countries=group.country_codes)
    session.flush()
    return group


def cover(group: Group, *, country_codes: list[str], by: Actor, at: datetime) -> None:
    """Let a national group cover exactly these countries; those where it has schools must stay."""
    _refuse_unknown(country_codes)
    wanted, covered = set(country_codes), set(group.country_codes)
    if wanted == covered:
        return
    left = sorted(queries.countries_with_schools(group.id) - wanted)
    if left:
        message = N_("The group has schools in %(countries)s. They must stay covered.")
        raise Refused(Problem("country_codes", message, {"countries": ", ".join(left)}))
    for row in group.countries:
        if row.country_code not in wanted:
            session.delete(row)
    session.add_all(
        GroupCountry(group_id=group.id, country_code=code) for code in sorted(wanted - covered)
    )
    session.flush()
    session.refresh(group, ["countries"])
    record(Event.GROUP_CHANGED, group, by=by, at=at, countries=group.country_codes)
    session.flush()


def _refuse_unknown(country_codes: list[str]) -> None:
    if not country_codes:
        raise Refused(Problem("country_codes", N_("Choose at least one country.")))
    known = {country.code for country in queries.countries()}
    unknown = sorted(set(country_codes) - known)
    if unknown:
        message = N_("Add these countries to the programme first: %(countries)s.")
        raise Refused(Problem("country_codes", message, {"countries": ", ".join(unknown)}))


# --- schools ---------------------------------------------------------------------------------


def register(facts: Facts, *, group: Group, by: Actor, at: datetime) -> School:
    """Put a school into the register, and count it."""
    if queries.school_by_code(facts.country_code, facts.code):
        raise Refused(Problem("code", CODE_TAKEN))
    try:
        with session.begin_nested():
            school = enter(facts, group=group, by=by, at=at)
    except IntegrityError as error:
        raise Refused(Problem("code", CODE_TAKEN)) from error
    count_new([tallies.keys_of(school)])
    return school


def enter(facts: Facts, *, group: Group, by: Actor, at: datetime) -> School:
    """Put a school of a list into the register.

    Who calls it looks for the code before, opens a savepoint, and calls `count_new` in the same unit
    of work.
    """
    if facts.country_code not in group.country_codes:
        raise Refused(
            Problem("country_code", N_("The national group does not cover this country."))
        )
    _give_way(facts.country_code, facts.code)
    school = School(
        **vars(facts),
        group_id=group.id,
        registered_at=at,
        registered_by_id=by.id,
        progress=Progress.REGISTERED,
        standing=Standing.NONE,
    )
    session.add(school)
    session.flush()
    said = {"code": facts.code, "sha256": facts_hash(school)}
    record(Event.SCHOOL_REGISTERED, school, by=by, at=at, school_id=school.id, **said)
    session.flush()
    return school


def add_invented_school(
    facts: Facts, *, group: Group, only_for_id: UUID, registered_at: datetime
) -> School:
    """Add an invented school for calibration: only one person finds it, and nothing counts it."""
    school = School(
        **vars(facts),
        group_id=group.id,
        registered_at=registered_at,
        progress=Progress.TRAINED,
        standing=Standing.NONE,
        only_for_id=only_for_id,
    )
    session.add(school)
    session.flush()
    return school


def _give_way(country_code: str, code: str) -> None:
    """Take a code from an invented school of a calibration, which must not stand in a real one's way."""
    session.execute(
        update(School)
        .where(
            School.country_code == country_code,
            School.code == code,
            School.only_for_id.is_not(None),
        )
        .values(code=f"{code}-{secrets.token_hex(3)}")
    )


def count_new(keys: Iterable[frozenset[tallies.Key]]) -> None:
    """Count schools that were entered, each by the rows that `tallies.keys_of` gives for it."""
    tallies.move([], [key for one in keys for key in one])


def change(school: School, facts: Facts, *, by: Actor, at: datetime) -> None:
    """Change a school's facts; one that moves to another region is counted there, its country stays."""
    new = {key: value for key, value in vars(facts).items() if key != "country_code"}
    changed = sorted(key for key, value in new.items() if getattr(school, key) != value)
    if not changed:
        return
    if "code" in changed and queries.school_by_code(school.country_code, facts.code):
        raise Refused(Problem("code", CODE_TAKEN))
    counted = tallies.keys_of(school)
    if "code" in changed:
        _give_way(school.country_code, facts.code)
    for key in changed:
        setattr(school, key, new[key])
    _write_facts(school)
    tallies.move(counted, tallies.keys_of(school))
    said = {"changed": changed, "sha256": facts_hash(school)}
    record(Event.SCHOOL_CHANGED, school, by=by, at=at, school_id=school.id, **said)
    session.flush()


def _write_facts(school: School) -> None:
    try:
        with session.begin_nested():
            session.flush([school])
    except IntegrityError as error:
        raise Refused(Problem("code", CODE_TAKEN)) from error


def place(
    school: School,
    *,
    progress: Progress | None = None,
    standing: Standing | None = None,
    level: int | EllipsisType | None = ...,
    valid_until_on: date | EllipsisType | None = ...,
) -> None:
    """Say where a school stands now; what is not given stays. The only writer of these columns.

    Who asks for it records why. The school is locked by its version until the change is kept, and the
    tallies follow in the same unit of work.
    """
    counted = tallies.keys_of(school)
    if progress is not None:
        school.progress = progress
    if standing is not None:
        school.standing = standing
    if level is not ...:
        school.level = level
    if valid_until_on is not ...:
        school.valid_until_on = valid_until_on
    tallies.move(counted, tallies.keys_of(school))


def repair_tallies(at: datetime) -> int:
    """Count all schools anew and correct the tallies; give the number of corrected rows.

    Call it in a unit of work of its own: on PostgreSQL every other change of the tallies waits for it.
    """
    return tallies.repair(at)
