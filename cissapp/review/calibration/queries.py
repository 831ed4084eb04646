"""Reads of calibration: what was dealt, how near people are to the model, how far they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from cissapp.foundation.content.schema.standard import Calibration
from cissapp.foundation.content.values import Benchmark, Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import NationalGroup
from cissapp.prepare.applications.models import Application
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.calibration.rules import (
    Agreement,
    Rating,
    YearlyDrift,
    measure_agreement,
    meets_goals,
    yearly_drift,
)
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState

REVIEWER_ROLES = (Role.REVIEWER, Role.COORDINATOR)


def own_copy(application_id: UUID) -> BenchmarkCopy:
    """Find the finished benchmark copy of an application; raise `Missing` for any other."""
    found = session.scalar(
        select(BenchmarkCopy).where(BenchmarkCopy.application_id == application_id)
    )
    if found is None or found.done_at is None:
        raise Missing
    return found


def copy_of(application_id: UUID) -> BenchmarkCopy | None:
    """Find the benchmark copy of an application, if it is one."""
    return session.scalar(
        select(BenchmarkCopy).where(BenchmarkCopy.application_id == application_id)
    )


def copies_of(person_id: UUID) -> list[BenchmarkCopy]:
    """List the benchmarks assigned to a person, the oldest first."""
    query = select(BenchmarkCopy).where(BenchmarkCopy.person_id == person_id)
    return list(session.scalars(query.order_by(BenchmarkCopy.dealt_at, BenchmarkCopy.id)))


def finished_copies(person_id: UUID) -> list[BenchmarkCopy]:
    """List the benchmarks that a person has finished, the newest first."""
    query = select(BenchmarkCopy).where(
        BenchmarkCopy.person_id == person_id, BenchmarkCopy.done_at.is_not(None)
    )
    return list(session.scalars(query.order_by(BenchmarkCopy.done_at.desc(), BenchmarkCopy.id)))


def reviewer(person_id: UUID) -> User:
    """Find a reviewer with an open account; raise `Missing` for everyone else."""
    found = session.get(User, person_id)
    if found is None or found.role not in REVIEWER_ROLES or not found.is_active:
        raise Missing
    return found


def all_reviewers() -> list[User]:
    """List the reviewers of all groups whose account is open."""
    query = select(User).where(User.role.in_(REVIEWER_ROLES), User.deactivated_at.is_(None))
    return list(session.scalars(query.order_by(User.id)))


def newest_copies() -> dict[UUID, datetime]:
    """Return when each person was last assigned a benchmark."""
    query = select(BenchmarkCopy.person_id, func.max(BenchmarkCopy.dealt_at)).group_by(
        BenchmarkCopy.person_id
    )
    return {row[0]: row[1] for row in session.execute(query)}


def people_with_open_copies() -> set[UUID]:
    """Return the ids of everyone who has an unfinished benchmark."""
    return set(
        session.scalars(
            select(BenchmarkCopy.person_id).where(BenchmarkCopy.done_at.is_(None)).distinct()
        )
    )


def review_of(copy: BenchmarkCopy) -> Review | None:
    """Find the review that a person wrote of a benchmark."""
    query = select(Review).where(
        Review.application_id == copy.application_id, Review.assessor_id == copy.person_id
    )
    return session.scalar(query)


# --- one's own result ------------------------------------------------------------------------


@dataclass(frozen=True)
class ComparedScore:
    """A criterion: the own level beside that of the model, and why the model says so."""

    criterion: Criterion
    own: int | None
    model: int
    reason: str

    @property
    def differs(self) -> bool:
        """Whether the two levels are not the same."""
        return self.own != self.model


def compared_scores(
    copy: BenchmarkCopy, benchmark: Benchmark, standard: Standard, language: str
) -> list[ComparedScore]:
    """List the own levels beside those of the model, criterion by criterion."""
    review = review_of(copy)
    own = {one.criterion_id: one.level for one in review.scores} if review else {}
    reasons = benchmark.reasons_in(language)
    return [
        ComparedScore(one, own.get(one.id), benchmark.model[one.id], reasons[one.id])
        for one in standard.criteria
        if one.id in benchmark.model
    ]


# --- the group -------------------------------------------------------------------------------


@dataclass(frozen=True)
class MemberCalibration:
    """A person of the group: since when calibrated, files that are open, and the newest ones done."""

    person: User
    open: int
    done: list[BenchmarkCopy]
    within: bool

    @property
    def outside(self) -> bool:
        """Whether the person has done the files, and the goals were missed: a talk is due."""
        return not self.open and bool(self.done) and not self.within


def team(of: Actor, rule: Calibration) -> list[MemberCalibration]:
    """List the people of a group with how they stand, by name; in two queries."""
    query = select(User).where(
        User.group_id == of.group_id, User.role.in_(REVIEWER_ROLES), User.deactivated_at.is_(None)
    )
    people = list(session.scalars(query.order_by(User.name, User.id)))
    copies = session.scalars(
        select(BenchmarkCopy)
        .where(BenchmarkCopy.person_id.in_([one.id for one in people]))
        .order_by(BenchmarkCopy.done_at)
    )
    by_person: dict[UUID, list[BenchmarkCopy]] = {one.id: [] for one in people}
    for copy in copies:
        by_person[copy.person_id].append(copy)
    return [_member(one, by_person[one.id], rule) for one in people]


def _member(one: User, copies: Sequence[BenchmarkCopy], rule: Calibration) -> MemberCalibration:
    done = sorted(
        (copy for copy in copies if copy.done_at), key=lambda copy: (copy.done_at, copy.id)
    )
    newest = done[-rule.dossiers :]
    near = meets_goals([copy.comparison for copy in done], rule)
    return MemberCalibration(one, len(copies) - len(done), newest, near)


@dataclass(frozen=True)
class AgreementRow:
    """A criterion, a part of the rubric or everything: its name, and how far people agree."""

    name: str
    title: str
    agreement: Agreement


def _finished_copies_for(actor: Actor) -> list[BenchmarkCopy]:
    """List the benchmarks finished in the own group, the oldest first; the secretariat sees all."""
    query = (
        select(BenchmarkCopy)
        .where(BenchmarkCopy.done_at.is_not(None))
        .order_by(BenchmarkCopy.done_at, BenchmarkCopy.id)
    )
    if actor.role is not Role.SECRETARIAT:
        people = select(User.id).where(User.group_id == actor.group_id)
        query = query.where(BenchmarkCopy.person_id.in_(people))
    return list(session.scalars(query))


def ratings(actor: Actor) -> list[Rating]:
    """List the levels that people gave to benchmarks: each person's newest review of each; two queries."""
    newest = {(one.person_id, one.benchmark_id): one for one in _finished_copies_for(actor)}
    by_application = {one.application_id: one for one in newest.values()}
    rows = session.execute(
        select(Review.application_id, Score.criterion_id, Score.level)
        .join(Score, Score.review_id == Review.id)
        .where(
            Review.application_id.in_(by_application),
            Review.state == ReviewState.HANDED_IN,
            # Who agreed with the school in one act did not judge on the own account.
            Score.agreed.is_(False),
        )
    )
    found = []
    for application_id, criterion_id, level in rows:
        copy = by_application[application_id]
        found.append(Rating(str(copy.person_id), copy.benchmark_id, criterion_id, level))
    return found


