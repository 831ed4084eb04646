"""Hands over a review with its role, open or taken back: the old scores are kept apart, and it starts again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.prepare.applications.services.deadlines import assign_deadline
from cissapp.review.independence.models import Assignment
from cissapp.review.reviews.models import AbandonedReview, EvidenceView, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace


def abandon_review(left: Assignment, *, new: Assignment, by: Actor, at: datetime) -> None:
    """Store the review of a person who left as abandoned, if nobody can decide on it, and give the new reviewer an empty one.

    Scores settled in an earlier round stay. Nothing is done if the person has not begun a review or is the
    decider.
    """
    review = session.scalar(
        select(Review).where(
            Review.application_id == left.application_id,
            Review.round == new.round,
            Review.assessor_id == left.person_id,
            Review.state.in_((ReviewState.OPEN, ReviewState.STOPPED)),
        )
    )
    if review is None:
        return
    own = [one for one in review.scores if not one.carried]
    session.add(
        AbandonedReview(
            review_id=review.id,
            assessor_id=review.assessor_id,
            started_at=review.started_at,
            abandoned_at=at,
            scores={one.criterion_id: _written(one) for one in own},
        )
    )
    for one in own:
        session.delete(one)
    _start_afresh(review, new.person_id, at=at)
    record(
        Event.REVIEW_ABANDONED,
        review,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        person=str(left.person_id),
        scored=len(own),
    )
    kind = DeadlineKind.REVIEW if review.place is ReviewPlace.FIRST else DeadlineKind.SECOND_REVIEW
    assign_deadline(review.application, kind, new.person_id, by=by, at=at)


def _start_afresh(review: Review, person_id: UUID, *, at: datetime) -> None:
    # The new reviewer has not seen what the former one looked at.
    session.execute(delete(EvidenceView).where(EvidenceView.review_id == review.id))
    review.assessor_id = person_id
    review.started_at = at
    review.state = ReviewState.OPEN
    review.level = review.summary = None
    session.flush()
    session.expire(review, ["assessor", "scores"])


def _written(score: Score) -> dict[str, Any]:
    return {
        "level": score.level,
        "not_applicable": score.not_applicable,
        "reason": score.reason,
        "references": list(score.references),
        "agreed": score.agreed,
        "saved_at": score.saved_at.isoformat(),
    }
