"""Reminds people to continue what they have started to learn."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.bulk.long_work import batches_of, drawn_batches, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.learn.learning import mails, queries
from cissapp.learn.learning.models import Attempt, Learner
from cissapp.learn.learning.queries import (
    ReminderCandidate,
    overviews,
    people_to_examine,
    reminder_candidates,
)
from cissapp.learn.learning.rules import ExtraTime, LearningOverview
from cissapp.learn.learning.rules.reminders import Reminder, ReminderHistory, due_reminder

# Bounds how long other writers wait while mails are being queued.
AT_ONCE = 50


def send_reminders(content: Content, at: datetime) -> int:
    """Queue the reminders that are due, and return their number; safe to repeat, and to miss days.

    Every fifty people are committed together, each mail with the note that it went out. The number of queries
    grows only with every fifty people examined.
    """

    def of_batch(ids: Sequence[UUID]) -> int:
        lock("learning reminders")
        return _remind_some(reminder_candidates(ids, content.modules, at), content, at)

    found = people_to_examine(content.modules, at)
    # Those whose attempt closes soon cannot wait for another day.
    batches = [*batches_of(found.closing, AT_ONCE), *drawn_batches(found.others, AT_ONCE)]
    return each_kept(batches, of_batch)


def _remind_some(some: list[ReminderCandidate], content: Content, at: datetime) -> int:
    known = overviews([one.person.id for one in some], content.modules, at)
    schools = {one.person.school_id for one in some if one.person.school_id}
    duties = content.standard.decision.gate_duties
    in_need = queries.schools_in_need(schools, content.modules, duties)
    count = 0
    for one in some:
        reminder = due_reminder(
            known[one.person.id],
            _before(one.learner),
            at,
            is_open=one.person.is_active,
            is_needed=one.person.school_id in in_need,
        )
        if reminder:
            _send(one, reminder, known[one.person.id], content, at)
            count += 1
    session.flush()
    return count


def _before(learner: Learner | None) -> ReminderHistory:
    if learner is None:
        return ReminderHistory()
    return ReminderHistory(
        learner.reminders_stopped_at is not None, learner.reminded_at, learner.reminders_sent
    )


def _send(
    one: ReminderCandidate,
    reminder: Reminder,
    overview: LearningOverview,
    content: Content,
    at: datetime,
) -> None:
    learner = one.learner
    if learner is None:
        learner = Learner(user_id=one.person.id, extra_time=ExtraTime.NONE)
        session.add(learner)
    learner.reminded_at, learner.reminders_sent = at, reminder.in_row
    if reminder.closing is None:
        mails.tell_next(one.person, reminder, overview, at=at)
        return
    session.execute(update(Attempt).where(Attempt.id == reminder.closing.id).values(reminded_at=at))
    zone = content.countries[one.person.country_code or ""].file.time_zone
    mails.tell_closing(one.person, reminder.next, reminder.closing, zone=zone, at=at)
