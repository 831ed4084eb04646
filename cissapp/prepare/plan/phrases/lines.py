"""The year plan as lines: actions and dates together, in the language of the page, by month."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from msgspec import Struct

from cissapp.people.schools.models import School
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.plan import queries
from cissapp.prepare.plan.models import DatedStep, PlannedAction
from cissapp.prepare.plan.phrases.words import office_name, what_of
from cissapp.prepare.plan.rules import PlanDate, PlanKind, SchoolYear

# Criteria that ask for a plan or for steps of one; the plan as a document is evidence for them.
SHOWN_BY_PLAN = frozenset({"C1", "C5", "C7", "C9", "C12"})


class PlanLine(Struct, frozen=True):
    """What is done, by whom, by when: an action (`action`) or a date (`key`).

    `done_elsewhere`: the task itself was recorded as done, so nobody needs to tick it. `is_suggestion`: the
    school has not acted on it yet.
    """

    what: str
    who: str
    due_on: date
    done_on: date | None
    criteria: tuple[str, ...] = ()
    action: PlannedAction | None = None
    key: str | None = None
    is_own: bool = False
    done_elsewhere: bool = False
    is_suggestion: bool = False
    changed_at: datetime | None = None
    link: tuple[str, Mapping[str, Any]] | None = None

    def is_late(self, today: date) -> bool:
        """Check whether its date has passed and it is not done; a mere suggestion is never late."""
        return self.done_on is None and self.due_on < today and not self.is_suggestion


class YearPlan(Struct, frozen=True):
    """The plan of a school year: its lines by date, and the dates that the school left out."""

    year: SchoolYear
    lines: tuple[PlanLine, ...]
    left_out: tuple[PlanLine, ...]

    def late(self, today: date) -> list[PlanLine]:
        """List what is late."""
        return [line for line in self.lines if line.is_late(today)]

    def months(self, today: date, *, earlier: bool) -> list[tuple[date, list[PlanLine]]]:
        """Group lines that are not late by the first of the month: past months if `earlier`, else others."""
        shown = [line for line in self.lines if not line.is_late(today)]
        grouped = groupby(shown, lambda line: line.due_on.replace(day=1))
        present = today.replace(day=1)
        return [(month, list(lines)) for month, lines in grouped if (month < present) is earlier]

    @property
    def shown_criteria(self) -> frozenset[str]:
        """The criteria that the plan shows, because a step for them is done."""
        done = {one for line in self.lines if line.done_on for one in line.criteria}
        return SHOWN_BY_PLAN & done

    def line(self, key: str) -> PlanLine | None:
        """Find the line of a date."""
        return next((one for one in (*self.lines, *self.left_out) if one.key == key), None)


def year_plan(
    school: School, year: SchoolYear, documents: list[DocumentEntry], today: date
) -> YearPlan:
    """Build the plan of a school year; the current year includes open steps from earlier ones."""
    steps = queries.steps(school.id)
    asked = queries.asked_dates(school, year, documents, today)
    dates = [(_line_of(one, steps.get(one.key)), steps.get(one.key)) for one in asked]
    own = [_own_line(one) for one in steps.values() if one.key.startswith(PlanKind.OWN.value)]
    lines = [
        *(line for line, step in dates if step is None or not step.dropped),
        *(line for line in own if _belongs(line, year, today)),
        *_action_lines(queries.actions(school.id), year, today),
    ]
    left_out = [line for line, step in dates if step is not None and step.dropped]
    return YearPlan(year, tuple(sorted(lines, key=_in_order)), tuple(left_out))


def _in_order(line: PlanLine) -> tuple[date, tuple[str, ...], str]:
    return line.due_on, line.criteria, line.what


def _line_of(asked: PlanDate, step: DatedStep | None) -> PlanLine:
    ticked = step.done_on if step else None
    return PlanLine(
        what=what_of(asked),
        who=(step and step.who) or office_name(asked.office),
        due_on=(step and step.due_on) or asked.day,
        done_on=asked.done_on or ticked,
        criteria=asked.criteria,
        key=asked.key,
        done_elsewhere=asked.done_on is not None,
        is_suggestion=asked.is_suggestion and step is None,
        changed_at=step.changed_at if step else None,
        link=asked.link,
    )


def _own_line(step: DatedStep) -> PlanLine:
    assert step.due_on is not None  # noqa: S101 -- a date of the school's own has a day
    return PlanLine(
        step.what or "",
        step.who or "",
        step.due_on,
        step.done_on,
        key=step.key,
        is_own=True,
        changed_at=step.changed_at,
    )


def _action_lines(
    actions: Sequence[PlannedAction], year: SchoolYear, today: date
) -> Iterator[PlanLine]:
    for one in actions:
        line = PlanLine(
            one.what,
            one.who,
            one.due_on,
            one.done_on,
            (one.criterion_id,),
            action=one,
            changed_at=one.added_at,
        )
        if _belongs(line, year, today):
            yield line


def _belongs(line: PlanLine, year: SchoolYear, today: date) -> bool:
    """Check whether a line belongs in the plan of a year: by its date, or as still open from before."""
    is_present = year.has(today)
    from_before = line.done_on is None and line.due_on < year.begins_on
    done_now = line.done_on is not None and year.has(line.done_on)
    return year.has(line.due_on) or done_now or (is_present and from_before)
