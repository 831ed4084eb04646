"""Reads of calibration: what was assigned, how close people are to the model, how far they agree."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.foundation.content.schema.standard import Calibration
from cissapp.foundation.content.values import Benchmark, Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.calibration.queries.agreement import (
    SHARES_SHOWN,
    AgreementRow,
    CalibrationFigures,
    agreed_shares,
    agreements,
    calibration_figures,
    drifts,
    measure_calibration,
    ratings,
)
from cissapp.review.calibration.rules import (
    meets_goals,
)
from cissapp.review.independence.queries import members_page
from cissapp.review.reviews.models import Review

__all__ = [
    "SHARES_SHOWN",
    "AgreementRow",
    "CalibrationFigures",
    "ComparedScore",
    "MemberCalibration",
    "agreed_shares",
    "agreements",
    "all_reviewers",
    "calibration_figures",
    "compared_scores",
    "copies_of",
    "copy_of",
    "drifts",
    "finished_copies",
    "measure_calibration",
    "names_of_copies",
    "newest_copies",
    "own_copy",
    "people_with_open_copies",
    "ratings",
    "review_of",
    "reviewer",
    "team",
]

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


def names_of_copies(person_id: UUID) -> set[str]:
    """Return the names of the invented schools that were made for a person."""
    return set(session.scalars(select(School.name).where(School.only_for_id == person_id)))


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


def all_reviewers(within: Collection[UUID] | None = None) -> list[User]:
    """List the reviewers of all groups with an open account, or only those with an id in `within`."""
    # No reviewer belongs to a school, so this condition keeps the people of all schools out of the search.
    query = select(User).where(
        User.role.in_(REVIEWER_ROLES), User.school_id.is_(None), User.deactivated_at.is_(None)
    )
    return list(session.scalars(_within(query, User.id, within).order_by(User.id)))


def newest_copies(within: Collection[UUID] | None = None) -> dict[UUID, datetime]:
    """Return when each person, or each one in `within`, was last assigned a benchmark."""
    query = select(BenchmarkCopy.person_id, func.max(BenchmarkCopy.dealt_at)).group_by(
        BenchmarkCopy.person_id
    )
    rows = session.execute(_within(query, BenchmarkCopy.person_id, within))
    return {row[0]: row[1] for row in rows}


def people_with_open_copies(within: Collection[UUID] | None = None) -> set[UUID]:
    """Return the ids of all people, or of those in `within`, who have an unfinished benchmark."""
    query = select(BenchmarkCopy.person_id).where(BenchmarkCopy.done_at.is_(None)).distinct()
    return set(session.scalars(_within(query, BenchmarkCopy.person_id, within)))


def _within(query: Any, column: Any, keys: Collection[UUID] | None) -> Any:
    return query if keys is None else query.where(column.in_(keys))


def review_of(copy: BenchmarkCopy) -> Review | None:
    """Find the review that a person wrote of a benchmark."""
    query = select(Review).where(
        Review.application_id == copy.application_id, Review.assessor_id == copy.person_id
    )
    return session.scalar(query)


# --- one's own result ------------------------------------------------------------------------


class ComparedScore(Struct, frozen=True):
    """A criterion with the person's own level, that of the model, and the reason for the model's level."""

    criterion: Criterion
    own: int | None
    model: int
    reason: str

    @property
    def differs(self) -> bool:
        """Whether the two levels differ."""
        return self.own != self.model


def compared_scores(
    copy: BenchmarkCopy, benchmark: Benchmark, standard: Standard, language: str
) -> list[ComparedScore]:
    """List the person's own levels beside those of the model, criterion by criterion."""
    review = review_of(copy)
    own = {one.criterion_id: one.level for one in review.scores} if review else {}
    reasons = benchmark.reasons_in(language)
    return [
        ComparedScore(one, own.get(one.id), benchmark.model[one.id], reasons[one.id])
        for one in standard.criteria
        if one.id in benchmark.model
    ]


# --- the group -------------------------------------------------------------------------------


class MemberCalibration(Struct, frozen=True):
    """A member of the group: open benchmarks, the newest finished ones, and whether they meet the goals."""

    person: User
    open: int
    done: list[BenchmarkCopy]
    within: bool

    @property
    def outside(self) -> bool:
        """Whether the person has finished all benchmarks but missed the goals, so that a talk is due."""
        return not self.open and bool(self.done) and not self.within


def team(
    of: Actor, rule: Calibration, *, name: str = "", place: PagePlace | None = None
) -> KeyPage[MemberCalibration]:
    """Return a page of the members of a group with their calibration, sorted by name."""
    found = members_page(of.group_id, name=name, place=place)
    copies = session.scalars(
        select(BenchmarkCopy)
        .where(BenchmarkCopy.person_id.in_([one.id for one in found.rows]))
        .order_by(BenchmarkCopy.done_at)
    )
    by_person: dict[UUID, list[BenchmarkCopy]] = {one.id: [] for one in found.rows}
    for copy in copies:
        by_person[copy.person_id].append(copy)
    rows = [_member(one, by_person[one.id], rule) for one in found.rows]
    return KeyPage(rows, found.earlier, found.later, found.total)


def _member(one: User, copies: Sequence[BenchmarkCopy], rule: Calibration) -> MemberCalibration:
    done = sorted(
        (copy for copy in copies if copy.done_at), key=lambda copy: (copy.done_at, copy.id)
    )
    newest = done[-rule.dossiers :]
    near = meets_goals([copy.comparison for copy in done], rule)
    return MemberCalibration(one, len(copies) - len(done), newest, near)
