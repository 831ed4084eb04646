"""Asks the school in the middle of a review."""

from collections.abc import Mapping
from datetime import datetime

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import ReviewQuestion
from cissapp.prepare.applications.services import review_records
from cissapp.review.reviews import mails, queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services.scoring import require_own_open_review

QUESTION_LEAST = 20


def ask_school(
    review: Review, texts: Mapping[str, str], *, by: Actor, at: datetime
) -> ReviewQuestion:
    """Ask the school about criteria, once per application (programme rule 5.2); the reviews stop meanwhile.

    The school answers by changing these criteria and submitting again; the next round continues with the
    scores of all others, and needs no completeness check.
    """
    require_own_open_review(review, by=by, at=at)
    application = review.application
    if review.place is not ReviewPlace.FIRST:
        raise Refused(Problem("texts", N_("Only the first reviewer can ask the school.")))
    if application.only_for_id is not None:
        message = N_("This school cannot answer at the moment. Score what the application shows.")
        raise Refused(Problem("texts", message))
    if any(len(one) < QUESTION_LEAST for one in texts.values()):
        message = N_("Write at least %(least)s characters for each question.")
        raise Refused(Problem("texts", message, {"least": QUESTION_LEAST}))
    applications.ask(application, open_criteria=list(texts), by=by, at=at)
    for one in queries.reviews_of(application, application.round).values():
        if one.state is ReviewState.OPEN:
            one.state = ReviewState.STOPPED
    question = review_records.record_question(
        application, texts, asker_id=review.assessor_id, at=at
    )
    mails.tell_asked(application, at=at)
    return question
