"""Counts which schools became certified or ceased to be, why, in which month and region."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from cissapp.foundation.core.db import session
from cissapp.oversee.figures.queries.sums import Key
from cissapp.oversee.figures.rules import Measure, Why
from cissapp.oversee.figures.rules.changes import detail_of
from cissapp.people.schools.models import SchoolStatus
from cissapp.people.schools.rules import IN_FORCE, Standing

IS_CERTIFIED = and_(SchoolStatus.is_counted, SchoolStatus.standing.in_(IN_FORCE))


def changes_between(first: datetime, before: datetime) -> Iterator[tuple[str, str, Key, int]]:
    """Yield for each region by how many certified schools it changed, by month and reason.

    The numbers add up to the difference between what the history counts at the one time and the other.
    """
    for row in session.execute(_changes(first, before)):
        why = Why(row.why)
        key = (Measure.CHANGED, detail_of(row.month, why))
        if why in {Why.CERTIFIED, Why.MOVED}:
            yield row.country_code, row.region_code, key, row.number
        if why is not Why.CERTIFIED:
            yield row.old_country, row.old_region, key, -row.number


def _changes(first: datetime, before: datetime) -> Select[Any]:
    """Count the rows of the history with which a school came on the list, left it or moved."""
    rows = _rows(before).subquery()
    has_moved = or_(
        rows.c.old_country != rows.c.country_code, rows.c.old_region != rows.c.region_code
    )
    came, went = and_(rows.c.now == 1, rows.c.was == 0), and_(rows.c.now == 0, rows.c.was == 1)
    why = case(
        (came, Why.CERTIFIED.value),
        (rows.c.now == 1, Why.MOVED.value),
        (~rows.c.is_counted, Why.LEFT.value),
        (rows.c.standing == Standing.EXPIRED, Why.EXPIRED.value),
        else_=Why.ENDED.value,
    ).label("why")
    places = [rows.c[name] for name in ("country_code", "region_code", "old_country", "old_region")]
    month = month_of(rows.c.from_at).label("month")
    return (
        select(*places, why, month, func.count().label("number"))
        .where(
            rows.c.from_at >= first,
            or_(came, went, and_(rows.c.now == 1, rows.c.was == 1, has_moved)),
        )
        .group_by(*places, why, month)
    )


def _rows(before: datetime) -> Select[Any]:
    """Select each row of the history with what the row before it said."""
    now = case((IS_CERTIFIED, 1), else_=0)

    def earlier(column: ColumnElement[Any]) -> ColumnElement[Any]:
        in_order = (SchoolStatus.from_at, SchoolStatus.id)
        return func.lag(column).over(partition_by=SchoolStatus.school_id, order_by=in_order)

    return select(
        SchoolStatus.from_at,
        SchoolStatus.country_code,
        SchoolStatus.region_code,
        SchoolStatus.standing,
        SchoolStatus.is_counted,
        now.label("now"),
        func.coalesce(earlier(now), 0).label("was"),
        earlier(SchoolStatus.country_code.expression).label("old_country"),
        earlier(SchoolStatus.region_code.expression).label("old_region"),
    ).where(SchoolStatus.from_at < before)


def month_of(at: ColumnElement[Any]) -> ColumnElement[str]:
    """Write the month of a time, in UTC."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", at), "YYYY-MM")
    return func.strftime("%Y-%m", at)
