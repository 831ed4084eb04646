"""Keeps the figures of each month: once after its end, and again with a reason where they were wrong."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from blinker import Signal
from sqlalchemy import insert, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.oversee.figures.models import FrozenCount, FrozenEdition, FrozenMeasure
from cissapp.oversee.figures.queries.measuring import MeasureRow, measures_at
from cissapp.oversee.figures.rules.tree import PathOf, end_of, months_between
from cissapp.people.schools import queries as schools
from cissapp.people.schools.rules import Figure

Packs = Mapping[str, CountryPack]

MONTHS_A_RUN = 24

# Sent inside the transaction that keeps a month, with the new `FrozenEdition` as its sender.
month_frozen = Signal("the figures of a month were kept")


def freeze_due_months(packs: Packs, *, at: datetime) -> int:
    """Keep the figures of every month that has ended, from the beginning of the history; return how many.

    After an upgrade there may be many: the newest two years come first, the rest with the next runs.
    """
    lock("frozen months")
    due = _due_months(at)
    now = sorted(due, reverse=True)[:MONTHS_A_RUN]
    for month in now:
        _freeze(packs, month, due[month], at=at)
    return sum(len(due[month]) for month in now)


def correct_month(
    packs: Packs, country_code: str, month: date, *, reason: str, by: Actor, at: datetime
) -> FrozenEdition:
    """Count a month anew by the history as it is now known; both versions stay, with the reason."""
    lock("frozen months")
    month, reason = month.replace(day=1), reason.strip()
    if not reason:
        raise Refused(Problem("reason", N_("Say why the figures of the month were wrong.")))
    if _newest_version(country_code, month) == 0:
        raise Refused(Problem("month", N_("There are no figures of this month.")))
    edition = _freeze(packs, month, {country_code}, at=at, reason=reason)[0]
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
    """Return how the regions of a country lie above each other; without a pack each is alone."""
    pack = packs.get(country_code)
    return pack.path if pack else lambda code: (code,)


def _due_months(at: datetime) -> dict[date, set[str]]:
    """List the months without figures, and of which countries."""
    last = months_after(at.astimezone(UTC).date().replace(day=1), -1)
    rows = session.execute(select(FrozenEdition.country_code, FrozenEdition.month))
    kept = {(row.country_code, row.month) for row in rows}
    due: dict[date, set[str]] = {}
    for country_code, first_at in schools.first_statuses().items():
        for month in months_between(first_at.date(), last):
            if (country_code, month) not in kept:
                due.setdefault(month, set()).add(country_code)
    return due


def _freeze(
    packs: Packs, month: date, country_codes: Iterable[str], *, at: datetime, reason: str = ""
) -> list[FrozenEdition]:
    """Count all schools as of the end of a month, and keep what concerns these countries."""
    before = end_of(month)
    counts = schools.counts_at(before)
    measures = measures_at(before, lambda country_code: path_of(packs, country_code))
    editions = []
    for country_code in sorted(country_codes):
        edition = FrozenEdition(
            country_code=country_code,
            month=month,
            version=_newest_version(country_code, month) + 1 if reason else 1,
            frozen_at=at,
            reason=reason,
        )
        session.add(edition)
        session.flush()
        _keep(edition, counts.get(country_code, {}), measures.get(country_code, []))
        month_frozen.send(edition)
        editions.append(edition)
    return editions


def _keep(
    edition: FrozenEdition,
    counts: Mapping[str, Mapping[Figure, int]],
    measures: Iterable[MeasureRow],
) -> None:
    rows = [
        {"edition_id": edition.id, "region_code": code, "figure": figure, "count": count}
        for code, row in counts.items()
        for figure, count in row.items()
    ]
    if rows:
        session.execute(insert(FrozenCount), rows)
    measured = [
        {
            "edition_id": edition.id,
            "region_code": code,
            "measure": measure,
            "detail": detail,
            "value": value,
        }
        for code, measure, detail, value in measures
    ]
    if measured:
        session.execute(insert(FrozenMeasure), measured)


def _newest_version(country_code: str, month: date) -> int:
    query = select(FrozenEdition.version).where(
        FrozenEdition.country_code == country_code, FrozenEdition.month == month
    )
    return session.scalar(query.order_by(FrozenEdition.version.desc()).limit(1)) or 0
