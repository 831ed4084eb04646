"""Opens, meets, moves and hands over deadlines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import mails, queries
from cissapp.people.deadlines.models import Deadline, DeadlineChange, DeadlineReminder
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import (
    REASON_LEAST,
    REASON_MOST,
    ChangeRequest,
    DeadlineKind,
    DeadlineSide,
    ReminderMoment,
    change_problems,
    due_moment,
    latest_for_group,
    latest_for_school,
    local_day,
    reasons_against_moving,
)
from cissapp.people.schools.models import School

# What rooms above know of a deadline of theirs: how many criteria are left to do, and who acts next.
LeftOf = Mapping[DeadlineKind, Callable[[Deadline], int | None]]
PeopleOf = Mapping[DeadlineKind, Callable[[Deadline], list[User]]]


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
    """Open a deadline; ValueError if one of this kind is open for the subject already."""
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
    """Move a deadline to another day, with a reason that school and group read; raise `Refused`."""
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
    """Record who acts next; None is the school or the whole group."""
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


def remind(
    *, at: datetime, left_of: LeftOf | None = None, people_of: PeopleOf | None = None
) -> int:
    """Send the reminders that are due, each once; return the number of deadlines that people were reminded of.

    Safe to repeat and to miss: of several that are due, only the newest goes out. `left_of` counts what
    is left to do, for the wording; `people_of` names who acts next where this room cannot know. Each batch is kept
    by itself: a reminder, with the note that it went out.
    """

    def of_batch(ids: Sequence[UUID]) -> int:
        lock("deadline reminders")
        found = queries.open_with_reminders(ids)
        return sum(_remind(one, at, left_of or {}, people_of or {}) for one in found)

    return each_kept(batches_of(queries.open_at(at)), of_batch)


def _remind(deadline: Deadline, at: datetime, left_of: LeftOf, people_of: PeopleOf) -> bool:
    moment = _moment(deadline, at)
    people = people_of.get(deadline.kind, queries.whose_turn)(deadline) if moment else []
    if not moment or not people:
        return False
    left = left_of[deadline.kind](deadline) if deadline.kind in left_of else None
    mails.send_reminder(deadline, people, moment, days=_days_left(deadline, at), left=left, at=at)
    sent = DeadlineReminder(moment=moment, due_on=deadline.due_on, sent_at=at)
    deadline.reminders.append(sent)
    session.flush()
    return True


def _moment(deadline: Deadline, at: datetime) -> ReminderMoment | None:
    """Name the reminder that is due for a deadline; those for a day that was moved do not count."""
    calendar = calendar_at(deadline.school.country_code)
    sent = [one.moment for one in deadline.reminders if one.due_on == deadline.due_on]
    counted_from = local_day(deadline.counted_from_at, calendar)
    return due_moment(counted_from, deadline.due_on, local_day(at, calendar), sent, calendar)


def _days_left(deadline: Deadline, at: datetime) -> int:
    calendar = calendar_at(deadline.school.country_code)
    return (deadline.due_on - local_day(at, calendar)).days


@dataclass(frozen=True)
class ChangeLimits:
    """What a person may do with a deadline: `reasons_against_moving` says why not; else the last day to choose."""

    reasons_against_moving: list[Problem]
    latest_on: date


def change_limits(deadline: Deadline, *, by: Actor, at: datetime) -> ChangeLimits:
    """Return whether a person may move a deadline, and to which day at most; before anything is typed."""
    request = change_request(deadline, date.max, side=side_of(by), at=at)
    if request.side is DeadlineSide.GROUP:
        return ChangeLimits(reasons_against_moving(request), latest_for_group(request.today))
    latest = latest_for_school(request.opened_on, request.first_due_on, request.due_on)
    return ChangeLimits(reasons_against_moving(request), latest)


def side_of(person: Actor) -> DeadlineSide:
    """Return the side for which a person moves a deadline."""
    return DeadlineSide.SCHOOL if person.role is Role.SCHOOL_MANAGER else DeadlineSide.GROUP


def change_request(
    deadline: Deadline, wanted_on: date, *, side: DeadlineSide, at: datetime
) -> ChangeRequest:
    """Gather what the rules need to know about a request for another day."""
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
    return [Problem("reason", N_("Give the reason in %(least)s to %(most)s characters."), values)]


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
