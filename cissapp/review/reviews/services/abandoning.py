"""Hands over an open review with its role: the old scores are kept apart, and the review starts again."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.prepare.applications.services.deadlines import assign_deadline
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.review.independence.models import Assignment
from cissapp.review.reviews.models import AbandonedReview, EvidenceView, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services.carrying import settled_scores


def abandon_review(left: Assignment, *, new: Assignment, by: Actor, at: datetime) -> None:
    """Store the open review of a person who left as abandoned, and give the new reviewer an empty one.

    What a decision of an earlier round settled stays settled. Nothing is done if the person has not begun a
    review or is the decider.
    """
    review = session.scalar(
        select(Review).where(
            Review.application_id == left.application_id,
            Review.round == new.round,
            Review.assessor_id == left.person_id,
            Review.state == ReviewState.OPEN,
        )
    )
    if review is None:
        return
    set_scores_apart(review, by=by, at=at)
    review.assessor_id = new.person_id
    review.started_at = at
    dossier = read_submission(review.submission)
    review.scores = settled_scores(review.application, review.place, dossier, new.person_id)
    session.flush()
    session.expire(review, ["assessor"])
    kind = DeadlineKind.REVIEW if review.place is ReviewPlace.FIRST else DeadlineKind.SECOND_REVIEW
    assign_deadline(review.application, kind, new.person_id, by=by, at=at)


def set_scores_apart(review: Review, *, by: Actor, at: datetime) -> None:
    """Keep the scores of a review for the record only, as its present author wrote them.

    Copies of earlier scores are deleted: they stand in the round that they come from.
    """
    scores = [one for one in review.scores if not one.carried]
    session.add(
        AbandonedReview(
            review_id=review.id,
            assessor_id=review.assessor_id,
            started_at=review.started_at,
            abandoned_at=at,
            scores={one.criterion_id: _written(one) for one in scores},
        )
    )
    for one in review.scores:
        session.delete(one)
    # The next reviewer has not seen what the former one looked at.
    session.execute(delete(EvidenceView).where(EvidenceView.review_id == review.id))
    session.flush()
    session.expire(review, ["scores"])
    record(
        Event.REVIEW_ABANDONED,
        review,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        person=str(review.assessor_id),
        scored=len(scores),
    )


def _written(score: Score) -> dict[str, Any]:
    return {
        "level": score.level,
        "not_applicable": score.not_applicable,
        "reason": score.reason,
        "references": list(score.references),
        "agreed": score.agreed,
        "saved_at": score.saved_at.isoformat(),
    }
