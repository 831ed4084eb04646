"""Records what a reviewer has looked at, and saves agreement with the school where that suffices."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import EvidenceView, Review, Score
from cissapp.review.reviews.rules.agreement import (
    agreement_problems,
    evidence_places,
    judgement_problems,
)
from cissapp.review.reviews.services.scoring import (
    ScoreInput,
    require_own_open_review,
    save_scores,
)

SCORED_ALREADY = N_("You have already scored %(criterion)s.")


def record_view(review: Review, place: str, *, at: datetime) -> None:
    """Record once that a place was on the reviewer's screen, in its own transaction as the page is a GET."""
    review_id = review.id
    if place in queries.seen_places(review):
        return
    # Two windows may show the same page at once; the second one has nothing to add.
    with suppress(IntegrityError), unit_of_work():
        session.add(EvidenceView(review_id=review_id, place=place, seen_at=at))


def agree_with_school(
    review: Review,
    criteria: Iterable[Criterion],
    reasons: Mapping[str, str],
    *,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> list[Score]:
    """Save the school's levels as the reviewer's, for criteria whose evidence was on the reviewer's screen.

    `reasons` maps criterion ids to the reasons that the school reads. Raise `Refused` for the first criterion
    that the reviewer has to score on their own.
    """
    require_own_open_review(review, by=by, at=at)
    content, seen = read_submission(review.submission), queries.seen_places(review)
    judgement = judgement_problems(review.place)
    scored = {one.criterion_id for one in review.scores}
    judgements = []
    for criterion in criteria:
        found = judgement or agreement_problems(criterion, content, seen)
        if criterion.id in scored:
            # What the reviewer wrote is never replaced by a sentence of the standard.
            found = [Problem("agree", SCORED_ALREADY, {"criterion": criterion.id})]
        if found:
            raise Refused(*found)
        own = content.scores[criterion.id]
        places = evidence_places(criterion, content)
        reason = reasons[criterion.id]
        judgements.append(ScoreInput(criterion, own.level, reason, places, agreed=True))
    return save_scores(review, judgements, standard=standard, by=by, at=at)
