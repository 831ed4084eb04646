"""Rules of deadlines: what is due, how working time is counted, who may move what, when to remind."""

from cissapp.people.deadlines.rules.changes import (
    LATEST_DAYS,
    REASON_LEAST,
    REASON_MOST,
    ChangeRequest,
    DeadlineSide,
    change_problems,
    latest_for_group,
    latest_for_school,
    moving_barred,
    reasons_against_moving,
)
from cissapp.people.deadlines.rules.entries import CalendarEntry
from cissapp.people.deadlines.rules.kinds import (
    FIXED,
    KIND_NAMES,
    REVIEWS,
    SHOWN_TO_SCHOOL,
    WAITS_FOR_SCHOOL,
    DeadlineKind,
)
from cissapp.people.deadlines.rules.reminders import ReminderMoment, due_moment, reminder_days
from cissapp.people.deadlines.rules.working_time import (
    Calendar,
    DaysOfYear,
    WorkingHours,
    last_minute,
    local_day,
    working_days_after,
    working_days_before,
    working_days_between,
    working_minutes,
)

__all__ = [
    "FIXED",
    "KIND_NAMES",
    "LATEST_DAYS",
    "REASON_LEAST",
    "REASON_MOST",
    "REVIEWS",
    "SHOWN_TO_SCHOOL",
    "WAITS_FOR_SCHOOL",
    "Calendar",
    "CalendarEntry",
    "ChangeRequest",
    "DaysOfYear",
    "DeadlineKind",
    "DeadlineSide",
    "ReminderMoment",
    "WorkingHours",
    "change_problems",
    "due_moment",
    "last_minute",
    "latest_for_group",
    "latest_for_school",
    "local_day",
    "moving_barred",
    "reasons_against_moving",
    "reminder_days",
    "working_days_after",
    "working_days_before",
    "working_days_between",
    "working_minutes",
]
