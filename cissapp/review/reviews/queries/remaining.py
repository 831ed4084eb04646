"""How much of reviews is left to do: for the wording of reminders."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.people.deadlines.models import Deadline
from cissapp.prepare.applications.models import Submission
from cissapp.review.reviews.models import Review, Score
from cissapp.review.reviews.rules import ReviewState


def criteria_left(deadlines: Sequence[Deadline], content: Content) -> dict[UUID, int]:
    """Count for each deadline the criteria that the person whose turn it is has not scored; two statements for all.

    A deadline without an open review is left out.
    """
    query = (
        select(
            Review.application_id,
            Review.assessor_id,
            Review.id,
            Review.criteria,
            Submission.rubric_version,
        )
        .join(Submission, Submission.id == Review.submission_id)
        .where(
            Review.application_id.in_([one.subject_id for one in deadlines]),
            Review.state == ReviewState.OPEN,
        )
    )
    # Of several rounds the last stays.
    rows = session.execute(query.order_by(Review.round)) if deadlines else ()
    reviews = {(row.application_id, row.assessor_id): row for row in rows}
    scored = _scored([row.id for row in reviews.values()])
    found = {}
    for one in deadlines:
        row = reviews.get((one.subject_id, one.person_id)) if one.person_id else None
        standard = content.standard_of(row.rubric_version) if row else None
        if row and standard:
            wanted = {criterion.id for criterion in standard.criteria}
            if row.criteria is not None:
                wanted &= set(row.criteria)
            found[one.id] = len(wanted - scored[row.id])
    return found


def _scored(review_ids: Collection[UUID]) -> defaultdict[UUID, set[str]]:
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    query = select(Score.review_id, Score.criterion_id).where(Score.review_id.in_(review_ids))
    for review_id, criterion_id in session.execute(query) if review_ids else ():
        found[review_id].add(criterion_id)
    return found
