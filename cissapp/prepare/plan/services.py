"""Writes of the year plan, which stays open after the application was submitted, as the work continues."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec.structs import asdict

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.people.schools.models import School
from cissapp.prepare.plan import queries
from cissapp.prepare.plan.models import DatedStep, PlannedAction
from cissapp.prepare.plan.rules import MOST_ACTIONS, ActionFacts, PlanKind, day_problem
from cissapp.prepare.plan.rules.actions import MOST_DATES


def plan_action(
    school: School, criterion_id: str, facts: ActionFacts, *, by: Actor, at: datetime
) -> PlannedAction:
    """Add an action to the plan, or return the identical one if it exists."""
    return plan_actions(school, {criterion_id: facts}, by=by, at=at)[0]


def plan_actions(
    school: School, planned: Mapping[str, ActionFacts], *, by: Actor, at: datetime
) -> list[PlannedAction]:
    """Add an action for each of several criteria, or return the identical one if it exists."""
    lock(f"plan:{school.id}")
    present = queries.actions(school.id)
    known = {(one.criterion_id, facts_of(one)): one for one in present}
    new = [key for key in planned.items() if key not in known]
    for _criterion_id, facts in new:
        _refuse_wrong(day_problem(facts.due_on, day_in(by.country_code, at)))
    if len(present) + len(new) > MOST_ACTIONS:
        message = N_("You can keep at most %(most)s actions here. Remove one that is done.")
        raise Refused(Problem("many", message, {"most": MOST_ACTIONS}))
    for criterion_id, facts in new:
        known[criterion_id, facts] = PlannedAction(
            school_id=school.id,
            criterion_id=criterion_id,
            added_at=at,
            added_by_id=by.id,
            **asdict(facts),
        )
        session.add(known[criterion_id, facts])
    session.flush()
    for key in new:
        _record(Event.ACTION_PLANNED, known[key], by=by, at=at)
    return [known[key] for key in planned.items()]


def change_action(action: PlannedAction, facts: ActionFacts, *, by: Actor, at: datetime) -> None:
    """Change the details of an action."""
    reread_unchanged(action, facts.__struct_fields__)
    if facts_of(action) == facts:
        return
    _refuse_wrong(day_problem(facts.due_on, day_in(by.country_code, at), action.due_on))
    action.what, action.who, action.due_on = facts.what, facts.who, facts.due_on
    _record(Event.ACTION_CHANGED, action, by=by, at=at)


def settle_action(action: PlannedAction, *, is_done: bool, by: Actor, at: datetime) -> None:
    """Mark an action as done or open; do nothing if it already is."""
    if is_done == (action.done_on is not None):
        return
    action.done_on = day_in(by.country_code, at) if is_done else None
    _record(Event.ACTION_CHANGED, action, by=by, at=at)


def remove_action(action: PlannedAction, *, by: Actor, at: datetime) -> None:
    """Remove an action from the plan."""
    session.delete(action)
    _record(Event.ACTION_REMOVED, action, by=by, at=at)


def facts_of(action: PlannedAction) -> ActionFacts:
    """Return the details of an action."""
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


# --- dates -----------------------------------------------------------------------------------------


def add_date(school: School, facts: ActionFacts, *, by: Actor, at: datetime) -> DatedStep:
    """Add a date of the school's own, or return the identical one if it exists."""
    present = _steps_to_change(school)
    _refuse_wrong(day_problem(facts.due_on, day_in(by.country_code, at)))
    for step in present.values():
        if (step.what, step.who, step.due_on) == (facts.what, facts.who, facts.due_on):
            return step
    step = _new_step(school, f"{PlanKind.OWN.value}-{new_id().hex}", present, by=by, at=at)
    step.what, step.who, step.due_on = facts.what, facts.who, facts.due_on
    _record_step(step, by=by, at=at)
    return step


def change_date(
    school: School, key: str, facts: ActionFacts, before: date, *, by: Actor, at: datetime
) -> None:
    """Change who does it and by when; of the school's own date also what. `before` is the old date."""
    present = _steps_to_change(school)
    _refuse_wrong(day_problem(facts.due_on, day_in(by.country_code, at), before))
    step = present.get(key) or _new_step(school, key, present, by=by, at=at)
    step.who, step.due_on, step.dropped = facts.who, facts.due_on, False
    if step.what is not None:
        step.what = facts.what
    _record_step(step, by=by, at=at)


def settle_date(school: School, key: str, *, is_done: bool, by: Actor, at: datetime) -> None:
    """Mark a date as done or open; do nothing if it already is."""
    present = _steps_to_change(school)
    step = present.get(key)
    if is_done == (step is not None and step.done_on is not None):
        return
    step = step or _new_step(school, key, present, by=by, at=at)
    step.done_on = day_in(by.country_code, at) if is_done else None
    _record_step(step, by=by, at=at)


def drop_date(school: School, key: str, *, dropped: bool, by: Actor, at: datetime) -> None:
    """Leave a suggested date out of the plan or restore it; delete it if it is the school's own."""
    present = _steps_to_change(school)
    step = present.get(key)
    if step is not None and step.what is not None:
        session.delete(step)
    else:
        step = step or _new_step(school, key, present, by=by, at=at)
        step.dropped = dropped
    _record_step(step, by=by, at=at)


def _steps_to_change(school: School) -> dict[str, DatedStep]:
    lock(f"plan:{school.id}")
    return queries.steps(school.id)


def _new_step(
    school: School, key: str, present: Mapping[str, DatedStep], *, by: Actor, at: datetime
) -> DatedStep:
    if len(present) >= MOST_DATES:
        message = N_("You can keep at most %(most)s dates here. Remove one of your own.")
        raise Refused(Problem("many", message, {"most": MOST_DATES}))
    step = DatedStep(id=new_id(), school_id=school.id, key=key, changed_at=at, changed_by_id=by.id)
    session.add(step)
    return step


def _record_step(step: DatedStep, *, by: Actor, at: datetime) -> None:
    step.changed_at, step.changed_by_id = at, by.id  # type: ignore[assignment] # the system plans nothing
    facts = {"date": step.key, "done": step.done_on is not None, "dropped": bool(step.dropped)}
    record(Event.PLAN_DATE_CHANGED, step, by=by, at=at, school_id=step.school_id, **facts)
    session.flush()
