"""Saves scores, hands recommendations in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from blinker import Signal

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.prepare.applications import turns
from cissapp.review.independence.queries import hands
from cissapp.review.independence.rules.people import keeps_from_assessing
from cissapp.review.independence.services import alone, finish, member
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.people import SEATS
from cissapp.review.reviews.rules.places import (
    Place,
    combined,
    differences,
    recommends_high,
    wanted_places,
)
from cissapp.review.reviews.rules.references import (
    MECHANISM,
    VISIT,
    needs_reference,
    reference_problems,
)
from cissapp.review.reviews.rules.scores import score_problems
from cissapp.review.reviews.rules.standard import suggested
from cissapp.review.reviews.rules.verdicts import unscored, verdict_problems
from cissapp.review.reviews.services.confirming import confirmed
from cissapp.review.reviews.services.persons import fresh
from cissapp.review.reviews.services.starting import want
from cissapp.review.visits.queries import held

calibration_done = Signal()
"""Tells the room above that the review of an invented file is handed in: the review, `by` and `at`."""


@dataclass(frozen=True)
class Judgement:
    """What an assessor says of a criterion: a level, None for "not applicable", with reason and references.

    `references` are written as in `rules.references`.
    """

    criterion: Criterion
    level: int | None
    reason: str
    references: Collection[str] = ()


def save_score(
    review: Review, judgement: Judgement, *, standard: Standard, by: Actor, at: datetime
) -> Score:
    """Keep what the assessor says of a criterion."""
    return save_scores(review, [judgement], standard=standard, by=by, at=at)[0]


def save_scores(
    review: Review,
    judgements: Iterable[Judgement],
    *,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> list[Score]:
    """Keep what the assessor says of several criteria; raise Refused for the first that is wrong."""
    own_and_open(review, by)
    dossier = read_submission(review.submission)
    known = known_references(review, dossier)
    kept = []
    for one in judgements:
        _refuse_wrong(review, one, dossier, known, standard)
        kept.append(_kept(review, one, at))
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
        )
    session.flush()
    return kept


def _refuse_wrong(
    review: Review,
    judgement: Judgement,
    dossier: SubmissionContent,
    known: Collection[str],
    standard: Standard,
) -> None:
    criterion, level = judgement.criterion, judgement.level
    if not queries.is_open(review, criterion.id):
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
    """Name what a score may point to: what was handed in, and the visit once it was held."""
    visited = {VISIT} if held(review.application_id) else set()
    return {MECHANISM, *visited, *(str(one.version.id) for one in dossier.documents)}


def own_and_open(review: Review, by: Actor) -> None:
    """Let only the assessor act, only while the review is open, and only one act at a time."""
    alone(review.application)
    person_id = member(review.application, by)
    fresh(review)
    if review.assessor_id != person_id:
        raise Refused(Problem("assessor", N_("Only the person who assesses can do this.")))
    found = keeps_from_assessing(hands(review.application, person_id), SEATS[review.place])
    if found:
        raise Refused(*found)
    if (
        review.state is not ReviewState.OPEN
        or review.application.state is not ApplicationState.IN_REVIEW
    ):
        raise Refused(Problem("state", N_("This review was handed in. It stays as it is.")))


def _not_applicable_elsewhere(review: Review, criterion: Criterion, standard: Standard) -> int:
    part = {one.id for one in standard.criteria if one.part == criterion.part} - {criterion.id}
    return sum(one.not_applicable for one in review.scores if one.criterion_id in part)


def _kept(review: Review, judgement: Judgement, at: datetime) -> Score:
    key, level = judgement.criterion.id, judgement.level
    score = next((one for one in review.scores if one.criterion_id == key), None)
    if score is None:
        score = Score(criterion_id=key, reason=judgement.reason, saved_at=at, not_applicable=False)
        review.scores.append(score)
    score.level = level
    score.not_applicable = level is None
    score.reason = judgement.reason
    score.references = list(judgement.references)
    score.saved_at = at
    return score


# --- the recommendation ----------------------------------------------------------------------


def hand_in(
    review: Review,
    *,
    recommendation: ApplicationOutcome | None,
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
    as long as one of these needs is not ticked. A third assessor recommends nothing: what all scores
    together suggest is kept.
    """
    own_and_open(review, by)
    if version != review.version:
        raise EditConflict
    needs = confirmed(review.application_id, needs)
    _complete(review, standard)
    if review.place is Place.THIRD:
        recommendation, level = _suggested(review, standard), None
    else:
        recommendation = _allowed(review, recommendation, level, needs, standard)
    review.state = ReviewState.HANDED_IN
    review.handed_in_at = at
    review.recommendation = recommendation
    review.level = level
    review.summary = summary
    session.flush()
    finish(review.application, review.assessor_id, at=at)
    record(
        Event.REVIEW_HANDED_IN,
        review,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        place=review.place.value,
        recommendation=recommendation.value,
        level=level,
        needs=sorted(needs),
    )
    if review.application.only_for_id is not None:
        calibration_done.send(review, by=by, at=at)
    else:
        _go_on(review, standard, by, at)
    session.flush()


