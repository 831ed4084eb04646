"""Shared vocabulary of the review; permissions, scores, phases and decision rule have their own modules."""

from enum import StrEnum

from cissapp.prepare.applications.rules import ApplicationState


class ReviewState(StrEnum):
    """The states of a review; a question to the school stops it, and the next round keeps its scores.

    A void review never counts again: its author has a conflict of interest, or it compared one that is void.
    """

    OPEN = "open"
    STOPPED = "stopped"
    HANDED_IN = "handed_in"
    VOID = "void"


# States in which the group still has something to do, or waits for the school.
UNDER_WAY = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.CHANGES_REQUESTED,
)
