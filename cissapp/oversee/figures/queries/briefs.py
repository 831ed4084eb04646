"""Reads the brief: ten statements or fewer, none of which grows with the schools."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select

from cissapp.foundation.content.packs import CountryPack, Denominator
from cissapp.foundation.content.schema import FactState
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.figures.models import FrozenEdition, FrozenMeasure, LatestMeasure
from cissapp.oversee.figures.queries import tables
from cissapp.oversee.figures.rules import (
    Brief,
    ChangeReason,
    Column,
    FigureTable,
    FunnelStep,
    Measure,
    MonthFigure,
    RegionToHelp,
    Share,
)
from cissapp.oversee.figures.rules.briefing import (
    load_of,
    regions_to_help,
    renewals_of,
    weak_of,
)
from cissapp.oversee.figures.rules.changes import details_between, reasons_of
from cissapp.oversee.figures.rules.columns import Row
from cissapp.oversee.figures.rules.funnel import funnel_of, longest_of
from cissapp.oversee.figures.rules.measures import Measured
from cissapp.oversee.figures.rules.reforms import (
    compared,
    parts_before,
    within_since,
    without_share,
)
from cissapp.oversee.figures.rules.tree import end_of, end_of_last_quarter
from cissapp.people.schools.regions.queries import Totals, denominators

WHOLE = ""


def brief(
    pack: CountryPack,
    region_code: str | None,
    *,
    month: date | None,
    against: date | None,
    at: datetime,
) -> Brief:
    """Return what a brief of a country or region shows, now or as of the end of a month.

    It is compared with the month `against`, by default with the end of the last quarter. Raise `Missing` if
    the figures of `month` were not kept, or the region was not there yet; `before` is None if those to compare
    with were not, or neither the region nor any that it took over whole was there.
    """
    editions = tables.newest_editions(pack.code)
    edition = _edition_of(editions, month) if month else None
    day = _day_of(edition, at)
    now = tables.table_of_edition(pack, edition, editions)
    if region_code and region_code not in now.regions:
        raise Missing
    earlier = _comparable_edition(pack, region_code, editions, against, day)
    before = tables.table_of_edition(pack, earlier, editions) if earlier else None
    comparable = compared(pack, now, before, (day, _day_of(earlier, at))) if before else None
    row = row_of(now, region_code)
    parts = pack.children(region_code, day) if region_code else pack.top(day)
    measured, measured_at = _measures(pack.code, edition, region_code or WHOLE, parts)
    own, country = (measured.get(area, {}) for area in (region_code or WHOLE, WHOLE))
    funnel = _funnel(row, own, (now.whole, country) if region_code else None, measured_at)
    renewals = renewals_of(row, own, day, rows=None if region_code else now.regions)
    counted = denominators(pack)
    schools, pupils = _shares(row, own, counted.get(region_code))
    sizes = {one: _schools_of(counted.get(one)) for one in parts}
    return Brief(
        on=edition.month if edition else None,
        counted_at=edition.frozen_at if edition else now.counted_at or at,
        against=tables.frozen_month_of(earlier) if earlier else None,
        table=now,
        before=comparable,
        months=_months(pack, region_code, editions, day),
        funnel=funnel,
        longest=longest_of(funnel),
        schools_share=schools,
        pupils_share=pupils,
        country_schools_share=_confirmed(now.whole, counted.get(None)) if region_code else None,
        renewals=renewals,
        load=load_of(row, renewals.begun, own, reviewers=country.get((Measure.REVIEWERS, ""), 0)),
        to_help=_to_help(pack, region_code, now, measured, sizes, day=day),
        weak=() if region_code else weak_of(row, funnel, own),
        edition=tables.frozen_month_of(edition) if edition else None,
        reasons=_reasons(pack, region_code, (now, comparable, before), earlier, day=day, at=at),
        measured_at=measured_at,
        is_weak_withheld=any(measure is Measure.ONCE_REVIEWED for measure, _detail in own),
    )


def row_of(table: FigureTable, region_code: str | None) -> Row:
    """Return the row of a region, or of the country."""
    return table.regions[region_code] if region_code else table.whole


def is_comparable(pack: CountryPack, region_code: str | None, month: date, day: date) -> bool:
    """Return whether an area, or what it took over whole by a day, was there at the end of a month."""
    if region_code is None:
        return True
    _codes, from_on = within_since(pack, region_code, day)
    return end_of(month).date() > from_on


def _funnel(
    row: Row,
    measured: Measured,
    of: tuple[Row, Measured] | None,
    measured_at: datetime | None,
) -> tuple[FunnelStep, ...]:
    """Return the steps of an area; none before the first night, unless it has no school either."""
    if measured_at is None and row[Column.SCHOOLS].count:
        return ()
    return funnel_of(row, measured, of=of)


def _day_of(edition: FrozenEdition | None, at: datetime) -> date:
    """Return the last day of a kept month, or today."""
    last = end_of(edition.month) - timedelta(days=1) if edition else at.astimezone(UTC)
    return last.date()


def _reasons(
    pack: CountryPack,
    region_code: str | None,
    shown: tuple[FigureTable, FigureTable | None, FigureTable | None],
    earlier: FrozenEdition | None,
    *,
    day: date,
    at: datetime,
) -> tuple[ChangeReason, ...]:
    """Return why the certified schools changed since a month; `shown` are now, as compared, and as kept."""
    now, comparable, before = shown
    if earlier is None or comparable is None or before is None:
        return ()
    details = details_between(earlier.month, day, kept_on=at.astimezone(UTC).date())
    if not details or (region_code and region_code not in comparable.regions):
        return ()
    codes = parts_before(pack, before, day, region_code) if region_code else (WHOLE,)
    rows = session.execute(
        select(LatestMeasure.detail, LatestMeasure.value).where(
            LatestMeasure.country_code == pack.code,
            LatestMeasure.region_code.in_(codes),
            LatestMeasure.measure == Measure.CHANGED,
        )
    )
    found = [(details[row.detail], row.value) for row in rows if row.detail in details]
    return reasons_of(found, row_of(now, region_code), row_of(comparable, region_code))


def _months(
    pack: CountryPack, region_code: str | None, editions: Iterable[FrozenEdition], day: date
) -> tuple[MonthFigure, ...]:
    """Return the certified schools by month: of a region from its first month, or with those it took over."""
    until = [one for one in editions if one.month <= day]
    if region_code is None:
        return tables.certified_by_month(until, None)
    codes, from_on = within_since(pack, region_code, day)
    since = [one for one in until if end_of(one.month).date() > from_on]
    return tables.certified_by_month(since, codes)


def _edition_of(editions: Iterable[FrozenEdition], month: date) -> FrozenEdition:
    """Return the edition of a month; raise `Missing` if its figures were not kept."""
    found = tables.edition_of(editions, month)
    if found is None:
        raise Missing
    return found


def _comparable_edition(
    pack: CountryPack,
    region_code: str | None,
    editions: Iterable[FrozenEdition],
    against: date | None,
    day: date,
) -> FrozenEdition | None:
    """Find the edition of a month, or of the last quarter's end, that an area can be compared with."""
    found = tables.edition_of(editions, against or end_of_last_quarter(day))
    return found if found and is_comparable(pack, region_code, found.month, day) else None


