"""What each school waits for, as computed from other tables: what is stored for lists, counts and files."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.engines.moments import UtcDateTime
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.queries.standings import expiring_until, standing_by_date
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.prepare.applications.queries.applications import CLOSED
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.followup.rules import (
    COUNTED_FROM_SCHOOL,
    NEVER_DUE,
    STEP_NUMBERS,
    STUCK_AFTER_DAYS,
    FollowupStep,
)
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CaseRole
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState

# The deadlines on the way to a certificate; only those of the present step are open.
KINDS = (
    DeadlineKind.COMPLETENESS_CHECK,
    DeadlineKind.REVIEW,
    DeadlineKind.SECOND_REVIEW,
    DeadlineKind.DECISION,
    DeadlineKind.CHANGES,
    DeadlineKind.MINOR_GAPS,
    DeadlineKind.CURE,
)
# A saved answer belongs to an attempt, which is recorded itself, so it does not move the stored step.
NO_ACTS = (Event.ANSWER_SAVED,)
EARLIER_CHECK = aliased(CompletenessCheck)
KEPT = (
    "school_id",
    "group_id",
    "application_id",
    "step",
    "never_stuck",
    "last_act_at",
    "since_at",
    "due_on",
    "step_number",
    "due_sort_on",
    "name_key",
)


# A certificate is what its dates say, before `ciss daily` moves the school: see `days_of`.
TODAY, NEAR = bindparam("today", type_=Date), bindparam("near", type_=Date)


def days_of(today: date) -> dict[str, Any]:
    """Return the parameters of `present_steps` on a day."""
    return {"today": today, "near": expiring_until(today)}


def present_steps(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows to store for schools, computed from the other tables, in the order of `KEPT`.

    For each school only indexes are searched. The day comes as a parameter: see `days_of`.
    """
    step, last_act = _step(), _last_act()
    inner = (
        select(
            School.id.label("school_id"),
            School.group_id,
            School.name_key,
            Application.id.label("application_id"),
            Application.changed_at,
            School.registered_at,
            step.label("step"),
            last_act.label("last_act_at"),
            _last_invited().label("invited_at"),
            _due().label("due_on"),
        )
        .select_from(School)
        .outerjoin(
            Application,
            and_(Application.school_id == School.id, Application.state.not_in(CLOSED)),
        )
        .where(REGISTERED, *conditions)
        .subquery()
    )
    found = inner.c
    never = found.step.not_in([one.value for one in STUCK_AFTER_DAYS])
    return select(
        found.school_id,
        found.group_id,
        found.application_id,
        found.step,
        never.label("never_stuck"),
        found.last_act_at,
        _since(found).label("since_at"),
        found.due_on,
        case({step.value: number for step, number in STEP_NUMBERS.items()}, value=found.step).label(
            "step_number"
        ),
        func.coalesce(found.due_on, literal(NEVER_DUE)).label("due_sort_on"),
        found.name_key,
        # Without a WHERE, SQLite parses the ON CONFLICT that follows a SELECT as part of its FROM.
    ).where(found.school_id.is_not(None))


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
    standing = standing_by_date(TODAY, NEAR)
    return case(
        (and_(submitted, needs_check), FollowupStep.COMPLETENESS_CHECK.value),
        (and_(under_review, _reviewed()), FollowupStep.DECISION.value),
        (and_(under_review, _has_reviewer()), FollowupStep.REVIEW.value),
        (under_review, FollowupStep.REVIEWERS.value),
        (Application.state == ApplicationState.CHANGES_REQUESTED, FollowupStep.ANSWER.value),
        (standing == Standing.EXPIRING.value, FollowupStep.EXPIRING.value),
        (standing == Standing.SUSPENDED.value, FollowupStep.SUSPENDED.value),
        (standing == Standing.VALID.value, FollowupStep.NOTHING.value),
        (School.progress == Progress.TRAINED, FollowupStep.PREPARING.value),
        (School.progress == Progress.DECIDED, FollowupStep.ENDED.value),
        (with_people, FollowupStep.TRAINING.value),
        (exists().where(_invited()), FollowupStep.INVITED.value),
        else_=FollowupStep.NOT_INVITED.value,
    )


def _reviewed() -> ColumnElement[bool]:
    """Return the condition that every review that the round needs is submitted."""
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
    """Select the time of the last thing that somebody of the school did, from the audit trail."""
    return (
        select(func.max(AuditEntry.at))
        .where(
            AuditEntry.school_id == School.id,
            AuditEntry.actor_role == Role.SCHOOL_MANAGER,
            AuditEntry.event.not_in(NO_ACTS),
        )
        .correlate(School)
        .scalar_subquery()
    )


def _last_invited() -> ColumnElement[Any]:
    last = select(func.max(Invitation.invited_at)).where(_invited())
    return last.correlate(School).scalar_subquery()


def _since(found: Any) -> ColumnElement[Any]:
    """Compute since when a school waits: its own last act, or the time the application came to the group."""
    own = func.coalesce(found.last_act_at, found.invited_at, found.registered_at)
    # The wait for an answer counts from the question, or from what the school has done since.
    answer = case((found.last_act_at > found.changed_at, found.last_act_at), else_=found.changed_at)
    since = case(
        (found.step.in_([one.value for one in COUNTED_FROM_SCHOOL]), own),
        (found.step == FollowupStep.ANSWER.value, answer),
        (found.changed_at.is_not(None), found.changed_at),
        else_=own,
    )
    return _moment(since)


def _moment(found: ColumnElement[Any]) -> ColumnElement[Any]:
    """Set the type of the result of a CASE: a UTC timestamp on both databases."""
    return type_coerce(found, UtcDateTime())


def _due() -> ColumnElement[Any]:
    """Find the earliest open deadline of a school, as the queue does."""
    earliest = select(func.min(Deadline.due_on)).where(
        Deadline.school_id == School.id, Deadline.met_at.is_(None), Deadline.kind.in_(KINDS)
    )
    return earliest.correlate(School).scalar_subquery()
