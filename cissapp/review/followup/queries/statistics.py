"""Figures of a group: how long its steps take, who has how much to do, and which criteria hold schools up."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import CompoundSelect, Select, and_, exists, func, or_, select, union

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.queries.kept_figures import DatedFigures, kept, kept_or_new
from cissapp.people.schools.rules import KeptKind
from cissapp.prepare.applications.models import Application, CompletenessCheck, Submission
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.followup.queries.schools import StepCount, count_steps
from cissapp.review.followup.rules import MeasuredSpan, SpanFigure, span_figure
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.queries import loads_of_group, member_names
from cissapp.review.independence.rules import WORKING_ROLES
from cissapp.review.reviews.models import Decision, Review
from cissapp.review.reviews.rules.places import ReviewPlace

MEASURED = timedelta(days=365)
# The page shows this many people, those with the most open tasks; only their finished tasks are counted.
PEOPLE_SHOWN = 25


class PersonLoad(Struct, frozen=True):
    """The workload of a person of the group: open tasks, and finished tasks of decided cases."""

    name: str
    open: int
    done: int


class CriterionCount(Struct, frozen=True):
    """How often a criterion held schools up: at the completeness check, and at a decision."""

    criterion_id: str
    returned: int
    open: int

    @property
    def total(self) -> int:
        """The sum of both."""
        return self.returned + self.open


class CountedStatistics(Struct, frozen=True):
    """What is counted over all schools of a group: events of the last 365 days, and the steps of today."""

    spans: list[SpanFigure]
    rounds: dict[int, int]
    steps: list[StepCount]
    criteria: list[CriterionCount]


class GroupStatistics(Struct, frozen=True):
    """The figures of a group, of `people`; `as_of` is when a large one was counted, None for just now."""

    counted: CountedStatistics
    loads: list[PersonLoad]
    people: int
    as_of: datetime | None = None


def group_statistics(
    person: Actor, content: Content, *, now: datetime, most: int | None = PEOPLE_SHOWN
) -> GroupStatistics:
    """Return the figures of a person's group with its `most` busiest people, in a fixed number of queries."""
    found = kept_or_new(
        KeptKind.STATISTICS,
        person.group_id,
        CountedStatistics,
        lambda: count_statistics(person, content, now=now),
    )
    names = member_names(person.group_id)
    busy = _loads(person, names, now - MEASURED, most)
    return GroupStatistics(found.figures, busy, len(names), found.as_of)


def step_counts(person: Actor, today: date) -> DatedFigures[list[StepCount]]:
    """Return how many schools of a person's group are at each step; for a large group, as last counted."""
    found = kept(KeptKind.STATISTICS, person.group_id, CountedStatistics)
    if found is None:
        return DatedFigures(count_steps(person, today))
    return DatedFigures(found.figures.steps, found.as_of)


def count_statistics(person: Actor, content: Content, *, now: datetime) -> CountedStatistics:
    """Count the schools of a person's group, and what happened to them."""
    since = now - MEASURED
    return CountedStatistics(
        spans=_spans(person, since),
        rounds=_rounds(person, since),
        steps=count_steps(person, now.date()),
        criteria=_criteria(person, content, since),
    )


def _of_group(query: Any, person: Actor) -> Select[Any]:
    narrowed: Select[Any] = visible(
        query.where(REGISTERED), School, person, Permission.FOLLOWUP_READ
    )
    return narrowed


# --- how long it takes -----------------------------------------------------------------------


def _spans(person: Actor, since: datetime) -> list[SpanFigure]:
    found: dict[MeasuredSpan, list[int]] = {span: [] for span in MeasuredSpan}
    for span, begun, ended in _measured(person, since):
        if begun and ended and ended >= since and ended >= begun:
            # By the calendar, in UTC, as in the figures for ministries: a night between is a day.
            found[span].append((ended.date() - begun.date()).days)
    return [span_figure(span, days) for span, days in found.items()]


Measured = tuple[MeasuredSpan, datetime | None, datetime | None]


def _measured(person: Actor, since: datetime) -> Iterator[Measured]:
    yield from _beginnings(person, since)
    yield from _rounds_measured(person, since)
    yield from _whole(person, since)


def _beginnings(person: Actor, since: datetime) -> Iterator[Measured]:
    """Measure the time up to the first submission of each school with a first event since `since`."""
    invited = _first(Invitation.invited_at, Invitation.school_id)
    # An account is older than its time at the school if it came from another one; demo people have no invitation.
    accepted = _first(Invitation.accepted_at, Invitation.school_id)
    joined = func.coalesce(accepted, _first(User.joined_at, User.school_id))
    submitted = (
        select(func.min(Submission.submitted_at))
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == School.id)
        .correlate(School)
        .scalar_subquery()
    )
    for first, second, third in session.execute(
        _of_group(select(invited, joined, submitted).select_from(School), person).where(
            # Only first events are measured: if one is recent, a recent event exists, so no school is missed.
            School.id.in_(_joined_since(since)) | School.id.in_(_submitted_since(since))
        )
    ):
        yield MeasuredSpan.JOINING, first, second
        yield MeasuredSpan.APPLYING, second, third


