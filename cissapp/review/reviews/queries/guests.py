"""What a guest auditor reads of a case: the application, and once a round is decided, its reviews."""

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.reviews.models import Decision, Review
from cissapp.review.reviews.queries.cases import LIGHT, decisions_of, submission_of
from cissapp.review.reviews.rules import ReviewState


class GuestCase(Struct, frozen=True):
    """A case as a guest reads it; reviews and decisions of decided rounds only."""

    application: Application
    dossier: SubmissionContent
    decisions: list[Decision]
    reviews: list[Review]


def guest_case(of: Application) -> GuestCase:
    """Gather what a guest may read: nothing of the reviews of a round that is not decided yet."""
    decisions = decisions_of(of)
    query = (
        select(Review)
        .where(
            Review.application_id == of.id,
            Review.state == ReviewState.HANDED_IN,
            Review.round.in_([one.round for one in decisions]),
        )
        .options(joinedload(Review.submission).options(LIGHT), selectinload(Review.scores))
        .order_by(Review.round, Review.handed_in_at)
    )
    return GuestCase(
        of, read_submission(submission_of(of)), decisions, list(session.scalars(query))
    )
