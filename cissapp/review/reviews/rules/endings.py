"""Why a review that a person was writing cannot be continued: what happened to it in the meantime."""

from cissapp.foundation.core.errors import N_, Problem
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
NOT_BEGUN = N_("You have not begun this review yet. The page of the case says what you can do now.")


def reason_review_ended(
    own: ReviewState | None,
    *,
    is_compared: bool,
    handed_over: bool,
    decided: bool,
    earlier_round: bool,
) -> Problem | None:
    """Return why a person's review cannot be continued; None while it can.

    `own` is the state of the person's review of this round, None if none counts. `is_compared` is whether a
    third review of the person is void, since one of the two that it compared no longer counts.
    """
    reason = None
    if is_compared:
        reason = COMPARED
    elif handed_over:
        reason = HANDED_OVER
    elif own is ReviewState.HANDED_IN:
        reason = SUBMITTED
    elif own is ReviewState.STOPPED:
        reason = PAUSED
    elif decided:
        reason = DECIDED
    elif earlier_round:
        reason = NEW_ROUND
    elif own is not ReviewState.OPEN:
        reason = NOT_BEGUN
    return Problem("state", reason) if reason else None
