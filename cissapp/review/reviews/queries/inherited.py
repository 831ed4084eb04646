"""Finds reviews with scores that another person wrote, as an earlier version carried them over."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.rules import UNDECIDED
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState


def cases_with_inherited_scores() -> list[UUID]:
    """List the undecided applications with a review that holds scores of another person.

    Whoever went on with a review after a question to the school inherited what the person before had scored.
    Scores that a decision settled are no such scores, nor are a reviewer's own of the round before.
    """
    own = aliased(Review)
    query = (
        select(Review.application_id)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.state.in_(UNDECIDED),
            Review.round == Application.round,
            Review.round > 1,
            Review.state.in_((ReviewState.OPEN, ReviewState.HANDED_IN)),
            exists().where(Score.review_id == Review.id, Score.carried),
            ~exists().where(
                Decision.application_id == Review.application_id,
                Decision.round >= Review.round - 1,
            ),
            ~exists().where(
                own.application_id == Review.application_id,
                own.round == Review.round - 1,
                own.place == Review.place,
                own.assessor_id == Review.assessor_id,
            ),
        )
        .distinct()
    )
    return sorted(session.scalars(query))
