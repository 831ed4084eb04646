"""The smaller tables of a brief for its files: months, steps and certificates that end, as numbers."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from flask_babel import gettext as _

from cissapp.foundation.web.filters import moment
from cissapp.oversee.figures.rules import Cell
from cissapp.oversee.oversight import phrases
from cissapp.oversee.oversight.phrases import month_name
from cissapp.oversee.oversight.views import ahead, drawn
from cissapp.oversee.oversight.views.reading import Reading

FileRow = list[str | int]


def tables_below(reading: Reading) -> Iterator[FileRow]:
    """Yield the rows of each table below its title and heads, between empty rows; of empty ones, nothing."""
    yield from _titled(_("Certified by month"), phrases.month_heads(), _months(reading))
    measured_at = reading.brief.measured_at
    counted = _("Calculated on %(moment)s", moment=moment(measured_at)) if measured_at else ""
    title = _("From registration to certificate")
    yield from _titled(title, drawn.step_heads(), _steps(reading), counted)
    title = _("Certificates expiring")
    yield from _titled(title, ahead.head_ahead(), _endings(reading), counted)
    yield []


def _titled(
    title: str, head: Sequence[str], rows: list[FileRow], counted: str = ""
) -> Iterator[FileRow]:
    if rows:
        yield []
        yield [title]
        if counted:
            yield [counted]
        yield [*head]
        yield from rows


def _months(reading: Reading) -> list[FileRow]:
    return [
        [drawn.month_with_state(reading, one.month), one.certified, *one.levels]
        for one in reversed(drawn.months_shown(reading))
    ]


def _steps(reading: Reading) -> list[FileRow]:
    return [
        [
            _(phrases.STEPS[one.step]),
            _value(one.reached),
            "–" if one.median_days is None else one.median_days,
            _value(one.waiting),
        ]
        for one in reading.brief.funnel
    ]


def _value(cell: Cell) -> str | int:
    return cell.text if cell.reason else cell.count


def _endings(reading: Reading) -> list[FileRow]:
    months = [(month, count) for month, count in reading.brief.renewals.by_month if count]
    totals = accumulate(count for _month, count in months)
    return [
        [month_name(month), count, total]
        for (month, count), total in zip(months, totals, strict=True)
    ]
