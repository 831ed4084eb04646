"""Submits reviews with their recommendations, and requests what comes next."""

from collections.abc import Collection
from datetime import datetime

from blinker import Signal
from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.queries.deadlines import working_day_after
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.prepare.applications.services.deadlines import meet_deadlines, open_deadline
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services import finish_work
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.outcomes import outcome_problems, unscored
from cissapp.review.reviews.rules.places import (
    ReviewPlace,
    combine_scores,
    differences,
    recommends_high,
    wanted_places,
)
from cissapp.review.reviews.rules.references import (
    needs_reference,
)
from cissapp.review.reviews.rules.standard import suggest_outcome
from cissapp.review.reviews.services.following import holder_id, tell_ready
from cissapp.review.reviews.services.needs import confirmed_needs
from cissapp.review.reviews.services.scoring import require_own_open_review
from cissapp.review.reviews.services.starting import request_reviews

calibration_review_submitted = Signal()
"""Tells the room above that the review of an invented file is handed in: the review, `by` and `at`."""


class Recommendation(Struct, frozen=True):
    """What a reviewer recommends; `outcome` is None for a third review, which only has a summary."""

    outcome: ApplicationOutcome | None
    level: int | None
    needs: Collection[str]
    summary: str


def submit_review(
    review: Review,
    recommendation: Recommendation,
    *,
    version: int,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> None:
    """Submit a review with its recommendation to the decider; its scores can no longer be changed.

    Recommending level 2 or 3 attests what it needs besides scores, so it is refused while one of these needs
    is not ticked. A third reviewer recommends nothing: the outcome that all scores together suggest is
    stored.
    """
    require_own_open_review(review, by=by, at=at)
    if version != review.version:
        raise EditConflict
    needs = confirmed_needs(review.application_id, recommendation.needs)
    _require_complete(review, standard)
    if review.place is ReviewPlace.THIRD:
        outcome, level = _suggested(review, standard), None
    else:
        outcome, level = _require_allowed(review, recommendation, needs, standard)
    review.state = ReviewState.HANDED_IN
    review.handed_in_at = at
    review.recommendation = outcome
    review.level = level
    review.summary = recommendation.summary
    session.flush()
    finish_work(review.application, review.assessor_id, at=at)
    record(
        Event.REVIEW_HANDED_IN,
        review,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        place=review.place.value,
        recommendation=outcome.value,
        level=level,
        needs=sorted(needs),
    )
    if review.application.only_for_id is not None:
        calibration_review_submitted.send(review, by=by, at=at)
    else:
        _go_on(review, standard, by, at)
    session.flush()


def _require_allowed(
    review: Review,
    recommendation: Recommendation,
    needs: Collection[str],
    standard: Standard,
) -> tuple[ApplicationOutcome, int | None]:
    """Refuse a recommendation that is missing, or that the decision rule forbids."""
    outcome, level = recommendation.outcome, recommendation.level
    if outcome is None:
        raise Refused(Problem("outcome", N_("Choose an outcome.")))
    scores = queries.levels_of(review)
    found = outcome_problems(
        outcome, level, scores, standard.decision, standard.criteria, needs_met=needs
    )
    if found:
        raise Refused(*found)
    return outcome, level


def _require_complete(review: Review, standard: Standard) -> None:
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
        message = N_("Enter where you saw the evidence for these criteria: %(criteria)s.")
        raise Refused(Problem("references", message, {"criteria": ", ".join(sorted(bare))}))


def _suggested(review: Review, standard: Standard) -> ApplicationOutcome:
    reviews = {
        place: one
        for place, one in queries.reviews_of(review.application, review.round).items()
        if one is review or one.state is ReviewState.HANDED_IN
    }
    levels = combine_scores({place: queries.levels_of(one) for place, one in reviews.items()})
    return suggest_outcome(levels, standard.decision, standard.criteria, ())


def _go_on(review: Review, standard: Standard, by: Actor, at: datetime) -> None:
    """Request another review if the rule requires one; once all are submitted, start the next deadline."""
    application = review.application
    if review.place is ReviewPlace.FIRST:
        meet_deadlines(application, DeadlineKind.REVIEW, at=at)
        if recommends_high(review.level, standard.decision):
            request_reviews(application, 2, standard, by=by, at=at)
    reviews = queries.reviews_of(application, review.round)
    done = queries.places_submitted(reviews.values())
    if not set(wanted_places(application.reviews_wanted)) <= set(done):
        return
    if application.reviews_wanted == 2:
        first, second = (
            queries.levels_of(reviews[one]) for one in (ReviewPlace.FIRST, ReviewPlace.SECOND)
        )
        if differences(first, second, standard.decision, standard.criteria):
            request_reviews(application, 3, standard, by=by, at=at)
            return
    meet_deadlines(application, DeadlineKind.SECOND_REVIEW, at=at)
    due_on = working_day_after(application, standard.decision.process.decide_days, at)
    decider_id = holder_id(application, CaseRole.DECIDER)
    open_deadline(application, DeadlineKind.DECISION, due_on, person_id=decider_id, by=by, at=at)
    tell_ready(application, at=at)
