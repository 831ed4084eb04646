"""The quorum of trained people: notes a gap, ends it, and asks the group when its time is over."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cissapp.certify.upkeep import mails, queries
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.certify.upkeep.queries import Holder
from cissapp.certify.upkeep.rules.quorum import Member, lost_at
from cissapp.certify.upkeep.services import once
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.web.context import content as current_content
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import IN_FORCE


def look_at_once(person: Actor, *, at: datetime) -> None:
    """Look at the quorum of a person's school in the transaction that changed it."""
    if person.school_id is None:
        return
    school = session.get(School, person.school_id)
    if school and (school.standing in queries.HOLDING or queries.open_gap(school.id)):
        settle(school, current_content(), at=at)


def settle(school: School, content: Content, *, at: datetime) -> bool:
    """Note what became of the quorum of one school; say whether anything did."""
    once.alone()
    today = at.astimezone(UTC).date()
    holder = next(iter(queries.holders_of([school.id], today)), None)
    gap = queries.open_gap(school.id)
    if holder is None:
        return gap is not None and _end(gap, met=False, at=at)
    members = queries.members_of([school.id], content.module_by_id)
    return _settle(holder, gap, members[school.id], content, at=at)


def settle_all(content: Content, *, at: datetime) -> int:
    """Note what became of the quorum of every certified school; give the number of schools with a change.

    Safe to repeat and to miss days: the time counts from what happened, not from when it is noted.
    """
    once.alone()
    gaps = {one.school_id: one for one in queries.open_gaps()}
    changed = 0
    for ids in queries.batches():
        members = queries.members_of(ids, content.module_by_id)
        for holder in queries.holders_of(ids, at.astimezone(UTC).date()):
            school_id = holder.school.id
            gap = gaps.pop(school_id, None)
            changed += _settle(holder, gap, members[school_id], content, at=at)
    for gap in gaps.values():
        changed += _end(gap, met=False, at=at)
    return changed


def _settle(
    holder: Holder,
    gap: QuorumGap | None,
    members: Sequence[Member],
    content: Content,
    *,
    at: datetime,
) -> bool:
    quorum = queries.quorum_of(holder.school, content)
    since = gap.lost_at if gap else holder.since
    lost = lost_at(members, quorum, since, at)
    if gap and (lost is None or lost > gap.lost_at):
        _end(gap, met=True, at=at)
        gap = None
        if lost is None:
            return True
    if lost is None:
        return False
    if gap is None:
        return _begin(holder, lost, content, at=at)
    return _ask(holder, gap, at=at)


def _begin(holder: Holder, lost: datetime, content: Content, *, at: datetime) -> bool:
    """Start the clock, and tell those who are still there and the group."""
    gap = QuorumGap(
        id=new_id(), school_id=holder.school.id, school=holder.school, lost_at=lost, noted_at=at
    )
    session.add(gap)
    session.flush()
    due_on = _due_on(lost, content.standard.decision.upkeep.quorum_days, at)
    deadlines.open(
        DeadlineKind.QUORUM,
        subject_id=gap.id,
        school=holder.school,
        due_on=due_on,
        person_id=None,
        by=SYSTEM,
        at=at,
    )
    mails.tell_lost(holder.school, due_on, at=at)
    _record(Event.QUORUM_LOST, gap, at=at, due_on=due_on.isoformat())
    return True


def _due_on(lost: datetime, days: int, at: datetime) -> date:
    """Give the last day: so many days after the loss, and never less than half of them from now on.

    A loss that was noted late, after weeks without a run, leaves the school time all the same.
    """
    return max(lost.date() + timedelta(days=days), at.date() + timedelta(days=days // 2))


def _end(gap: QuorumGap, *, met: bool, at: datetime) -> bool:
    """Stop the clock: there are enough people again, or there is no certificate to keep."""
    gap.ended_at = at
    session.flush()
    deadlines.meet(DeadlineKind.QUORUM, subject_id=gap.id, at=at)
    _record(Event.QUORUM_ENDED, gap, at=at, met=met)
    return True


def _ask(holder: Holder, gap: QuorumGap, *, at: datetime) -> bool:
    """Ask the group once to look at a suspension, when the time is over. A person decides, not the clock."""
    clock = queries.clock_of(gap)
    over = clock is not None and clock.due_on < at.astimezone(UTC).date()
    if not over or gap.asked_at or holder.school.standing not in IN_FORCE:
        return False
    gap.asked_at = at
    session.flush()
    mails.ask_group(holder.school, gap, at=at)
    _record(Event.QUORUM_OVERDUE, gap, at=at)
    return True


def _record(event: Event, gap: QuorumGap, *, at: datetime, **facts: Any) -> None:
    record(event, gap, by=SYSTEM, at=at, school_id=gap.school_id, **facts)
