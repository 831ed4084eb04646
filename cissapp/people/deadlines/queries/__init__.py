"""Reads of deadlines, and the working days of a country."""

from cissapp.people.deadlines.queries.calendars import (
    calendar_at,
    calendar_of,
    hours_of,
)
from cissapp.people.deadlines.queries.deadlines import (
    deadline,
    first_due,
    is_open,
    of_subject,
    open_deadline,
    open_of,
    open_of_subjects,
    open_with_reminders,
    other_side,
    people_of_group,
    people_to_act,
    reminder_facts,
    shown_to_group,
    shown_to_school,
)
from cissapp.people.deadlines.queries.feeds import (
    entries_asked,
    entries_from_above,
    feed_of,
    feed_owner,
    in_calendar_of,
)

__all__ = [
    "calendar_at",
    "calendar_of",
    "deadline",
    "entries_asked",
    "entries_from_above",
    "feed_of",
    "feed_owner",
    "first_due",
    "hours_of",
    "in_calendar_of",
    "is_open",
    "of_subject",
    "open_deadline",
    "open_of",
    "open_of_subjects",
    "open_with_reminders",
    "other_side",
    "people_of_group",
    "people_to_act",
    "reminder_facts",
    "shown_to_group",
    "shown_to_school",
]
