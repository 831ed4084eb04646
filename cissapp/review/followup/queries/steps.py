"""For what each school waits, as one SELECT that lists, counts and files narrow further."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import UtcDateTime
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.followup.rules import (
    COUNTED_FROM_SCHOOL,
    STUCK_AFTER_DAYS,
    FollowupStep,
    stuck_before,
)
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CaseRole
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState

CLOSED = (ApplicationState.DECIDED, ApplicationState.WITHDRAWN)
# The deadlines of the way to a certificate; only those of the present step are open.
KINDS = (
    DeadlineKind.COMPLETENESS_CHECK,
    DeadlineKind.REVIEW,
    DeadlineKind.SECOND_REVIEW,
    DeadlineKind.DECISION,
    DeadlineKind.CHANGES,
    DeadlineKind.MINOR_GAPS,
    DeadlineKind.CURE,
)
EARLIER_CHECK = aliased(CompletenessCheck)


def steps_of_schools(person: Actor, today: date) -> Select[Any]:
    """Select the schools that a person follows up, each with its step, how long it waits, and until when.

    Only indexes are asked for each school, so that it stays one statement for ten thousand of them.
    """
    step, last_act = _step(), _last_act()
    since = _since(step, last_act)
    due = _due(person)
    inner: Any = (
        select(
            School.id,
            School.name,
            School.code,
            School.locality,
            School.country_code,
            School.region_code,
            School.language,
            School.valid_until_on,
            Application.id.label("application_id"),
            step.label("step"),
            last_act.label("last_act_at"),
            since.label("since_at"),
            due.label("due_on"),
        )
        .select_from(School)
        .outerjoin(
            Application,
            and_(Application.school_id == School.id, Application.state.not_in(CLOSED)),
        )
        .where(REGISTERED)
    )
    facts: Any = visible(inner, School, person, Permission.FOLLOWUP_READ).subquery()
    return select(*facts.columns, _is_stuck(facts.columns, today).label("is_stuck"))


def _step() -> ColumnElement[str]:
    checked = exists().where(
        CompletenessCheck.application_id == Application.id,
        CompletenessCheck.round == Application.round,
    )
    returned = exists().where(
        EARLIER_CHECK.application_id == Application.id,
        EARLIER_CHECK.round == Application.round - 1,
        EARLIER_CHECK.passed.is_(False),
    )
    needs_check = and_(or_(Application.round == 1, returned), ~checked)
    submitted = Application.state == ApplicationState.SUBMITTED
    under_review = Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW))
    with_people = exists().where(User.school_id == School.id, User.deactivated_at.is_(None))
    return case(
        (and_(submitted, needs_check), FollowupStep.COMPLETENESS_CHECK.value),
        (and_(under_review, _reviewed()), FollowupStep.DECISION.value),
        (and_(under_review, _has_reviewer()), FollowupStep.REVIEW.value),
        (under_review, FollowupStep.REVIEWERS.value),
        (Application.state == ApplicationState.CHANGES_REQUESTED, FollowupStep.ANSWER.value),
        (School.standing == Standing.EXPIRING, FollowupStep.EXPIRING.value),
        (School.standing == Standing.SUSPENDED, FollowupStep.SUSPENDED.value),
        (School.standing == Standing.VALID, FollowupStep.NOTHING.value),
        (School.progress == Progress.TRAINED, FollowupStep.PREPARING.value),
        (School.progress == Progress.DECIDED, FollowupStep.ENDED.value),
        (with_people, FollowupStep.TRAINING.value),
        (exists().where(_invited()), FollowupStep.INVITED.value),
        else_=FollowupStep.NOT_INVITED.value,
    )


def _reviewed() -> ColumnElement[bool]:
    """Hold where every review that the round needs is submitted."""
    submitted = (
        select(func.count(Review.id))
        .where(
            Review.application_id == Application.id,
            Review.round == Application.round,
            Review.state == ReviewState.HANDED_IN,
        )
        .correlate(Application)
        .scalar_subquery()
    )
    in_review = Application.state == ApplicationState.IN_REVIEW
    return and_(in_review, submitted >= Application.reviews_wanted)


def _has_reviewer() -> ColumnElement[bool]:
    return exists().where(
        Assignment.application_id == Application.id,
        Assignment.round == Application.round,
        Assignment.role == CaseRole.REVIEWER,
        Assignment.left_at.is_(None),
    )


def _invited() -> ColumnElement[bool]:
    return and_(
        Invitation.school_id == School.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )


def _last_act() -> ColumnElement[Any]:
    """Find the last thing that somebody of the school did, in the trail."""
    return (
        select(func.max(AuditEntry.at))
        .where(
            AuditEntry.school_id == School.id,
            AuditEntry.actor_role == Role.SCHOOL_MANAGER,
        )
        .correlate(School)
        .scalar_subquery()
    )


def _since(step: ColumnElement[str], last_act: ColumnElement[Any]) -> ColumnElement[Any]:
    """Compute from when the wait counts: the school's last act, or the day the application came to the group."""
    invited = (
        select(func.max(Invitation.invited_at))
        .where(_invited())
        .correlate(School)
        .scalar_subquery()
    )
    own = func.coalesce(last_act, invited, School.registered_at)
    # What the school is asked for in a round is counted from the question, or from what it did after it.
    answer = case((last_act > Application.changed_at, last_act), else_=Application.changed_at)
    found = case(
        (step.in_([one.value for one in COUNTED_FROM_SCHOOL]), own),
        (step == FollowupStep.ANSWER.value, answer),
        (Application.changed_at.is_not(None), Application.changed_at),
        else_=own,
    )
    return _moment(found)


def _moment(found: ColumnElement[Any]) -> ColumnElement[Any]:
    """Tell the type of what a case found: a moment in UTC, on both databases."""
    return type_coerce(found, UtcDateTime())


def _due(person: Actor) -> ColumnElement[Any]:
    """Find the deadline that a person is shown: the own one, else the earliest, as the queue does.

    Who writes a review is shown the own day only: the days of the other reviews would tell about them.
    """
    earliest = (
        select(func.min(Deadline.due_on))
        .where(Deadline.school_id == School.id, Deadline.met_at.is_(None), Deadline.kind.in_(KINDS))
        .correlate(School)
    )
    own = earliest.where(Deadline.person_id == person.id)
    return func.coalesce(own.scalar_subquery(), earliest.scalar_subquery())


def _is_stuck(facts: Any, today: date) -> ColumnElement[bool]:
    """Hold where a school is stuck by the rule: past its deadline, or too long at a step without one.

    Each fact is named once: SQLite computes it anew wherever it is named.
    """
    limits = {
        step.value: literal(stuck_before(step, today), UtcDateTime()) for step in STUCK_AFTER_DAYS
    }
    too_long = facts.since_at < case(limits, value=facts.step)
    return case(
        (facts.due_on.is_not(None), facts.due_on < today),
        else_=func.coalesce(too_long, false()),
    )
