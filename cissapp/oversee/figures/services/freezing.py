"""Keeps the figures of each month: once after its end, and again with a reason where they were wrong."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice

from blinker import Signal
from msgspec import Struct
from sqlalchemy import insert, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import Model, lock, read_before_write, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.oversee.figures.models import FrozenCount, FrozenEdition, FrozenMeasure
from cissapp.oversee.figures.queries.measuring import ROWS_AT_ONCE, measures_at
from cissapp.oversee.figures.queries.sums import MeasureRow, MeasureSums
from cissapp.oversee.figures.rules.tree import PathOf, end_of, months_between
from cissapp.people.schools import queries as schools
from cissapp.people.schools.rules import Figure

Packs = Mapping[str, CountryPack]

# Sent inside the transaction that keeps a month, with the new `FrozenEdition` as its sender.
month_frozen = Signal("the figures of a month were kept")


def freeze_newest_month(packs: Packs, *, at: datetime) -> int:
    """Keep figures for the newest ended month without them; return for how many countries, 0 if none is left.

    After an upgrade there may be many, back to the start of the history: each is a transaction of its own,
    and writers do not wait while it is counted.
    """
    lock("frozen months")
    with read_before_write():
        due = _due_months(at)
        counted = _count(packs, max(due)) if due else None
    if counted is None:
        return 0
    return len(_keep_month(counted, due[counted.month], at=at))


def correct_month(
    packs: Packs, country_code: str, month: date, *, reason: str, by: Actor, at: datetime
) -> FrozenEdition:
    """Count a month again from the history as it is now known; both versions stay, with the reason."""
    lock("frozen months")
    month, reason = month.replace(day=1), reason.strip()
    if not reason:
        raise Refused(Problem("reason", N_("Explain why the month’s figures were wrong.")))
    if _newest_version(country_code, month) == 0:
        raise Refused(Problem("month", N_("There are no figures for this month.")))
    edition = _keep_month(_count(packs, month), {country_code}, at=at, reason=reason)[0]
    record(
        Event.FIGURES_CORRECTED,
        edition,
        by=by,
        at=at,
        country=country_code,
        month=f"{month:%Y-%m}",
        version=edition.version,
        reason=reason,
    )
    session.flush()
    return edition


def path_of(packs: Packs, country_code: str) -> PathOf:
    """Return the function that maps a region to its path; without a pack, each region is on its own."""
    pack = packs.get(country_code)
    return pack.path if pack else lambda code: (code,)


def _due_months(at: datetime) -> dict[date, set[str]]:
    """Map each month without figures to the countries concerned."""
    last = months_after(at.astimezone(UTC).date().replace(day=1), -1)
    rows = session.execute(select(FrozenEdition.country_code, FrozenEdition.month))
    kept = {(row.country_code, row.month) for row in rows}
    due: dict[date, set[str]] = {}
    for country_code, first_at in schools.first_statuses().items():
        for month in months_between(first_at.date(), last):
            if (country_code, month) not in kept:
                due.setdefault(month, set()).add(country_code)
    return due


class _CountedMonth(Struct, frozen=True):
    """All schools as of the end of a month, by country."""

    month: date
    counts: Mapping[str, Mapping[str, Mapping[Figure, int]]]
    measures: Mapping[str, MeasureSums]


def _count(packs: Packs, month: date) -> _CountedMonth:
    before = end_of(month)
    measures = measures_at(before, lambda country_code: path_of(packs, country_code))
    return _CountedMonth(month, schools.counts_at(before), measures)


def _keep_month(
    counted: _CountedMonth, country_codes: Iterable[str], *, at: datetime, reason: str = ""
) -> list[FrozenEdition]:
    """Store the figures of a month for these countries."""
    editions = []
    for country_code in sorted(country_codes):
        edition = FrozenEdition(
            country_code=country_code,
            month=counted.month,
            version=_newest_version(country_code, counted.month) + 1 if reason else 1,
            frozen_at=at,
            reason=reason,
        )
        session.add(edition)
        session.flush()
        sums = counted.measures.get(country_code)
        _keep(edition, counted.counts.get(country_code, {}), sums.rows() if sums else ())
        month_frozen.send(edition)
        editions.append(edition)
    return editions


def _keep(
    edition: FrozenEdition,
    counts: Mapping[str, Mapping[Figure, int]],
    measures: Iterable[MeasureRow],
) -> None:
    rows = (
        {"edition_id": edition.id, "region_code": code, "figure": figure, "count": count}
        for code, row in counts.items()
        for figure, count in row.items()
    )
    insert_rows(FrozenCount, rows)
    measured = (
        {
            "edition_id": edition.id,
            "region_code": code,
            "measure": measure,
            "detail": detail,
            "value": value,
        }
        for code, measure, detail, value in measures
    )
    insert_rows(FrozenMeasure, measured)


def insert_rows(table: type[Model], rows: Iterator[dict[str, object]]) -> int:
    """Insert rows, some thousands at a time, and return how many: a country of many places has 100,000."""
    number = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        session.execute(insert(table), batch)
        number += len(batch)
    return number


def _newest_version(country_code: str, month: date) -> int:
    query = select(FrozenEdition.version).where(
        FrozenEdition.country_code == country_code, FrozenEdition.month == month
    )
    return session.scalar(query.order_by(FrozenEdition.version.desc()).limit(1)) or 0
