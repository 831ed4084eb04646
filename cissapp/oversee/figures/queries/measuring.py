"""Counts all schools in the database, once a day in `ciss daily`, so that no page has to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from msgspec import Struct, field
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures.queries.changes import changes_between
from cissapp.oversee.figures.queries.criteria import scored
from cissapp.oversee.figures.queries.sums import Key, MeasureSums
from cissapp.oversee.figures.rules import Measure, Step
from cissapp.oversee.figures.rules.numbers import (
    DUE_DAYS,
    LONG_DAYS,
    MONTHS_AHEAD,
    REACHED_BY,
    WAITS_AT,
)
from cissapp.oversee.figures.rules.tree import PathOf
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.schools.models import GroupCountry, School, SchoolStatus
from cissapp.people.schools.queries import newest_statuses
from cissapp.people.schools.rules import IN_FORCE, Progress, Standing
from cissapp.prepare.applications.queries.deadlines import GROUP_DEADLINES

ROWS_AT_ONCE = 2000


def measures_at(
    before: datetime, path_of: Callable[[str], PathOf], *, changed_from: datetime | None = None
) -> dict[str, MeasureSums]:
    """Compute every measure of every country at a given time, in six statements over all schools.

    Why certified schools came and went is counted from `changed_from` on, if that is named.
    """
    sums: dict[str, MeasureSums] = {}

    def of(country_code: str) -> MeasureSums:
        return sums.setdefault(country_code, MeasureSums(path_of(country_code)))

    for country_code, region_code, key, number in _numbers(before):
        of(country_code).add(region_code, key, number)
    for country_code, region_code, key, number in (
        changes_between(changed_from, before) if changed_from else ()
    ):
        of(country_code).add(region_code, key, number)
    for country_code, region_code, region in _regions(before):
        for key, number in region.numbers.items():
            of(country_code).add(region_code, key, number)
        for step, histogram in region.days.items():
            of(country_code).add_days(region_code, step, histogram)
    for country_code, number in session.execute(_reviewers(before)):
        of(country_code).numbers.setdefault("", {})[Measure.REVIEWERS, ""] = number
    return sums


def _numbers(before: datetime) -> Iterator[tuple[str, str, Key, int]]:
    """Yield the numbers of each region, counting only schools directly in it."""
    for country_code, region_code, number in session.execute(_due(before)):
        yield country_code, region_code, (Measure.DUE, ""), number
    for country_code, region_code, criterion_id, number, below in scored(before, _stood(before)):
        yield country_code, region_code, (Measure.REVIEWED, criterion_id), number
        yield country_code, region_code, (Measure.BELOW, criterion_id), below


class _Region(Struct):
    """The sums of the schools of a region: numbers, and how many days each step took them."""

    numbers: Counter[Key] = field(default_factory=Counter)
    days: defaultdict[Step, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def _regions(before: datetime) -> Iterator[tuple[str, str, _Region]]:
    """Add up the schools of each region in one pass, as a query per measure would read the whole history each time."""
    query, keys = _courses(before)
    steps = list(Step)[1:]
    rows = session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for (country_code, region_code), schools in groupby(rows, itemgetter(0, 1)):
        region = _Region()
        for _country, _region, until_on, *values in schools:
            if until_on:
                region.numbers[Measure.ENDING, f"{until_on:%Y-%m}"] += 1
            for key, number in zip(keys, values, strict=False):
                if number:
                    region.numbers[key] += number
            for step, days in zip(steps, values[len(keys) :], strict=True):
                if days is not None:
                    region.days[step][max(days, 0)] += 1
        yield country_code, region_code, region


def _stood(before: datetime) -> Subquery:
    """Select the status of each school in the register at the given time."""
    newest = newest_statuses(before).subquery()
    return select(newest).where(newest.c.is_counted).subquery("stood")


def _firsts(before: datetime) -> Subquery:
    """Select when each school first reached each step."""

    def first(condition: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.min(case((condition, SchoolStatus.from_at)))

    steps = {step: first(SchoolStatus.progress.in_(REACHED_BY[step])) for step in REACHED_BY}
    steps[Step.CERTIFIED] = first(SchoolStatus.standing != Standing.NONE)
    return (
        select(
            SchoolStatus.school_id,
            func.min(SchoolStatus.from_at).label(Step.REGISTERED),
            *(when.label(step) for step, when in steps.items()),
        )
        .where(SchoolStatus.from_at < before)
        .group_by(SchoolStatus.school_id)
        .subquery("firsts")
    )


def _courses(before: datetime) -> tuple[Select[Any], list[Key]]:
    """Select for each school its region, its last day, the numbers to add up, and the days between steps."""
    stood, firsts, since = _stood(before), _firsts(before), _since(before)
    last = _last_days(before)
    steps = list(Step)
    numbers: dict[Key, ColumnElement[Any]] = {
        **{(Measure.REACHED, step.value): firsts.c[step].is_not(None) for step in steps},
        **_waiting(stood, since, before),
        # The number of pupils that the register has now.
        (Measure.CERTIFIED_PUPILS, ""): case(
            (stood.c.standing.in_(IN_FORCE), School.pupils), else_=0
        ),
    }
    days = (days_between(firsts.c[one], firsts.c[other]) for one, other in pairwise(steps))
    query = (
        select(
            stood.c.country_code,
            stood.c.region_code,
            case((_ends_soon(stood, last, before), last.c.until_on)),
            *numbers.values(),
            *days,
        )
        .join(firsts, firsts.c.school_id == stood.c.school_id)
        .join(since, since.c.school_id == stood.c.school_id)
        .join(School, School.id == stood.c.school_id)
        .outerjoin(last, last.c.school_id == stood.c.school_id)
        .order_by(stood.c.country_code, stood.c.region_code)
    )
    return query, list(numbers)


def days_between(earlier: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[int]:
    """Count the calendar days, in UTC, from one time to another."""
    if session.get_bind().dialect.name == "postgresql":
        begun, ended = (cast(func.timezone("UTC", one), Date) for one in (earlier, later))
        return cast(ended - begun, Integer)
    first, last = (func.julianday(func.date(one)) for one in (earlier, later))
    return cast(last - first, Integer)


def _since(before: datetime) -> Subquery:
    """Select since when each school has been at its current step."""
    in_order = (SchoolStatus.from_at, SchoolStatus.id)
    was = func.lag(SchoolStatus.progress).over(
        partition_by=SchoolStatus.school_id, order_by=in_order
    )
    rows = (
        select(
            SchoolStatus.school_id, SchoolStatus.from_at, SchoolStatus.progress, was.label("was")
        )
        .where(SchoolStatus.from_at < before)
        .subquery()
    )
    return (
        select(rows.c.school_id, func.max(rows.c.from_at).label("since"))
        .where(or_(rows.c.was.is_(None), rows.c.was != rows.c.progress))
        .group_by(rows.c.school_id)
        .subquery("since")
    )


def _waiting(stood: Subquery, since: Subquery, before: datetime) -> dict[Key, ColumnElement[bool]]:
    """Return conditions for schools that are renewing, are expected to apply, or have waited long at one step."""
    progress, expiring = stood.c.progress, stood.c.standing == Standing.EXPIRING
    return {
        (Measure.RENEWALS_BEGUN, ""): and_(expiring, progress != Progress.DECIDED),
        (Measure.EXPECTED, ""): or_(
            progress == Progress.TRAINED, and_(expiring, progress == Progress.DECIDED)
        ),
        **{
            (Measure.WAITING, need.value): and_(
                progress.in_(places), since.c.since < before - timedelta(days=LONG_DAYS[need])
            )
            for need, places in WAITS_AT.items()
        },
    }


def _day_of(before: datetime) -> date:
    """Return the last day that counts, in UTC: at midnight, the day that has just ended."""
    return (before - timedelta(microseconds=1)).date()


def _due(before: datetime) -> Select[Any]:
    """Count the schools with a deadline for the group that is overdue or due within 30 days."""
    stood = _stood(before)
    return (
        select(stood.c.country_code, stood.c.region_code, func.count(stood.c.school_id.distinct()))
        .join(Deadline, Deadline.school_id == stood.c.school_id)
        .where(
            Deadline.kind.in_(GROUP_DEADLINES),
            Deadline.opened_at < before,
            or_(Deadline.met_at.is_(None), Deadline.met_at >= before),
            Deadline.due_on <= _day_of(before) + timedelta(days=DUE_DAYS),
        )
        .group_by(stood.c.country_code, stood.c.region_code)
    )


def _last_days(before: datetime) -> Subquery:
    """Select the last day of the certificates of each school; a renewal may be withdrawn before it begins."""
    withdrawn = select(RegisterEntry.certificate_id).where(
        RegisterEntry.event == RegisterEvent.WITHDRAWN, RegisterEntry.at < before
    )
    return (
        select(Certificate.school_id, func.max(Certificate.valid_until_on).label("until_on"))
        .join(Publication, Publication.certificate_id == Certificate.id)
        .where(Publication.published_at < before, Certificate.id.not_in(withdrawn))
        .group_by(Certificate.school_id)
        .subquery("last_days")
    )


def _ends_soon(stood: Subquery, last: Subquery, before: datetime) -> ColumnElement[bool]:
    """Return the condition that a certificate is in force and ends within the months shown.

    It is checked per school and not in the join, where PostgreSQL expects few rows and compares every pair.
    """
    first = _day_of(before).replace(day=1)
    return and_(
        stood.c.standing.in_(IN_FORCE),
        last.c.until_on >= first,
        last.c.until_on < months_after(first, MONTHS_AHEAD),
    )


def _reviewers(before: datetime) -> Select[str, int]:
    """Count the people who review for a country."""
    return (
        select(GroupCountry.country_code, func.count(User.id.distinct()))
        .join(User, User.group_id == GroupCountry.group_id)
        .where(
            User.role == Role.REVIEWER,
            User.joined_at < before,
            or_(User.deactivated_at.is_(None), User.deactivated_at >= before),
        )
        .group_by(GroupCountry.country_code)
    )
