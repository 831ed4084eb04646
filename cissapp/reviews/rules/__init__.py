"""Words of the review, and when it is due. Who may do what, scores and decision rule stand beside."""

from datetime import date, timedelta
from enum import StrEnum

from cissapp.applications.rules import State

SIFT_DAYS, REVIEW_DAYS = 10, 30
SATURDAY = 5


class ReviewState(StrEnum):
    """The life of a review."""

    OPEN = "open"
    HANDED_IN = "handed_in"


# Where the contents of a dossier can be looked at; what a school took back is closed again.
READABLE = frozenset({State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.DECIDED})

# What the group still has to do something about, or waits for.
UNDER_WAY = (State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED)


def working_days_after(start: date, days: int) -> date:
    """Give the day that is so many working days (Monday to Friday) after another; holidays are not known."""
    on = start
    while days > 0:
        on += timedelta(days=1)
        days -= on.weekday() < SATURDAY
    return on


def due_on(state: State, submitted: date) -> date | None:
    """Say until when the group looks at what was handed in: sift in 10, review in 30 working days."""
    days = {State.SUBMITTED: SIFT_DAYS, State.IN_REVIEW: REVIEW_DAYS}.get(state)
    return working_days_after(submitted, days) if days else None