def _to_help(
    pack: CountryPack,
    region_code: str | None,
    table: FigureTable,
    measured: dict[str, Measured],
    sizes: Mapping[str, int],
    *,
    day: date,
) -> tuple[RegionToHelp, ...]:
    names = {code: pack.region_name(code, "en") for code in sizes}
    waiting = without_share(pack, table, day)
    rows = {
        code: table.regions[code]
        for code in sizes
        if table.regions[code][Column.SCHOOLS].count
        or (pack.is_in_reach(code) and code not in waiting)
    }
    of = measured.get(region_code, {}) if region_code else None
    return regions_to_help(rows, measured, names, sizes, of)


def _measures(
    country_code: str, edition: FrozenEdition | None, area: str, parts: Iterable[str]
) -> tuple[dict[str, Measured], datetime | None]:
    """Return the measures of an area and the country, the long waits in its parts, and when they were computed."""
    kept: type[FrozenMeasure | LatestMeasure] = FrozenMeasure if edition else LatestMeasure
    measured: ColumnElement[Any] = LatestMeasure.measured_at.expression
    which = LatestMeasure.country_code == country_code
    if edition:
        measured = literal(edition.frozen_at)
        which = FrozenMeasure.edition_id == edition.id
    columns = (kept.region_code, kept.measure, kept.detail, kept.value)
    query: Select[Any] = select(*columns, measured.label("measured_at")).where(which)
    own = kept.region_code.in_(sorted({WHOLE, area}))
    below = kept.region_code.in_(sorted({WHOLE, area, *parts}))
    waits = and_(kept.measure == Measure.WAITING, below)
    query = query.where(or_(own, waits))
    found: dict[str, dict[tuple[Measure, str], int]] = {}
    measured_at = edition.frozen_at if edition else None
    for row in session.execute(query):
        found.setdefault(row.region_code, {})[row.measure, row.detail] = row.value
        measured_at = row.measured_at
    return dict(found), measured_at


def _shares(row: Row, measured: Measured, totals: Totals | None) -> tuple[Share, Share]:
    """Return an area's certified schools and their pupils as shares of all, which hide nothing."""
    of = totals or Totals()
    pupils = measured.get((Measure.CERTIFIED_PUPILS, ""), 0)
    return _schools_share(row, of), _share(of.pupils, pupils, None)


def _schools_share(row: Row, totals: Totals) -> Share:
    return _share(totals.schools, row[Column.CERTIFIED].count, Column.SCHOOLS)


def _confirmed(row: Row, totals: Totals | None) -> Share | None:
    """Return the share of all schools; None if their total is not confirmed."""
    share = _schools_share(row, totals or Totals())
    return share if share.whole else None


def _share(denominator: Denominator | None, part: int, of: Column | None) -> Share:
    """Return the share of all schools, or of all pupils; only the part if the total is not confirmed.

    A total that is smaller than its part, or nothing, is wrong, whoever confirmed it.
    """
    if denominator is None:
        return Share(part, None, None)
    whole = denominator.schools if of is Column.SCHOOLS else denominator.pupils
    is_sound = denominator.state is FactState.CHECKED and (whole or 0) >= max(part, 1)
    return Share(part, whole if is_sound else None, denominator)


def _schools_of(totals: Totals | None) -> int:
    return (totals.schools.schools or 0) if totals and totals.schools else 0
