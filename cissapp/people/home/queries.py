"""Reads for the pages for anyone, and for the monitoring of the service."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.background import queries as background
from cissapp.foundation.core.db import session
from cissapp.foundation.core.installation.figures import Measure, of_installation
from cissapp.people.notices import queries as notices
from cissapp.people.schools import queries as schools
from cissapp.people.schools.queries import tallies
from cissapp.people.schools.rules import Figure

CERTIFIED = (Figure.LEVEL_1, Figure.LEVEL_2, Figure.LEVEL_3)


class CountryFigures(Struct, frozen=True):
    """How many schools of a country hold a certificate in force."""

    country_code: str
    certified: int


def figures_by_country() -> list[CountryFigures] | None:
    """List the public figures of each country with a school, from the stored tallies.

    Only certified schools, which anybody can count in the public list: how many are on the way would tell what
    the figures of regions hide. None if the database is unavailable: the page for visitors does without them.
    """
    try:
        totals = tallies.totals_by_country()
    except DBAPIError:
        session.rollback()
        return None
    return [
        CountryFigures(code, sum(found[one] for one in CERTIFIED))
        for code, found in sorted(totals.items())
        if found[Figure.SCHOOLS]
    ]


def group_names_by_country() -> dict[str, list[str]]:
    """Name the open national groups of each country that has one."""
    found: dict[str, list[str]] = {}
    for group in schools.groups():
        for code in group.country_codes if group.to_on is None else ():
            found.setdefault(code, []).append(group.name)
    return found


STANDINGS = (
    *CERTIFIED,
    Figure.EXPIRING,
    Figure.EXPIRED,
    Figure.SUSPENDED,
    Figure.WITHDRAWN,
)


def measures(at: datetime) -> Iterator[Measure]:
    """List the figures for monitoring; without the database, those that do not need it."""
    yield from of_installation()
    try:
        totals = tallies.totals_by_country().values()
        count, oldest = notices.waiting()
        waiting, late, given_up = background.counts(at)
    except DBAPIError:
        session.rollback()
        return
    for standing in STANDINGS:
        number = float(sum(found[standing] for found in totals))
        of = {"standing": standing.value}
        yield Measure("ciss_schools", "Schools by the standing of their certificate.", number, of)
    age = (at - oldest).total_seconds() if oldest else 0.0
    yield Measure("ciss_tasks_waiting", "Tasks of the background that wait.", float(waiting))
    about = "Tasks that should have been begun ten minutes ago: nobody does them."
    yield Measure("ciss_tasks_late", about, float(late))
    about = "Tasks that were tried in vain for days: see /admin/work."
    yield Measure("ciss_tasks_given_up", about, float(given_up))
    yield Measure(
        "ciss_mail_waiting",
        f"Mails that wait to be sent, counted up to {notices.COUNTED_AT_MOST}.",
        float(count),
    )
    yield Measure("ciss_mail_oldest_seconds", "Since when the oldest of them waits.", age)
