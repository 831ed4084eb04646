"""Reads the levels of a school at every time that it may know of, in a constant number of queries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, and_, select

from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.applications.rules.next_actions import IN_PLACE
from cissapp.prepare.applications.submission_content.reading import submitted_levels
from cissapp.prepare.assessment import queries as assessment_queries
from cissapp.prepare.assessment.models import SelfScore
from cissapp.review.appeals.queries import altered_levels
from cissapp.review.history.rules.levels import (
    Measurement,
    MeasurementKind,
    lower_of_both,
    measured,
)
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.letters import next_steps
from cissapp.review.reviews.rules.places import ReviewPlace, combine_scores
from cissapp.review.reviews.rules.standard import Scores

RoundKey = tuple[UUID, int]


class DecidedLevels(Struct, frozen=True):
    """The levels that the newest decision rests on, by the criteria of its round.

    `told` are those that its letter states to the school, `shown` the criteria found at level 2 or above.
    """

    at: datetime
    standard: Standard
    told: Mapping[str, int]
    shown: frozenset[str]


class LevelHistory(Struct, frozen=True):
    """Everything that a school may know about its levels, in order of time, with today's last.

    `still_told` are the levels of the newest decision whose criteria the school has not answered again since.
    """

    standard: Standard
    own: Scores
    measurements: tuple[Measurement, ...]
    decided: DecidedLevels | None
    still_told: Mapping[str, int]

    @property
    def levels(self) -> dict[str, int | None]:
        """The levels of today: the school's own, lowered where `still_told` has a lower one."""
        return lower_of_both(self.own, self.still_told)


def level_history(school_id: UUID, content: Content, *, at: datetime) -> LevelHistory:
    """Gather the levels of a school: its own of each round and of today, and those of each decision.

    The reviewers' levels of a round are read once it is decided, as the letter is.
    """
    rounds, decided = _rounds(school_id), _decided_levels(school_id)
    found: list[Measurement] = []
    newest: DecidedLevels | None = None
    for row in rounds:
        standard = content.standard_of(row.rubric_version)
        own = submitted_levels(row.content)
        found.append(_measured(MeasurementKind.SUBMITTED, row, row.submitted_at, own, standard))
        if row.decided_at is not None:
            levels = decided.get((row.application_id, row.round), {})
            found.append(_measured(MeasurementKind.DECIDED, row, row.decided_at, levels, standard))
            newest = _told(row, levels, standard)
    standard = assessment_queries.standard_to_answer(school_id, content)
    answers = assessment_queries.scores(school_id)
    scores = {key: one.level for key, one in answers.items()}
    today = measured(
        MeasurementKind.TODAY, at, scores, standard.criteria, version=standard.rubric.version
    )
    found.sort(key=lambda one: one.at)
    still_told = _still_told(newest, standard, answers)
    return LevelHistory(standard, scores, (*found, today), newest, still_told)


def _still_told(
    decided: DecidedLevels | None, standard: Standard, answers: Mapping[str, SelfScore]
) -> dict[str, int]:
    """Keep the levels a decision stated for criteria of the same version that were not answered since."""
    if decided is None or decided.standard is not standard:
        return {}
    return {
        key: level
        for key, level in decided.told.items()
        if key in answers and answers[key].saved_at <= decided.at
    }


def _rounds(school_id: UUID) -> list[Row[Any]]:
    """Read every submitted round with its decision, the first one first."""
    decision = and_(
        Decision.application_id == Submission.application_id, Decision.round == Submission.round
    )
    query = (
        select(
            Submission.application_id,
            Application.cycle,
            Submission.round,
            Submission.rubric_version,
            Submission.content,
            Submission.submitted_at,
            Decision.decided_at,
            Decision.outcome,
            Decision.level,
        )
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Decision, decision)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle, Submission.round)
    )
    return list(session.execute(query))


def _decided_levels(school_id: UUID) -> dict[RoundKey, dict[str, int | None]]:
    """Combine the scores of all reviews of each decided round, and what a panel changed in them."""
    query = (
        select(
            Decision.id,
            Decision.application_id,
            Decision.round,
            Review.place,
            Score.criterion_id,
            Score.level,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(
            Review,
            and_(Review.application_id == Decision.application_id, Review.round == Decision.round),
        )
        .join(Score, Score.review_id == Review.id)
        .where(Application.school_id == school_id, Review.state == ReviewState.HANDED_IN)
    )
    reviews: dict[tuple[UUID, UUID, int], dict[ReviewPlace, dict[str, int | None]]] = {}
    for decision_id, application_id, number, place, criterion_id, level in session.execute(query):
        of_round = reviews.setdefault((decision_id, application_id, number), {})
        of_round.setdefault(place, {})[criterion_id] = level
    altered = altered_levels(school_id)
    return {
        (application_id, number): {**combine_scores(scores), **altered.get(decision_id, {})}
        for (decision_id, application_id, number), scores in reviews.items()
    }


def _measured(
    kind: MeasurementKind, row: Row[Any], at: datetime, levels: Scores, standard: Standard | None
) -> Measurement:
    """Measure a round; without its standard, which may be gone, the result has no figures."""
    criteria = standard.criteria if standard else ()
    return measured(
        kind, at, levels, criteria, version=row.rubric_version, cycle=row.cycle, round_=row.round
    )


def _told(row: Row[Any], levels: Scores, standard: Standard | None) -> DecidedLevels | None:
    """Return what the letter about a decision states; None without levels, or without their criteria."""
    if standard is None or not levels:
        return None
    outcome: ApplicationOutcome = row.outcome
    steps = next_steps(outcome, row.level, levels, standard.decision, standard.criteria)
    told = {one: level for one in steps if (level := levels.get(one)) is not None}
    shown = frozenset(
        key for key, level in levels.items() if level is not None and level >= IN_PLACE
    )
    return DecidedLevels(row.decided_at, standard, told, shown)
