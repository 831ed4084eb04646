"""The quorum of trained people: records a gap, ends it, and asks the group when it is overdue."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cissapp.certify.upkeep import mails, queries
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.certify.upkeep.queries import CertificateHolder, due
from cissapp.certify.upkeep.rules.quorum import (
    SchoolMember,
    last_change_of_duties,
    quorum_lost_at,
)
from cissapp.certify.upkeep.services import sent_mails
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import new_id, session
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import IN_FORCE


def update_quorum_of_person(person: Actor, *, at: datetime, **_changed: Any) -> None:
    """Update the quorum of a person's school in the transaction that changed the person."""
    if person.school_id is None:
        return
    school = session.get(School, person.school_id)
    if school and (school.standing in queries.HOLDING_CERTIFICATE or queries.open_gap(school.id)):
        update_quorum(school, current_content(), at=at)


def update_quorum(school: School, content: Content, *, at: datetime) -> bool:
    """Update the quorum of one school; return whether anything changed."""
    sent_mails.lock_upkeep()
    today = at.astimezone(UTC).date()
    holder = next(iter(queries.holders_of([school.id], today)), None)
    gap = queries.open_gap(school.id)
    if holder is None:
        return gap is not None and _end_gap(gap, met=False, at=at)
    members = queries.members_of([school.id], content.module_by_id)
    return _update_gap(holder, gap, members[school.id], content, at=at)


def update_quorums(content: Content, *, at: datetime) -> int:
    """Update the quorum of every certified school; return the number of schools with a change.

    Safe to repeat and to miss days: time counts from what happened, not from when it is noted. Each batch of
    schools is committed separately.
    """
    today = at.astimezone(UTC).date()

    def update(ids: Sequence[UUID]) -> int:
        sent_mails.lock_upkeep()
        gaps = {one.school_id: one for one in queries.open_gaps(ids)}
        members = queries.members_of(ids, content.module_by_id)
        return sum(
            _update_gap(one, gaps.get(one.school.id), members[one.school.id], content, at=at)
            for one in queries.holders_of(ids, today)
        )

    def end(ids: Sequence[UUID]) -> int:
        sent_mails.lock_upkeep()
        # A gap of a certified school began after the schools had been listed: it goes on.
        certified = {one.school.id for one in queries.holders_of(ids, today)}
        ended = [gap for gap in queries.open_gaps(ids) if gap.school_id not in certified]
        return sum(_end_gap(gap, met=False, at=at) for gap in ended)

    changed = each_kept(due.holders_with_quorum_change(content, at), update)
    left = [gap.school_id for gap in queries.open_gaps()]
    return changed + each_kept(batches_of(left), end)


def _update_gap(
    holder: CertificateHolder,
    gap: QuorumGap | None,
    members: Sequence[SchoolMember],
    content: Content,
    *,
    at: datetime,
) -> bool:
    quorum = queries.quorum_of(holder.school.country_code, content)
    since = gap.lost_at if gap else last_change_of_duties(members, holder.since)
    lost = quorum_lost_at(members, quorum, since, at)
    if gap and (lost is None or lost > gap.lost_at):
        _end_gap(gap, met=True, at=at)
        gap = None
        if lost is None:
            return True
    if lost is None:
        return False
    if gap is None:
        return _begin_gap(holder, lost, content, at=at)
    return _ask_group(holder, gap, at=at)


def _begin_gap(
    holder: CertificateHolder, lost: datetime, content: Content, *, at: datetime
) -> bool:
    """Start the deadline, and tell the group and those who are still at the school."""
    gap = QuorumGap(
        id=new_id(), school_id=holder.school.id, school=holder.school, lost_at=lost, noted_at=at
    )
    session.add(gap)
    session.flush()
    days, country = content.standard.decision.upkeep.quorum_days, holder.school.country_code
    due_on = _due_on(day_in(country, lost), days, day_in(country, at))
    deadlines.open(
        DeadlineKind.QUORUM,
        subject_id=gap.id,
        school=holder.school,
        due_on=due_on,
        person_id=None,
        by=SYSTEM,
        at=at,
    )
    mails.tell_quorum_lost(holder.school, due_on, at=at)
    _record(Event.QUORUM_LOST, gap, at=at, due_on=due_on.isoformat())
    return True


def _due_on(lost_on: date, days: int, today: date) -> date:
    """Compute the due date: `days` after the loss, but at least half of them from now.

    If a loss is noted late, after weeks without a run, the school still has time.
    """
    return max(lost_on + timedelta(days=days), today + timedelta(days=days // 2))


def _end_gap(gap: QuorumGap, *, met: bool, at: datetime) -> bool:
    """End the deadline: there are enough people again, or there is no certificate to keep."""
    gap.ended_at = at
    session.flush()
    deadlines.meet(DeadlineKind.QUORUM, subject_id=gap.id, at=at)
    _record(Event.QUORUM_ENDED, gap, at=at, met=met)
    return True


def _ask_group(holder: CertificateHolder, gap: QuorumGap, *, at: datetime) -> bool:
    """Ask the group once to consider a suspension after the deadline; a person decides, not the clock."""
    clock = queries.gap_deadline(gap)
    over = clock is not None and clock.due_on < day_in(holder.school.country_code, at)
    if not over or gap.asked_at or holder.school.standing not in IN_FORCE:
        return False
    gap.asked_at = at
    session.flush()
    mails.ask_group_to_decide(holder.school, gap, at=at)
    _record(Event.QUORUM_OVERDUE, gap, at=at)
    return True


def _record(event: Event, gap: QuorumGap, *, at: datetime, **facts: Any) -> None:
    record(event, gap, by=SYSTEM, at=at, school_id=gap.school_id, **facts)
