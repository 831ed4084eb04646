"""The figures of a group as tables with bars, and as a file."""

from collections.abc import Sequence

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.spreadsheets import csv_of
from cissapp.people.schools.queries import OwnGroup, own_group
from cissapp.review.followup.queries.statistics import GroupStatistics, group_statistics
from cissapp.review.followup.rules import SPAN_NAMES, STEP_NAMES, SpanFigure
from cissapp.review.followup.views.blueprint import bp

CRITERIA_SHOWN = 15


class BarLine(Struct, frozen=True):
    """A line of a table: its name, its cells, and its bar as a percentage of the longest."""

    name: str
    cells: list[str]
    bar: int


class BarTable(Struct, frozen=True):
    """A table of figures with a bar for each line; while it has no lines, it says what will appear here."""

    title: str
    explained: str
    head: list[str]
    lines: list[BarLine]
    empty: str


@bp.get("/group/statistics")
@permit(Permission.FOLLOWUP_READ, of=own_group)
def statistics(own: OwnGroup) -> ResponseReturnValue:
    """Show how long the steps of the group take, who has how much, and what holds schools up."""
    found = group_statistics(actor(), content(), now=clock.now())
    return render_template(
        "followup/statistics.html", own=own, tables=tables_of(found), as_of=found.as_of
    )


@bp.get("/group/statistics.csv")
@permit(Permission.FOLLOWUP_READ, of=own_group)
def statistics_csv(own: OwnGroup) -> ResponseReturnValue:
    """Return the figures of the group as a CSV file: a line for each cell."""
    now = clock.now()
    found = group_statistics(actor(), content(), now=now, most=None)
    tables = tables_of(found)
    rows = [
        [own.group.name, table.title, line.name, head, cell]
        for table in tables
        for line in table.lines
        for head, cell in zip(table.head[1:], line.cells, strict=True)
    ]
    head = [_("National group"), _("Table"), _("Line"), _("Figure"), _("Value")]
    about = [[_("As of"), filters.moment(found.as_of or now)]]
    about += [[table.title, table.explained] for table in tables]
    name = f"ciss-statistics-{now:%Y-%m-%d}.csv"
    return Response(
        csv_of(head, rows, about),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def tables_of(found: GroupStatistics) -> list[BarTable]:
    """Return the figures as tables, in the order of the page."""
    return [_steps(found), _spans(found), _loads(found), _rounds(found), _criteria(found)]


def _steps(found: GroupStatistics) -> BarTable:
    return BarTable(
        _("Where schools are today"),
        _("The list “Who is stuck” explains when a school is stuck."),
        [_("Step"), _("Schools"), _("Stuck")],
        _lines(
            [
                (_(STEP_NAMES[one.step]), [one.schools, one.stuck], one.schools)
                for one in found.counted.steps
                if one.schools
            ]
        ),
        _("Your group’s schools will be counted here."),
    )


def _spans(found: GroupStatistics) -> BarTable:
    return BarTable(
        _("How long the steps take"),
        _(
            "Calendar days, for steps that ended in the last 12 months. Half took no longer than the median."
        ),
        [_("Step"), _("Median in days"), _("Longest in days"), _("Counted")],
        _lines(
            [
                (_(SPAN_NAMES[one.span]), _span_cells(one), one.median_days)
                for one in found.counted.spans
                if one.median_days is not None
            ]
        ),
        _("No steps have ended in the last 12 months, so there is nothing to measure yet."),
    )


def _span_cells(one: SpanFigure) -> list[str | int]:
    return [format_decimal(one.median_days), one.longest_days or 0, one.count]


def _loads(found: GroupStatistics) -> BarTable:
    explained = _(
        "Tasks in cases are reviews and decisions. Tasks done are those in cases that were decided in the last 12 months."
    )
    if len(found.loads) < found.people:
        explained += " " + _(
            "This table shows the %(shown)d people with the most open tasks. The file lists all %(all)d.",
            shown=len(found.loads),
            all=found.people,
        )
    return BarTable(
        _("Workload"),
        explained,
        [_("Person"), _("Open tasks"), _("Tasks done")],
        _lines([(one.name, [one.open, one.done], one.open) for one in found.loads]),
        _("Nobody in the group is reviewing yet."),
    )


def _rounds(found: GroupStatistics) -> BarTable:
    return BarTable(
        _("How many rounds it took"),
        _("Applications that were decided in the last 12 months."),
        [_("Rounds"), _("Applications")],
        _lines(
            [
                (ngettext("%(num)d round", "%(num)d rounds", rounds), [count], count)
                for rounds, count in found.counted.rounds.items()
            ]
        ),
        _("No applications were decided in the last 12 months."),
    )


def _criteria(found: GroupStatistics) -> BarTable:
    known, language = content().standard.by_id, languages.current()
    return BarTable(
        _("What holds schools up most"),
        _(
            "How often a criterion was sent back by the completeness check, or was open at a decision, in the last 12 months. These are counts only, for all the group’s schools together."
        ),
        [_("Criterion"), _("Sent back"), _("Open at a decision")],
        _lines(
            [
                (
                    f"{one.criterion_id} {known[one.criterion_id].text(language).title}",
                    [one.returned, one.open],
                    one.total,
                )
                for one in found.counted.criteria[:CRITERIA_SHOWN]
            ]
        ),
        _("No criterion was sent back or left open in the last 12 months."),
    )


def _lines(rows: Sequence[tuple[str, Sequence[str | int], float]]) -> list[BarLine]:
    longest = max((length for _name, _cells, length in rows), default=0) or 1
    return [
        BarLine(name, [str(cell) for cell in cells], round(100 * length / longest))
        for name, cells, length in rows
    ]
