"""Why a review that a person was writing cannot be continued: what happened to it in the meantime."""

from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.reviews.rules import ReviewState

HANDED_OVER = N_("This task was handed over to another person.")
SUBMITTED = N_("This review has been submitted and cannot be changed.")
PAUSED = N_("The school has been asked a question. All reviews are paused until it has answered.")
DECIDED = N_("This application has been decided.")
NEW_ROUND = N_(
    "The school has submitted its application again. A new review begins on the page of the case."
)
COMPARED = N_(
    "Your review has ended, because one of the two reviews that it compared no longer counts. You do not need to do anything now."
)


def reason_review_ended(
    own: ReviewState | None, state: ApplicationState, *, handed_over: bool, earlier_round: bool
) -> Problem | None:
    """Return why a person's review cannot be continued; None while it can.

    `own` is the state of the person's review of this round, None if none counts any more.
    """
    reason = None
    if handed_over:
        reason = HANDED_OVER
    elif own is ReviewState.HANDED_IN:
        reason = SUBMITTED
    elif state is ApplicationState.CHANGES_REQUESTED:
        reason = PAUSED if own is ReviewState.STOPPED else DECIDED
    elif earlier_round:
        reason = NEW_ROUND
    elif own is not ReviewState.OPEN:
        reason = COMPARED
    return Problem("state", reason) if reason else None
