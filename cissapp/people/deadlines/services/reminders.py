"""Reminds people of deadlines with at most three reminders, each sent once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import mails, queries
from cissapp.people.deadlines.models import Deadline, DeadlineReminder
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import DeadlineKind, ReminderMoment, due_moment, local_day

# Let rooms above report, by id, how many criteria their deadlines have left, and who acts next.
LeftOf = Mapping[DeadlineKind, Callable[[Sequence[Deadline]], Mapping[UUID, int]]]
PeopleOf = Mapping[DeadlineKind, Callable[[Sequence[Deadline]], Mapping[UUID, list[User]]]]
# Each deadline means several emails, so a small batch keeps other writers from waiting long.
TOGETHER = 20


def remind(
    *, at: datetime, left_of: LeftOf | None = None, people_of: PeopleOf | None = None
) -> int:
    """Send the reminders that are due, each once, and return the number of deadlines they were sent for.

    Safe to repeat and to miss: if several are due, only the latest is sent. `left_of` counts what is left
    to do, for the wording; `people_of` returns who acts next where this room cannot know. Each batch is
    committed on its own, every reminder together with the record that it was sent.
    """
    due = [
        one.deadline_id
        for one in queries.reminder_facts(at)
        if _moment(one.country_code, one.counted_from_at, one.due_on, one.sent, at)
    ]

    def of_batch(ids: Sequence[UUID]) -> int:
        lock("deadline reminders")
        # Checked again under the lock: another run may have sent it, or somebody may have moved the date.
        found = {one: _moment_of(one, at) for one in queries.open_with_reminders(ids)}
        still_due = {one: moment for one, moment in found.items() if moment}
        count = _remind_each(still_due, at, left_of or {}, people_of or {})
        session.flush()
        return count

    return each_kept(batches_of(due, TOGETHER), of_batch)


def _remind_each(
    due: Mapping[Deadline, ReminderMoment], at: datetime, left_of: LeftOf, people_of: PeopleOf
) -> int:
    """Send reminders for these deadlines; return for how many there was somebody to remind."""
    people = queries.people_to_act([one for one in due if one.kind not in people_of])
    left: dict[UUID, int] = {}
    for kind, ask in people_of.items():
        people.update(ask([one for one in due if one.kind is kind]))
    for kind, count in left_of.items():
        left.update(count([one for one in due if one.kind is kind]))
    reached = [one for one in due if people.get(one.id)]
    for one in reached:
        days = (one.due_on - local_day(at, calendar_at(one.school.country_code))).days
        mails.send_reminder(one, people[one.id], due[one], days=days, left=left.get(one.id), at=at)
        one.reminders.append(DeadlineReminder(moment=due[one], due_on=one.due_on, sent_at=at))
    return len(reached)


def _moment_of(deadline: Deadline, at: datetime) -> ReminderMoment | None:
    sent = [one.moment for one in deadline.reminders if one.due_on == deadline.due_on]
    country_code = deadline.school.country_code
    return _moment(country_code, deadline.counted_from_at, deadline.due_on, sent, at)


def _moment(
    country_code: str,
    counted_from_at: datetime,
    due_on: date,
    sent: Collection[ReminderMoment],
    at: datetime,
) -> ReminderMoment | None:
    """Return the reminder that is due for a deadline; `sent` holds only those for its current date."""
    calendar = calendar_at(country_code)
    counted_from = local_day(counted_from_at, calendar)
    return due_moment(counted_from, due_on, local_day(at, calendar), sent, calendar)
