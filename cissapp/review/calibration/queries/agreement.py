"""Reads of how far people agree, with each other and with the model."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct
from sqlalchemy import case, func, select

from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import natural_key
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.queries.kept_figures import DatedFigures, kept_or_new
from cissapp.people.schools.rules import KeptKind
from cissapp.prepare.applications.models import Application
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.calibration.rules import (
    Agreement,
    Rating,
    YearlyDrift,
    measure_agreement,
    yearly_drift,
)
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState


class AgreementRow(Struct, frozen=True):
    """A criterion, a part of the rubric or everything: its name, and how far people agree."""

    name: str
    title: str
    agreement: Agreement


# So many people with the highest shares are shown of a large group.
SHARES_SHOWN = 25


def _finished_copies_for(
    actor: Actor, person_ids: Collection[UUID] | None = None
) -> list[BenchmarkCopy]:
    """List the finished benchmarks of the person's own group, or of all for the secretariat, oldest first."""
    query = (
        select(BenchmarkCopy)
        .where(BenchmarkCopy.done_at.is_not(None))
        .order_by(BenchmarkCopy.done_at, BenchmarkCopy.id)
    )
    if actor.role is not Role.SECRETARIAT:
        people = select(User.id).where(User.group_id == actor.group_id)
        query = query.where(BenchmarkCopy.person_id.in_(people))
    if person_ids is not None:
        query = query.where(BenchmarkCopy.person_id.in_(person_ids))
    return list(session.scalars(query))


def ratings(actor: Actor) -> list[Rating]:
    """List the levels of each person's newest review of each benchmark, in two queries."""
    newest = {(one.person_id, one.benchmark_id): one for one in _finished_copies_for(actor)}
    by_application = {one.application_id: one for one in newest.values()}
    rows = session.execute(
        select(Review.application_id, Score.criterion_id, Score.level)
        .join(Score, Score.review_id == Review.id)
        .where(
            Review.application_id.in_(by_application),
            Review.state == ReviewState.HANDED_IN,
            # Levels taken from the school in one act are not the reviewer's own judgement.
            Score.agreed.is_(False),
        )
    )
    found = []
    for application_id, criterion_id, level in rows:
        copy = by_application[application_id]
        found.append(Rating(str(copy.person_id), copy.benchmark_id, criterion_id, level))
    return found


class CalibrationFigures(Struct, frozen=True):
    """How far people agree by criterion, by part and ("") overall, and how many scores they gave.

    `scores` counts all scores and those agreed to in one act, by person; by group for the secretariat,
    which sees no person.
    """

    agreements: dict[str, Agreement]
    scores: list[tuple[UUID, int, int]]


def calibration_figures(actor: Actor, standard: Standard) -> DatedFigures[CalibrationFigures]:
    """Return the figures of the person's own group, or of all groups for the secretariat."""
    scope = None if actor.role is Role.SECRETARIAT else actor.group_id
    return kept_or_new(
        KeptKind.CALIBRATION,
        scope,
        CalibrationFigures,
        lambda: measure_calibration(actor, standard),
    )


def measure_calibration(actor: Actor, standard: Standard) -> CalibrationFigures:
    """Measure how far people agree, and count their scores."""
    return CalibrationFigures(_measure_agreements(actor, standard), _count_scores(actor))


def _measure_agreements(actor: Actor, standard: Standard) -> dict[str, Agreement]:
    part_of = {one.id: one.part for one in standard.criteria}
    known = [one for one in ratings(actor) if one.criterion in part_of]
    found = {"": measure_agreement(known)}
    for part in standard.rubric.parts:
        found[part.id] = measure_agreement(
            one for one in known if part_of[one.criterion] == part.id
        )
    for criterion in standard.criteria:
        found[criterion.id] = measure_agreement(
            one for one in known if one.criterion == criterion.id
        )
    return found


def agreements(found: CalibrationFigures, standard: Standard, language: str) -> list[AgreementRow]:
    """List how far people agree: on everything, on each part, on each criterion."""
    words = standard.rubric_text(language)
    named = {
        "": "",
        **{one.id: words.parts[one.id].title for one in standard.rubric.parts},
        **{one.id: one.text(language).title for one in standard.criteria},
    }
    # A criterion newer than the figures has none yet.
    none = Agreement(0, 0)
    return [
        AgreementRow(key, title, found.agreements.get(key, none)) for key, title in named.items()
    ]


class AgreedShare(Struct, frozen=True):
    """How many scores a person or a group gave, and how many of them by agreeing in one act."""

    name: str
    scores: int
    agreed: int

    @property
    def percent(self) -> int:
        """The share of scores agreed to in one act, in per cent."""
        return round(100 * self.agreed / self.scores) if self.scores else 0


def agreed_shares(found: CalibrationFigures, actor: Actor) -> list[AgreedShare]:
    """List the highest shares agreed to in one act, by the name of the person; of the group for the secretariat."""
    named = NationalGroup if actor.role is Role.SECRETARIAT else User
    highest = sorted(found.scores, key=lambda one: (-one[2] / one[1], one[0]))[:SHARES_SHOWN]
    ids = [one[0] for one in highest]
    rows = session.execute(select(named.id, named.name).where(named.id.in_(ids)))
    names: dict[UUID, str] = {row[0]: row[1] for row in rows}
    shares = [
        AgreedShare(names[key], scores, agreed) for key, scores, agreed in highest if key in names
    ]
    return sorted(shares, key=lambda one: natural_key(one.name))


def _count_scores(actor: Actor) -> list[tuple[UUID, int, int]]:
    """Count scores, and those agreed to in one act, by person or by group, in one query.

    Only decided cases and finished benchmarks count: an earlier increase would show a review's progress.
    """
    of_all = actor.role is Role.SECRETARIAT
    whose = User.group_id if of_all else User.id
    query = (
        select(whose, func.count(), func.sum(case((Score.agreed, 1), else_=0)))
        .select_from(Score)
        .join(Review, Review.id == Score.review_id)
        .join(Application, Application.id == Review.application_id)
        .outerjoin(
            Decision,
            (Decision.application_id == Review.application_id) & (Decision.round == Review.round),
        )
        .join(User, User.id == Review.assessor_id)
        .where(
            Score.carried.is_(False),
            Review.state == ReviewState.HANDED_IN,
            User.group_id.is_not(None),
            Decision.id.is_not(None) | Application.only_for_id.is_not(None),
        )
        .group_by(whose)
    )
    if not of_all:
        query = query.where(User.group_id == actor.group_id)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def drifts(actor: Actor, person_ids: Collection[UUID] | None = None) -> list[YearlyDrift]:
    """List by year how far people, or some of them, differed from the model; the secretariat sees groups."""
    done = _finished_copies_for(actor, person_ids)
    if actor.role is Role.SECRETARIAT:
        rows = session.execute(
            select(User.id, NationalGroup.name).join(
                NationalGroup, NationalGroup.id == User.group_id
            )
        )
        names = {row[0]: row[1] for row in rows}
    else:
        names = {one.person_id: one.person.name for one in done}
    return yearly_drift(
        (names[one.person_id], one.done_at.year, one.comparison)
        for one in done
        if one.done_at is not None and one.person_id in names
    )
