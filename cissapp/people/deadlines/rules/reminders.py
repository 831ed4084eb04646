"""When somebody is reminded of a deadline."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from cissapp.people.deadlines.rules.working_time import Calendar, working_days_before

SOON_DAYS = 3


class ReminderMoment(StrEnum):
    """The three points in time at which a reminder is sent."""

    HALF = "half"
    SOON = "soon"
    OVER = "over"


def reminder_days(
    counted_from: date, due_on: date, calendar: Calendar
) -> dict[ReminderMoment, date]:
    """Map reminders to dates, earliest first: halfway, three working days before, and the day after.

    A date no later than the start of the period is left out: nobody is reminded of what was only just
    agreed. Halfway is left out too unless it comes before the second reminder.
    """
    half = counted_from + (due_on - counted_from) // 2
    soon = working_days_before(due_on, SOON_DAYS, calendar)
    days = {ReminderMoment.HALF: half} if half < soon else {}
    days |= {ReminderMoment.SOON: soon, ReminderMoment.OVER: due_on + timedelta(days=1)}
    return {moment: day for moment, day in days.items() if day > counted_from}


def due_moment(
    counted_from: date,
    due_on: date,
    today: date,
    sent: Collection[ReminderMoment],
    calendar: Calendar,
) -> ReminderMoment | None:
    """Return the reminder to send today; None if none is due or it was already sent.

    Only the latest one counts: after days without a run, earlier ones are not sent as well.
    """
    reached = [
        moment
        for moment, day in reminder_days(counted_from, due_on, calendar).items()
        if day <= today
    ]
    newest = reached[-1] if reached else None
    return None if newest in sent else newest