def _allowed(
    review: Review,
    recommendation: ApplicationOutcome | None,
    level: int | None,
    needs: Collection[str],
    standard: Standard,
) -> ApplicationOutcome:
    """Refuse a recommendation that is missing, or that the decision rule forbids."""
    if recommendation is None:
        raise Refused(Problem("outcome", N_("Choose an outcome.")))
    scores = queries.levels_of(review)
    found = verdict_problems(
        recommendation, level, scores, standard.decision, standard.criteria, needs_met=needs
    )
    if found:
        raise Refused(*found)
    return recommendation


def _complete(review: Review, standard: Standard) -> None:
    """Refuse a review that lacks a score, or a score that lacks its reference."""
    wanted = [
        one for one in standard.criteria if review.criteria is None or one.id in review.criteria
    ]
    left = unscored(queries.levels_of(review), wanted)
    if left:
        message = N_("These criteria are not scored yet: %(criteria)s.")
        raise Refused(Problem("scores", message, {"criteria": ", ".join(left)}))
    dossier = read_submission(review.submission)
    own = {key: one.level for key, one in dossier.scores.items()}
    bare = [
        one.criterion_id
        for one in review.scores
        if not one.carried
        and not one.references
        and needs_reference(one.level, own.get(one.criterion_id))
    ]
    if bare:
        message = N_("These scores still need the place where you saw it: %(criteria)s.")
        raise Refused(Problem("references", message, {"criteria": ", ".join(sorted(bare))}))


def _suggested(review: Review, standard: Standard) -> ApplicationOutcome:
    reviews = queries.reviews_of(review.application, review.round)
    levels = combined({place: queries.levels_of(one) for place, one in reviews.items()})
    return suggested(levels, standard.decision, standard.criteria, ())


def _go_on(review: Review, standard: Standard, by: Actor, at: datetime) -> None:
    """Ask for one more review, where the rule says so; else it is the decider's turn."""
    application = review.application
    if review.place is Place.FIRST:
        turns.ends(application, DeadlineKind.REVIEW, at=at)
        if recommends_high(review.level, standard.decision):
            want(application, 2, standard, by=by, at=at)
    reviews = queries.reviews_of(application, review.round)
    done = queries.handed_in(reviews.values())
    if not set(wanted_places(application.reviews_wanted)) <= set(done):
        return
    if application.reviews_wanted == len((Place.FIRST, Place.SECOND)):
        first, second = (queries.levels_of(reviews[one]) for one in (Place.FIRST, Place.SECOND))
        if differences(first, second, standard.decision, standard.criteria):
            want(application, 3, standard, by=by, at=at)
            return
    turns.ends(application, DeadlineKind.SECOND_REVIEW, at=at)
    due_on = turns.working_day(application, standard.decision.process.decide_days, at)
    turns.begins(application, DeadlineKind.DECISION, due_on, by=by, at=at)
