"""What happened to a list and its rows, in the language of the page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import format_timedelta
from flask_babel import gettext as _
from msgspec import Struct, structs

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import text_of
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import (
    COLUMN_NAMES,
    OUTCOME_KINDS,
    OUTCOME_NAMES,
    ListColumn,
    ListState,
    RowOutcome,
    RowResult,
    UndoOutcome,
    restored,
)
from cissapp.people.school_lists.rules.pace import rounded_up, seconds_left

STATE_KINDS = {
    ListState.READING: "info",
    ListState.READ: "warn",
    ListState.CHECKING: "info",
    ListState.CHECKED: "warn",
    ListState.IMPORTING: "info",
    ListState.IMPORTED: "ok",
    ListState.HOLDING: "info",
    ListState.UNDOING: "info",
    ListState.UNDONE: "none",
    ListState.FAILED: "bad",
    ListState.DISCARDING: "none",
}

# From this many hours on, a time is shown in hours.
HOURS_FROM = 1.6


class RowLine(Struct, frozen=True):
    """A row of a list as a page shows it."""

    number: int
    code: str
    name: str
    kind: str
    outcome: str
    reason: str


def lines_to_look_at(found: SchoolList) -> list[RowLine]:
    """Return the first rows that somebody has to look at, as a page shows them."""
    return [_line(found, *row) for row in found.to_look_at]


def _line(found: SchoolList, number: int, cells: Sequence[str], kept: dict[str, Any]) -> RowLine:
    result = restored(kept)
    return RowLine(
        number,
        _cell(found, cells, ListColumn.CODE),
        _cell(found, cells, ListColumn.NAME),
        OUTCOME_KINDS[result.outcome],
        _(OUTCOME_NAMES[result.outcome]),
        reason_of(result),
    )


def _cell(found: SchoolList, cells: Sequence[str], column: ListColumn) -> str:
    for place, heading in enumerate(found.head):
        if found.columns.get(heading) == column and place < len(cells):
            return cells[place].replace("\0", "")
    return ""


UNDO_NAMES = {
    UndoOutcome.UNDONE: N_("Undone"),
    UndoOutcome.LEFT: N_("Could not be undone"),
}


def outcome_of(result: RowResult, say: Callable[[str], str]) -> str:
    """Return the name of a row's outcome, or of the outcome of undoing it."""
    return str(say(UNDO_NAMES[result.undo] if result.undo else OUTCOME_NAMES[result.outcome]))


def reason_of(result: RowResult, say: Callable[[str], str] = _) -> str:
    """Return why a row had this outcome."""
    if result.undo_problem:
        return text_of(result.undo_problem, say)
    return " ".join([text_of(_with_names(problem, say), say) for problem in result.problems])


def _with_names(problem: Problem, say: Callable[[str], str]) -> Problem:
    """Return a problem that names columns as the page of the columns does, and languages as their speakers do."""
    words = {"column": _column, "columns": _column, "languages": _language}
    named = {
        key: ", ".join(word(one, say) for one in said.split(", "))
        for key, word in words.items()
        if (said := problem.values.get(key))
    }
    return structs.replace(problem, values=problem.values | named) if named else problem


def _column(name: Any, say: Callable[[str], str]) -> str:
    return str(say(COLUMN_NAMES.get(name, name)))


def _language(code: str, _say: Callable[[str], str]) -> str:
    return languages.NAMES.get(code, code)


def counts_of(found: SchoolList) -> list[tuple[str, int]]:
    """List the number of rows with each outcome; zeros are left out, except for new rows."""
    is_ahead = found.state in {ListState.CHECKING, ListState.CHECKED}
    outcomes = [
        (str(_(OUTCOME_NAMES[outcome])), found.counts.get(outcome.value, 0))
        for outcome in RowOutcome
        if found.counts.get(outcome.value) or outcome is RowOutcome.CREATED
    ]
    people = [
        (str(name), found.counts[key])
        for key, name in (
            ("invited", _("People to invite") if is_ahead else _("People invited")),
            ("undone", _("Rows undone")),
            ("left", _("Rows that could not be undone")),
            ("unsent", _("Invitation emails not sent")),
        )
        if found.counts.get(key)
    ]
    return outcomes + people


def time_left(found: SchoolList, at: datetime) -> str:
    """Return how long the work on a list will take at its speed so far; empty while that is not known."""
    left = seconds_left(found.rows, found.rows_done, found.paced_rows, found.paced_from, at)
    if left is None:
        return ""
    rounded = rounded_up(left)
    if not rounded:
        return str(_("At this speed, less than a minute is left."))
    time = format_timedelta(rounded, granularity="minute", threshold=HOURS_FROM)
    return str(_("Time left at this speed: about %(time)s.", time=time))


def problem_of(found: SchoolList) -> str:
    """Return why a file cannot be read."""
    if not found.problem:
        return ""
    message, values = found.problem
    return text_of(Problem("file", message, values))
