"""Writes of countries and national groups."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import batches_of
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools import queries
from cissapp.people.schools.models import GroupCountry, NationalGroup, ProgrammeCountry, Tally
from cissapp.people.schools.rules import Figure

# A country can have 40,000 places, and each has a tally for each figure.
REGIONS_AT_ONCE = 300


def _add_once(row: ProgrammeCountry | NationalGroup, problem: Problem) -> None:
    """Insert a row; raise `Refused` if somebody else has just taken the name or code."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused(problem) from error


def add_country(code: str, *, regions: list[str], by: Actor, at: datetime) -> ProgrammeCountry:
    """Add a country to the programme; every figure of every region starts at 0."""
    problem = Problem("code", N_("This country has already been added."))
    if queries.country(code):
        raise Refused(problem)
    country = ProgrammeCountry(code=code, added_at=at, added_by_id=by.id)
    _add_once(country, problem)
    for some in batches_of(regions, REGIONS_AT_ONCE):
        of_some = [
            {"country_code": code, "region_code": region_code, "figure": figure, "count": 0}
            for region_code in some
            for figure in Figure
        ]
        session.execute(insert(Tally), of_some)
    record(Event.COUNTRY_ADDED, country, by=by, at=at, regions=len(regions))
    session.flush()
    return country


def create_group(name: str, *, country_codes: list[str], by: Actor, at: datetime) -> NationalGroup:
    """Create a national group that covers these countries."""
    _refuse_unknown(country_codes)
    problem = Problem("name", N_("There is already a national group with this name."))
    if any(one.name.casefold() == name.casefold() for one in queries.groups()):
        raise Refused(problem)
    group = NationalGroup(name=name, from_on=at.date())
    group.countries = [GroupCountry(country_code=code) for code in sorted(set(country_codes))]
    _add_once(group, problem)
    record(Event.GROUP_CREATED, group, by=by, at=at, name=name, countries=group.country_codes)
    session.flush()
    return group


def cover_countries(
    group: NationalGroup, *, country_codes: list[str], by: Actor, at: datetime
) -> None:
    """Set the countries that a national group covers; those where it has schools must stay."""
    _refuse_unknown(country_codes)
    wanted, covered = set(country_codes), set(group.country_codes)
    if wanted == covered:
        return
    left = sorted(queries.countries_with_schools(group.id) - wanted)
    if left:
        message = N_(
            "The group has schools in %(countries)s, so it must still cover these countries."
        )
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
