"""Saves the scores of a review."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules.involvement import reasons_not_to_review
from cissapp.review.independence.services import lock_application, require_group_member
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.references import (
    MECHANISM,
    VISIT,
    reference_problems,
)
from cissapp.review.reviews.rules.scores import score_problems
from cissapp.review.reviews.rules.work import ROLE_OF_PLACE
from cissapp.review.reviews.services.reloading import reload_review
from cissapp.review.visits.queries import signed_visit


class ScoreInput(Struct, frozen=True):
    """A reviewer's score of a criterion: a level (None for "not applicable"), a reason and references.

    `references` are written as in `rules.references`; only `services.agreement` sets `agreed`.
    """

    criterion: Criterion
    level: int | None
    reason: str
    references: Collection[str] = ()
    agreed: bool = False


def save_score(
    review: Review, judgement: ScoreInput, *, standard: Standard, by: Actor, at: datetime
) -> Score:
    """Save the reviewer's score of a criterion."""
    return save_scores(review, [judgement], standard=standard, by=by, at=at)[0]


def save_scores(
    review: Review,
    judgements: Iterable[ScoreInput],
    *,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> list[Score]:
    """Save the reviewer's scores of several criteria; raise `Refused` for the first that is wrong."""
    require_own_open_review(review, by=by, at=at)
    dossier = read_submission(review.submission)
    known = known_references(review, dossier)
    kept = []
    for one in judgements:
        _require_valid(review, one, dossier, known, standard)
        kept.append(_save(review, one, at))
    session.flush()
    for score in kept:
        record(
            Event.SCORE_SAVED,
            score,
            by=by,
            at=at,
            school_id=review.application.school_id,
            criterion=score.criterion_id,
            level=score.level,
            **({"agreed": True} if score.agreed else {}),
        )
    session.flush()
    return kept


def _require_valid(
    review: Review,
    judgement: ScoreInput,
    dossier: SubmissionContent,
    known: Collection[str],
    standard: Standard,
) -> None:
    criterion, level = judgement.criterion, judgement.level
    if not queries.scores_anew(review, criterion.id):
        raise Refused(Problem("closed", N_("This criterion was settled in an earlier round.")))
    score = dossier.score(criterion.id)
    own = score.level if score else None
    found = score_problems(
        criterion,
        level,
        judgement.reason,
        own=own,
        not_applicable_elsewhere=_not_applicable_elsewhere(review, criterion, standard),
        rule=standard.decision.not_applicable,
    )
    found += reference_problems(level, own, judgement.references, known)
    if found:
        raise Refused(*found)


def known_references(review: Review, dossier: SubmissionContent) -> set[str]:
    """Return what a score may point to: what was submitted, and the visit once it was held."""
    visited = {VISIT} if signed_visit(review.application_id) else set()
    return {MECHANISM, *visited, *(str(one.version.id) for one in dossier.documents)}


def require_own_open_review(review: Review, *, by: Actor, at: datetime) -> None:
    """Lock the application; raise `Refused` unless the review is open and the person is its reviewer."""
    lock_application(review.application)
    person_id = require_group_member(review.application, by)
    reload_review(review)
    if review.state is ReviewState.VOID and review.assessor_id == person_id:
        raise Refused(Problem("state", N_("This review no longer counts and cannot be changed.")))
    if review.assessor_id != person_id:
        raise Refused(Problem("assessor", N_("Only the reviewer can do this.")))
    found = reasons_not_to_review(
        involvement_of(review.application, person_id, today=at.date()), ROLE_OF_PLACE[review.place]
    )
    if found:
        raise Refused(*found)
    if (
        review.state is not ReviewState.OPEN
        or review.application.state is not ApplicationState.IN_REVIEW
    ):
        raise Refused(Problem("state", N_("This review has been submitted and cannot be changed.")))


def _not_applicable_elsewhere(review: Review, criterion: Criterion, standard: Standard) -> int:
    part = {one.id for one in standard.criteria if one.part == criterion.part} - {criterion.id}
    return sum(one.not_applicable for one in review.scores if one.criterion_id in part)


def _save(review: Review, judgement: ScoreInput, at: datetime) -> Score:
    key, level = judgement.criterion.id, judgement.level
    score = next((one for one in review.scores if one.criterion_id == key), None)
    if score is None:
        score = Score(criterion_id=key, reason=judgement.reason, saved_at=at, not_applicable=False)
        review.scores.append(score)
    score.level = level
    score.not_applicable = level is None
    score.reason = judgement.reason
    score.references = list(judgement.references)
    score.agreed = judgement.agreed
    score.saved_at = at
    return score
