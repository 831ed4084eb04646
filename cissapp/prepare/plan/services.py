"""Writes of the action plan. It stays open after the application was submitted: the work goes on."""

from dataclasses import asdict
from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import School
from cissapp.prepare.plan import queries
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.plan.rules import MOST_ACTIONS, ActionFacts, day_problem


def plan_action(
    school: School, criterion_id: str, facts: ActionFacts, *, by: Actor, at: datetime
) -> PlannedAction:
    """Add an action to the plan; one that is there already is given back, not doubled."""
    db.lock(f"plan:{school.id}")
    _refuse_wrong(day_problem(facts.due_on, at.date()))
    present = queries.actions(school.id)
    for action in present:
        if action.criterion_id == criterion_id and facts_of(action) == facts:
            return action
    if len(present) >= MOST_ACTIONS:
        message = N_("At most %(most)s actions are kept here. Remove one that is done.")
        raise Refused(Problem("many", message, {"most": MOST_ACTIONS}))
    action = PlannedAction(
        school_id=school.id,
        criterion_id=criterion_id,
        added_at=at,
        added_by_id=by.id,
        **asdict(facts),
    )
    session.add(action)
    session.flush()
    _record(Event.ACTION_PLANNED, action, by=by, at=at)
    return action


def change_action(action: PlannedAction, facts: ActionFacts, *, by: Actor, at: datetime) -> None:
    """Change what an action says."""
    if facts_of(action) == facts:
        return
    _refuse_wrong(day_problem(facts.due_on, at.date(), action.due_on))
    action.what, action.who, action.due_on = facts.what, facts.who, facts.due_on
    _record(Event.ACTION_CHANGED, action, by=by, at=at)


def settle_action(action: PlannedAction, *, is_done: bool, by: Actor, at: datetime) -> None:
    """Record that an action is done, or open again; the same again changes nothing."""
    if is_done == (action.done_on is not None):
        return
    action.done_on = at.date() if is_done else None
    _record(Event.ACTION_CHANGED, action, by=by, at=at)


def remove_action(action: PlannedAction, *, by: Actor, at: datetime) -> None:
    """Remove an action from the plan."""
    session.delete(action)
    _record(Event.ACTION_REMOVED, action, by=by, at=at)


def facts_of(action: PlannedAction) -> ActionFacts:
    """Return what an action says."""
    return ActionFacts(action.what, action.who, action.due_on)


def _refuse_wrong(problem: Problem | None) -> None:
    if problem:
        raise Refused(problem)


def _record(event: Event, action: PlannedAction, *, by: Actor, at: datetime) -> None:
    done = action.done_on is not None
    record(
        event,
        action,
        by=by,
        at=at,
        school_id=action.school_id,
        criterion=action.criterion_id,
        done=done,
    )
    session.flush()