def agreements(actor: Actor, standard: Standard, language: str) -> list[AgreementRow]:
    """Measure how far people agree: on everything, on each part, on each criterion."""
    levels = ratings(actor)
    words = standard.rubric_text(language)
    part_of = {one.id: one.part for one in standard.criteria}
    known = [one for one in levels if one.criterion in part_of]
    found = [AgreementRow("", "", measure_agreement(known))]
    for part in standard.rubric.parts:
        own = [one for one in known if part_of[one.criterion] == part.id]
        found.append(AgreementRow(part.id, words.parts[part.id].title, measure_agreement(own)))
    for criterion in standard.criteria:
        own = [one for one in known if one.criterion == criterion.id]
        found.append(
            AgreementRow(criterion.id, criterion.text(language).title, measure_agreement(own))
        )
    return found


@dataclass(frozen=True)
class AgreedShare:
    """How many scores of decided cases a person, or a group, gave, and how many by agreeing in one act."""

    name: str
    scores: int
    agreed: int

    @property
    def percent(self) -> int:
        """The share in percent."""
        return round(100 * self.agreed / self.scores) if self.scores else 0


def agreed_shares(actor: Actor) -> list[AgreedShare]:
    """Count what was agreed to in one act, by person; the secretariat sees groups, not persons. One query.

    Decided cases and finished benchmarks count: a number that grew earlier would tell how far a review is.
    """
    of_all = actor.role is Role.SECRETARIAT
    name = NationalGroup.name if of_all else User.name
    query = (
        select(name, func.count(), func.sum(case((Score.agreed, 1), else_=0)))
        .select_from(Score)
        .join(Review, Review.id == Score.review_id)
        .join(Application, Application.id == Review.application_id)
        .outerjoin(
            Decision,
            (Decision.application_id == Review.application_id) & (Decision.round == Review.round),
        )
        .join(User, User.id == Review.assessor_id)
        .join(NationalGroup, NationalGroup.id == User.group_id)
        .where(
            Score.carried.is_(False),
            Review.state == ReviewState.HANDED_IN,
            Decision.id.is_not(None) | Application.only_for_id.is_not(None),
        )
        .group_by(NationalGroup.id if of_all else User.id, name)
        .order_by(name)
    )
    if not of_all:
        query = query.where(User.group_id == actor.group_id)
    return [AgreedShare(row[0], row[1], row[2]) for row in session.execute(query)]


def drifts(actor: Actor) -> list[YearlyDrift]:
    """List by year how far people differed from the model; the secretariat sees groups, not persons."""
    done = _finished_copies_for(actor)
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
