"""When somebody is reminded of a deadline."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from cissapp.people.deadlines.rules.working_time import Calendar, working_days_before

SOON_DAYS = 3


class ReminderMoment(StrEnum):
    """The three moments at which a reminder goes out."""

    HALF = "half"
    SOON = "soon"
    OVER = "over"


def reminder_days(
    counted_from: date, due_on: date, calendar: Calendar
) -> dict[ReminderMoment, date]:
    """List the days of the reminders, the earliest first: half the time, three working days before, the day after.

    A day that is not later than the one from which the time counts is left out: nobody is reminded of
    what was just agreed. Neither is half the time named when it falls behind the second reminder.
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
    """Name the reminder to send today; None if there is none, or it was sent already.

    Only the newest one: after days without a run nobody gets the older ones too.
    """
    reached = [
        moment
        for moment, day in reminder_days(counted_from, due_on, calendar).items()
        if day <= today
    ]
    newest = reached[-1] if reached else None
    return None if newest in sent else newest
