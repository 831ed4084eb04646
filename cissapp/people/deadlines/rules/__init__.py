"""Rules of deadlines: what is due, how working time is counted, who may move what, when to remind."""

from cissapp.people.deadlines.rules.changes import (
    LATEST_DAYS,
    REASON_LEAST,
    REASON_MOST,
    Side,
    Wish,
    closed,
    latest_for_group,
    latest_for_school,
    may_change,
)
from cissapp.people.deadlines.rules.kinds import (
    FIXED,
    IN_CALENDAR_DAYS,
    KIND_NAMES,
    REVIEWS,
    SHOWN_TO_SCHOOL,
    WAITS_FOR_SCHOOL,
    Kind,
)
from cissapp.people.deadlines.rules.reminders import Moment, days_of, due_moment
from cissapp.people.deadlines.rules.working_time import (
    Calendar,
    DaysOfYear,
    WorkingHours,
    local_day,
    working_days_after,
    working_days_before,
    working_days_between,
    working_minutes,
)

__all__ = [
    "FIXED",
    "IN_CALENDAR_DAYS",
    "KIND_NAMES",
    "LATEST_DAYS",
    "REASON_LEAST",
    "REASON_MOST",
    "REVIEWS",
    "SHOWN_TO_SCHOOL",
    "WAITS_FOR_SCHOOL",
    "Calendar",
    "DaysOfYear",
    "Kind",
    "Moment",
    "Side",
    "Wish",
    "WorkingHours",
    "closed",
    "days_of",
    "due_moment",
    "latest_for_group",
    "latest_for_school",
    "local_day",
    "may_change",
    "working_days_after",
    "working_days_before",
    "working_days_between",
    "working_minutes",
]
