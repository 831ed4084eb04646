"""Which criteria ask for an action, what an action must say, and what is suggested for one."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.assessment.rules import ScoreFields
from cissapp.prepare.plan.rules.dates import Office

# Every certificate requires it of critical criteria and of a share of all: the aim of a plan.
TARGET_LEVEL = 2
MOST_ACTIONS, MOST_DATES = 100, 300
WHAT_MOST, WHO_MOST = 400, 120


class ActionFacts(Struct, frozen=True):
    """What is done, by whom, by when."""

    what: str
    who: str
    due_on: date


def below_target(standard: Standard, scores: Mapping[str, ScoreFields]) -> list[Criterion]:
    """List the criteria that the school scored below level 2, in the order of the standard."""
    return [
        one
        for one in standard.criteria
        if (score := scores.get(one.id)) is not None
        and score.level is not None
        and score.level < TARGET_LEVEL
    ]


def day_problem(due_on: date, today: date, before: date | None = None) -> Problem | None:
    """Return the problem with a due date, if any; an unchanged date may be in the past."""
    if due_on >= today or due_on == before:
        return None
    return Problem("due_on", N_("Choose today or a later date."))


# Weeks from today until a suggested action is due; critical criteria come first.
WEEKS, WEEKS_IF_CRITICAL = 12, 6
# Nothing is due in the summer holidays: nobody could do it in time.
HOLIDAYS, AFTER_HOLIDAYS = (7, 8), (9, 15)
_OFFICES = {
    "A12": Office.IT_PERSON,
    "A13": Office.IT_PERSON,
    "C2": Office.CLASS_TEACHERS,
    "C3": Office.CLASS_TEACHERS,
    "C4": Office.CLASS_TEACHERS,
    "C7": Office.CLASS_TEACHERS,
    "C8": Office.CLASS_TEACHERS,
    "C12": Office.HEAD,
}
_OFFICES_OF_PARTS = {"A": Office.HEAD, "B": Office.DESIGNATED_PERSON}


def suggested_office(criterion: Criterion) -> Office:
    """Return the job title suggested for an action that raises a criterion."""
    return _OFFICES.get(criterion.id) or _OFFICES_OF_PARTS.get(criterion.part, Office.DEPUTY_HEAD)


def suggested_day(criterion: Criterion, today: date) -> date:
    """Return the due date suggested for an action; after the summer holidays, never during them."""
    weeks = WEEKS_IF_CRITICAL if criterion.critical else WEEKS
    day = today + timedelta(weeks=weeks)
    return date(day.year, *AFTER_HOLIDAYS) if day.month in HOLIDAYS else day
