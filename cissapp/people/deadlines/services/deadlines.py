"""Opens, meets, moves and reassigns deadlines."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines import mails, queries
from cissapp.people.deadlines.models import Deadline, DeadlineChange
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import (
    REASON_LEAST,
    REASON_MOST,
    ChangeRequest,
    DeadlineKind,
    DeadlineSide,
    change_problems,
    latest_for_group,
    latest_for_school,
    local_day,
    reasons_against_moving,
)
from cissapp.people.schools.models import School


def open(  # noqa: A001 -- a deadline is opened; the built-in is not needed here
    kind: DeadlineKind,
    *,
    subject_id: UUID,
    school: School,
    due_on: date,
    person_id: UUID | None,
    by: Actor,
    at: datetime,
) -> Deadline:
    """Open a deadline; raise ValueError if one of this kind is already open for the subject."""
    if queries.open_deadline(kind, subject_id):
        raise ValueError(f"a deadline of kind {kind} is open for {subject_id}")
    deadline = Deadline(
        kind=kind,
        subject_id=subject_id,
        school_id=school.id,
        person_id=person_id,
        first_due_on=due_on,
        due_on=due_on,
        opened_at=at,
        counted_from_at=at,
    )
    session.add(deadline)
    session.flush()
    _record(Event.DEADLINE_OPENED, deadline, by=by, at=at, due_on=due_on.isoformat())
    return deadline


def meet(kind: DeadlineKind, *, subject_id: UUID, at: datetime, by: Actor = SYSTEM) -> None:
    """Close the open deadline of a kind for a subject, if there is one."""
    deadline = queries.open_deadline(kind, subject_id)
    if deadline is None:
        return
    deadline.met_at = at
    session.flush()
    _record(Event.DEADLINE_MET, deadline, by=by, at=at)


def change(
    deadline: Deadline,
    *,
    due_on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> DeadlineChange:
    """Move a deadline to another date, with a reason that school and group can read; raise `Refused`."""
    side = side_of(by)
    problems = _of_reason(reason)
    if deadline.met_at is not None:
        problems.append(Problem("met", N_("This is already done. There is no date to change.")))
    problems += change_problems(change_request(deadline, due_on, side=side, at=at))
    if problems:
        raise Refused(*problems)
    moved = DeadlineChange(
        deadline=deadline,
        from_on=deadline.due_on,
        to_on=due_on,
        side=side,
        reason=reason.strip(),
        changed_at=at,
        changed_by_id=by.id,
    )
    deadline.due_on, deadline.counted_from_at = due_on, at
    session.add(moved)
    session.flush()
    mails.tell_other_side(moved, queries.other_side(moved), at=at)
    _record(
        Event.DEADLINE_CHANGED,
        deadline,
        by=by,
        at=at,
        side=side.value,
        was=moved.from_on.isoformat(),
        due_on=due_on.isoformat(),
    )
    return moved


def reassign(deadline: Deadline, *, person_id: UUID | None, by: Actor, at: datetime) -> None:
    """Record who acts next; None means the school or the whole group."""
    if deadline.person_id == person_id:
        return
    deadline.person_id = person_id
    session.flush()
    session.refresh(deadline, ["person"])
    _record(
        Event.DEADLINE_REASSIGNED,
        deadline,
        by=by,
        at=at,
        person_id=str(person_id) if person_id else None,
    )


class ChangeLimits(Struct, frozen=True):
    """What a person may do with a deadline: `reasons_against_moving`, if any, and the latest date allowed."""

    reasons_against_moving: list[Problem]
    latest_on: date


def change_limits(deadline: Deadline, *, by: Actor, at: datetime) -> ChangeLimits:
    """Return whether a person may move a deadline, and the latest date, before they enter anything."""
    request = change_request(deadline, date.max, side=side_of(by), at=at)
    if request.side is DeadlineSide.GROUP:
        return ChangeLimits(reasons_against_moving(request), latest_for_group(request.today))
    latest = latest_for_school(request.opened_on, request.first_due_on, request.due_on)
    return ChangeLimits(reasons_against_moving(request), latest)


def side_of(person: Actor) -> DeadlineSide:
    """Return the side on whose behalf a person moves a deadline."""
    return DeadlineSide.SCHOOL if person.role is Role.SCHOOL_MANAGER else DeadlineSide.GROUP


def change_request(
    deadline: Deadline, wanted_on: date, *, side: DeadlineSide, at: datetime
) -> ChangeRequest:
    """Collect what the rules need to know about a request for another date."""
    calendar = calendar_at(deadline.school.country_code)
    return ChangeRequest(
        kind=deadline.kind,
        side=side,
        opened_on=local_day(deadline.opened_at, calendar),
        first_due_on=deadline.first_due_on,
        due_on=deadline.due_on,
        today=local_day(at, calendar),
        prolonged=any(one.side is DeadlineSide.SCHOOL for one in deadline.changes),
        wanted_on=wanted_on,
    )


def _of_reason(reason: str) -> list[Problem]:
    length = len(reason.strip())
    if REASON_LEAST <= length <= REASON_MOST:
        return []
    values = {"least": REASON_LEAST, "most": REASON_MOST}
    return [Problem("reason", N_("Enter a reason of %(least)s to %(most)s characters."), values)]


def _record(
    event: Event, deadline: Deadline, *, by: Actor, at: datetime, **facts: str | None
) -> None:
    record(
        event,
        deadline,
        by=by,
        at=at,
        school_id=deadline.school_id,
        kind=deadline.kind.value,
        **facts,
    )
