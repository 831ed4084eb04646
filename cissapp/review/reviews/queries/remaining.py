"""How much of a review is left to do: for the wording of reminders."""

from sqlalchemy import select

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.people.deadlines.models import Deadline
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState


def criteria_left(deadline: Deadline, content: Content) -> int | None:
    """Count the criteria not yet scored by the person the deadline is for; None without an open review."""
    query = select(Review).where(
        Review.application_id == deadline.subject_id,
        Review.assessor_id == deadline.person_id,
        Review.state == ReviewState.OPEN,
    )
    review = session.scalars(query.order_by(Review.round.desc()).limit(1)).first()
    standard = content.standard_of(review.submission.rubric_version) if review else None
    if review is None or standard is None:
        return None
    wanted = {one.id for one in standard.criteria}
    if review.criteria is not None:
        wanted &= set(review.criteria)
    return len(wanted - {one.criterion_id for one in review.scores})
