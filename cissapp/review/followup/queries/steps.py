"""What each school waits for, as stored: for lists, counts and files."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.engines.moments import UtcDateTime
from cissapp.people.deadlines.models import Deadline
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.standings import expiring_until
from cissapp.people.schools.rules import IN_FORCE, Progress, Standing
from cissapp.review.followup.models import FollowedStep
from cissapp.review.followup.queries.present_steps import KINDS
from cissapp.review.followup.rules import (
    STEP_NUMBERS,
    STUCK_AFTER_DAYS,
    FollowupStep,
    stuck_before,
)


def steps_of_schools(person: Actor, today: date, *, with_own: bool | None = None) -> Select[Any]:
    """Select the schools that a person follows up, with step, waiting since, due date, and whether stuck.

    `with_own` keeps only those with, or without, a deadline of the person's own.
    """
    own = _own_days(person)
    days: Any = {"due_on": FollowedStep.due_on, "due_sort_on": FollowedStep.due_sort_on}
    if with_own is not False:
        days = {name: func.coalesce(own.c.due_on, day) for name, day in days.items()}
    kept: Any = (
        select(
            FollowedStep.school_id.label("id"),  # of one table, as the keys of an index are
            School.name,
            FollowedStep.name_key,
            School.search_text,
            School.code,
            School.locality,
            School.country_code,
            School.region_code,
            School.language,
            School.valid_until_on,
            FollowedStep.application_id,
            _step_on(today).label("step"),
            FollowedStep.never_stuck,
            FollowedStep.last_act_at,
            FollowedStep.since_at,
            FollowedStep.step_number,
            *(day.label(name) for name, day in days.items()),
        )
        .select_from(FollowedStep)
        .join(School, School.id == FollowedStep.school_id)
        .outerjoin(own, own.c.school_id == FollowedStep.school_id)
    )
    if with_own is not None:
        kept = kept.where(own.c.school_id.is_not(None) if with_own else own.c.school_id.is_(None))
    facts: Any = visible(kept, FollowedStep, person, Permission.FOLLOWUP_READ).subquery()
    return select(*facts.columns, _is_stuck(facts.columns, today).label("is_stuck"))


def _step_on(today: date) -> ColumnElement[str]:
    """Return the step of a school today, where its certificate neared or passed its end since it was stored.

    The number of the step, by which lists are sorted, follows with `ciss daily`: see `moved_steps`.
    """
    nothing, expiring = FollowupStep.NOTHING.value, FollowupStep.EXPIRING.value
    has_ended = School.valid_until_on < today
    nears_end = School.valid_until_on <= expiring_until(today)
    # Whether anybody is there is not asked: somebody had to be, for the certificate.
    ended = case(
        (School.progress == Progress.TRAINED, FollowupStep.PREPARING.value),
        (School.progress == Progress.DECIDED, FollowupStep.ENDED.value),
        else_=FollowupStep.TRAINING.value,
    )
    return case(
        (and_(FollowedStep.step.in_((nothing, expiring)), has_ended), ended),
        (and_(FollowedStep.step == nothing, nears_end), expiring),
        else_=FollowedStep.step,
    )


def counted_steps(person: Actor, today: date) -> Select[Any]:
    """Select the number of the step of each school that a person follows up, and if it is stuck, from an index alone."""
    own = _own_days(person)
    kept: Any = (
        select(
            FollowedStep.step_number,
            FollowedStep.since_at,
            func.coalesce(own.c.due_on, FollowedStep.due_on).label("due_on"),
        )
        .select_from(FollowedStep)
        .outerjoin(own, own.c.school_id == FollowedStep.school_id)
    )
    facts: Any = visible(kept, FollowedStep, person, Permission.FOLLOWUP_READ).subquery()
    return select(facts.c.step_number, _is_stuck(facts.columns, today).label("is_stuck"))


def moved_steps(person: Actor, today: date) -> Select[Any]:
    """Select the few schools whose step is by date another one than the stored: id, step, number, and if it is stuck.

    They are looked up by the end of their certificate, in an index; whether a school is stuck is as stored.
    """
    has_ended = School.valid_until_on < today
    nears_end = School.valid_until_on <= expiring_until(today)
    own = _own_days(person)
    kept: Any = (
        select(
            FollowedStep.school_id.label("id"),
            _step_on(today).label("step"),
            FollowedStep.step_number,
            FollowedStep.since_at,
            func.coalesce(own.c.due_on, FollowedStep.due_on).label("due_on"),
        )
        .select_from(School)
        .join(FollowedStep, FollowedStep.school_id == School.id)
        .outerjoin(own, own.c.school_id == School.id)
        .where(
            or_(
                and_(School.standing.in_(sorted(IN_FORCE)), has_ended),
                and_(School.standing == Standing.VALID, nears_end),
            ),
            _step_on(today) != FollowedStep.step,
        )
    )
    facts: Any = visible(kept, FollowedStep, person, Permission.FOLLOWUP_READ).subquery()
    is_stuck = _is_stuck(facts.columns, today).label("is_stuck")
    return select(facts.c.id, facts.c.step, facts.c.step_number, is_stuck)


def _own_days(person: Actor) -> Subquery:
    """Select a person's own earliest open deadline, by school.

    Reviewers see only their own deadline: those of the other reviews would reveal something about them.
    """
    own = select(Deadline.school_id, func.min(Deadline.due_on).label("due_on")).where(
        Deadline.person_id == person.id, Deadline.met_at.is_(None), Deadline.kind.in_(KINDS)
    )
    return own.group_by(Deadline.school_id).subquery()


def _is_stuck(facts: Any, today: date) -> ColumnElement[bool]:
    """Return the condition that a school is stuck: past its deadline, or too long at a step without one.

    Each fact is named only once, because SQLite computes it again for every mention.
    """
    limits = {
        STEP_NUMBERS[one]: literal(stuck_before(one, today), UtcDateTime())
        for one in STUCK_AFTER_DAYS
    }
    too_long = facts.since_at < case(limits, value=facts.step_number)
    return case(
        (facts.due_on.is_not(None), facts.due_on < today),
        else_=func.coalesce(too_long, false()),
    )
