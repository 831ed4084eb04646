"""Begins reviews, saves scores, hands recommendations in."""

from collections.abc import Collection
from datetime import datetime

from cissapp.applications import services as applications
from cissapp.applications import snapshot
from cissapp.applications.models import Application
from cissapp.applications.rules import Outcome, State
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.content.values import Criterion, Standard
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.core.errors import N_, Overtaken, Problem, Refused
from cissapp.reviews import queries
from cissapp.reviews.models import Review, Score
from cissapp.reviews.rules import ReviewState
from cissapp.reviews.rules.people import keeps_from_assessing
from cissapp.reviews.rules.scores import score_problems
from cissapp.reviews.rules.verdicts import unscored, verdict_problems
from cissapp.reviews.services.persons import alone, fresh, member


def start(application: Application, *, by: Actor, at: datetime) -> Review:
    """Begin the review of the round; the person who begins assesses.

    From the second round on only the open criteria are scored anew. The scores of all others are
    carried over from the round before.
    """
    alone(application)
    person_id = member(application, by)
    found = keeps_from_assessing(queries.hands(application, person_id))
    if found:
        raise Refused(*found)
    if queries.review_of_round(application, application.round):
        raise Refused(Problem("state", N_("Another person has begun this review already.")))
    applications.start_review(application, by=by, at=at)
    submission = queries.submission_of(application)
    review = Review(
        application_id=application.id,
        submission_id=submission.id,
        round=application.round,
        assessor_id=person_id,
        state=ReviewState.OPEN,
        started_at=at,
        scores=_carried_over(application, snapshot.read(submission)),
    )
    session.add(review)
    session.flush()
    return review


def _carried_over(application: Application, dossier: snapshot.Snapshot) -> list[Score]:
    before = queries.review_of_round(application, application.round - 1)
    return [
        Score(
            criterion_id=one.criterion_id,
            level=one.level,
            not_applicable=one.not_applicable,
            reason=one.reason,
            saved_at=one.saved_at,
        )
        for one in (before.scores if before else [])
        if not dossier.is_open(one.criterion_id)
    ]


def save_score(
    review: Review,
    criterion: Criterion,
    *,
    level: int | None,
    reason: str,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> Score:
    """Keep the assessor's level for a criterion, None for "not applicable", with the reason."""
    _own_and_open(review, by)
    dossier = snapshot.read(review.submission)
    if not dossier.is_open(criterion.id):
        raise Refused(Problem("closed", N_("This criterion was settled in an earlier round.")))
    own = dossier.score(criterion.id)
    found = score_problems(
        criterion,
        level,
        reason,
        own=own.level if own else None,
        not_applicable_elsewhere=_not_applicable_elsewhere(review, criterion, standard),
        rule=standard.decision.not_applicable,
    )
    if found:
        raise Refused(*found)
    score = _kept(review, criterion.id, level, reason, at)
    record(
        Event.SCORE_SAVED,
        score,
        by=by,
        at=at,
        school_id=review.application.school_id,
        criterion=criterion.id,
        level=level,
    )
    session.flush()
    return score


def _own_and_open(review: Review, by: Actor) -> None:
    """Let only the assessor act, only while the review is open, and only one act at a time."""
    alone(review.application)
    person_id = member(review.application, by)
    fresh(review)
    if review.assessor_id != person_id:
        raise Refused(Problem("assessor", N_("Only the person who assesses can do this.")))
    found = keeps_from_assessing(queries.hands(review.application, person_id))
    if found:
        raise Refused(*found)
    if review.state is not ReviewState.OPEN or review.application.state is not State.IN_REVIEW:
        raise Refused(Problem("state", N_("This review was handed in. It stays as it is.")))


def _not_applicable_elsewhere(review: Review, criterion: Criterion, standard: Standard) -> int:
    part = {one.id for one in standard.criteria if one.part == criterion.part} - {criterion.id}
    return sum(one.not_applicable for one in review.scores if one.criterion_id in part)


def _kept(review: Review, criterion_id: str, level: int | None, reason: str, at: datetime) -> Score:
    score = next((one for one in review.scores if one.criterion_id == criterion_id), None)
    if score is None:
        score = Score(criterion_id=criterion_id, reason=reason, saved_at=at, not_applicable=False)
        review.scores.append(score)
    score.level = level
    score.not_applicable = level is None
    score.reason = reason
    score.saved_at = at
    session.flush()
    return score


def hand_in(
    review: Review,
    *,
    recommendation: Outcome,
    level: int | None,
    needs: Collection[str],
    summary: str,
    version: int,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> None:
    """Recommend an outcome to the person who decides; the scores stay as they are from now on.

    What levels 2 and 3 need besides scores is attested by recommending such a level: it is refused,
    as long as one of these needs is not ticked.
    """
    _own_and_open(review, by)
    if version != review.version:
        raise Overtaken
    scores = {one.criterion_id: one.level for one in review.scores}
    left = unscored(scores, standard.criteria)
    if left:
        message = N_("These criteria are not scored yet: %(criteria)s.")
        raise Refused(Problem("scores", message, {"criteria": ", ".join(left)}))
    found = verdict_problems(
        recommendation, level, scores, standard.decision, standard.criteria, needs_met=needs
    )
    if found:
        raise Refused(*found)
    review.state = ReviewState.HANDED_IN
    review.handed_in_at = at
    review.recommendation = recommendation
    review.level = level
    review.summary = summary
    session.flush()
    record(
        Event.REVIEW_HANDED_IN,
        review,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        recommendation=recommendation.value,
        level=level,
        needs=sorted(needs),
    )
    session.flush()