def _joined_since(since: datetime) -> CompoundSelect[Any]:
    return union(
        select(User.school_id).where(User.joined_at >= since, User.school_id.is_not(None)),
        select(Invitation.school_id).where(
            Invitation.accepted_at >= since, Invitation.school_id.is_not(None)
        ),
    )


def _submitted_since(since: datetime) -> Select[Any]:
    return (
        select(Application.school_id)
        .join(Submission, Submission.application_id == Application.id)
        .where(Submission.submitted_at >= since)
    )


def _first(moment: Any, school_id: Any) -> Any:
    query = select(func.min(moment)).where(school_id == School.id)
    return query.correlate(School).scalar_subquery()


def _rounds_measured(person: Actor, since: datetime) -> Iterator[Measured]:
    """Measure the steps of each round."""

    def of_round(kind: Any) -> Any:
        return and_(
            kind.application_id == Submission.application_id, kind.round == Submission.round
        )

    query = (
        select(
            Submission.submitted_at,
            CompletenessCheck.sifted_at,
            Review.handed_in_at,
            Decision.decided_at,
        )
        .select_from(Submission)
        .join(Application, Application.id == Submission.application_id)
        .join(School, School.id == Application.school_id)
        .outerjoin(CompletenessCheck, of_round(CompletenessCheck))
        .outerjoin(Review, and_(of_round(Review), Review.place == ReviewPlace.FIRST))
        .outerjoin(Decision, of_round(Decision))
        .where(
            or_(
                CompletenessCheck.sifted_at >= since,
                Review.handed_in_at >= since,
                Decision.decided_at >= since,
            )
        )
    )
    for submitted, checked, reviewed, decided in session.execute(_of_group(query, person)):
        yield MeasuredSpan.COMPLETENESS_CHECK, submitted, checked
        # A count that grew before the decision would show a reviewer that another one has submitted.
        yield MeasuredSpan.REVIEW, submitted, reviewed if decided else None
        yield MeasuredSpan.DECISION, reviewed, decided


def _whole(person: Actor, since: datetime) -> Iterator[Measured]:
    """Measure each decided application from its first submission to its last decision."""
    query = (
        select(func.min(Submission.submitted_at), func.max(Decision.decided_at))
        .select_from(Application)
        .join(School, School.id == Application.school_id)
        .join(Submission, Submission.application_id == Application.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.state == ApplicationState.DECIDED)
        .group_by(Application.id)
        .having(func.max(Decision.decided_at) >= since)
    )
    for submitted, decided in session.execute(_of_group(query, person)):
        yield MeasuredSpan.WHOLE, submitted, decided


# --- who has how much ------------------------------------------------------------------------


def _loads(
    person: Actor, names: dict[UUID, str], since: datetime, most: int | None
) -> list[PersonLoad]:
    """List the workload of `most` people, those with the most open tasks first."""
    open_ = dict.fromkeys(names, 0) | loads_of_group(person.group_id)
    shown = sorted(names, key=lambda key: -open_[key])[:most]
    done = _done(shown, since)
    return [PersonLoad(names[key], open_[key], done.get(key, 0)) for key in shown]


def _done(person_ids: Collection[UUID], since: datetime) -> dict[UUID, int]:
    """Count the tasks that each person has finished.

    Only decided cases count: before that the number would reveal who has written what. The case is checked
    per task, because with a join SQLite would start from all cases ever decided.
    """
    decided = exists().where(
        Application.id == Assignment.application_id,
        Application.state == ApplicationState.DECIDED,
        Application.only_for_id.is_(None),
    )
    query = (
        select(Assignment.person_id, func.count())
        .where(
            Assignment.person_id.in_(person_ids),
            Assignment.role.in_(WORKING_ROLES),
            Assignment.done_at >= since,
            decided,
        )
        .group_by(Assignment.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


# --- rounds and criteria ---------------------------------------------------------------------


def _rounds(person: Actor, since: datetime) -> dict[int, int]:
    """Count the applications that were decided by the number of rounds that they needed."""
    query = (
        select(Application.round, func.count(Application.id))
        .join(School, School.id == Application.school_id)
        .where(Application.state == ApplicationState.DECIDED, Application.changed_at >= since)
        .group_by(Application.round)
        .order_by(Application.round)
    )
    return {row[0]: row[1] for row in session.execute(_of_group(query, person))}


def _criteria(person: Actor, content: Content, since: datetime) -> list[CriterionCount]:
    """Count how often each criterion was sent back or left open, the most frequent first."""
    known = content.standard.by_id
    checks = (
        select(CompletenessCheck.remarks)
        .join(Application, Application.id == CompletenessCheck.application_id)
        .join(School, School.id == Application.school_id)
        .where(CompletenessCheck.passed.is_(False), CompletenessCheck.sifted_at >= since)
    )
    decisions = (
        select(Decision.open_criteria)
        .join(Application, Application.id == Decision.application_id)
        .join(School, School.id == Application.school_id)
        .where(Decision.decided_at >= since)
    )
    returned, left = (
        Counter(key for found in session.scalars(_of_group(query, person)) for key in found)
        for query in (checks, decisions)
    )
    counted = [CriterionCount(key, returned[key], left[key]) for key in known]
    return sorted(
        (one for one in counted if one.total), key=lambda one: (-one.total, one.criterion_id)
    )
