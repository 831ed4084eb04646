"""Carries the scores that are settled over from the round before into a review."""

from uuid import UUID

from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.rules.places import ReviewPlace


def settled_scores(
    application: Application, place: ReviewPlace, dossier: SubmissionContent, person_id: UUID
) -> list[Score]:
    """Copy what a reviewer need not score again: what counted in the decision, or what they scored themselves.

    After a question to the school nothing is decided yet: the scores of anybody else stay where they are, so
    that the reviewer judges alone.
    """
    if place is ReviewPlace.THIRD:
        return []
    before = queries.reviews_of(application, application.round - 1)
    decided = any(one.round == application.round - 1 for one in queries.decisions_of(application))
    if decided:
        source = list(queries.counted_scores(before).values())
    else:
        own = before.get(place)
        source = list(own.scores) if own is not None and own.assessor_id == person_id else []
    return [
        Score(
            criterion_id=one.criterion_id,
            level=one.level,
            not_applicable=one.not_applicable,
            reason=one.reason,
            references=list(one.references),
            carried=True,
            agreed=one.agreed,
            saved_at=one.saved_at,
        )
        for one in source
        if not dossier.is_open(one.criterion_id)
    ]
