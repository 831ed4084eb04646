"""Words of the review. Who may do what, scores, phases and decision rule stand beside."""

from enum import StrEnum

from cissapp.prepare.applications.rules import ApplicationState


class ReviewState(StrEnum):
    """The life of a review; a question to the school stops it, and the next round goes on with its scores."""

    OPEN = "open"
    STOPPED = "stopped"
    HANDED_IN = "handed_in"


# What the group still has to do something about, or waits for.
UNDER_WAY = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.CHANGES_REQUESTED,
)
