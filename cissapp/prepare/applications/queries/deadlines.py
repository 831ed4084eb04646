"""Reads of an application's deadlines, and the days that they fall on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from cissapp.people.deadlines import queries as deadlines_queries
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import local_day, working_days_after, working_days_between
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.models import Application

SCHOOL_DEADLINES = (DeadlineKind.CHANGES, DeadlineKind.MINOR_GAPS)
GROUP_DEADLINES = (
    DeadlineKind.COMPLETENESS_CHECK,
    DeadlineKind.REVIEW,
    DeadlineKind.SECOND_REVIEW,
    DeadlineKind.DECISION,
)


def find_open_deadline(application: Application, *kinds: DeadlineKind) -> Deadline | None:
    """Find the open deadline of one of these kinds."""
    found = (deadlines_queries.open_deadline(kind, application.id) for kind in kinds)
    return next((one for one in found if one), None)


def answer_due_on(application: Application) -> date | None:
    """Find the date by which the school has to answer, as last changed or else as first set."""
    found = find_open_deadline(application, *SCHOOL_DEADLINES)
    if found:
        return found.due_on
    if application.due_at is None:
        return None
    return local_day(application.due_at, calendar_at(application.school.country_code))


def first_due_of_school(school_id: UUID) -> date | None:
    """Find the earliest day by which a school has to answer or to close gaps."""
    return deadlines_queries.first_due(school_id, SCHOOL_DEADLINES)


def working_day_after(application: Application, days: int, at: datetime) -> date:
    """Return the date this many working days later, by the calendar of the school's country."""
    calendar = calendar_at(application.school.country_code)
    return working_days_after(local_day(at, calendar), days, calendar)


def calendar_day_after(application: Application, days: int, at: datetime) -> date:
    """Return the date this many calendar days later, in the time zone of the school's country."""
    return local_day(at, calendar_at(application.school.country_code)) + timedelta(days=days)


def review_days_left(application: Application, whole: int) -> int:
    """Count the working days left in a review that a question stopped, at least one; else `whole`."""
    stopped = [
        one
        for one in deadlines_queries.of_subject(application.id)
        if one.kind is DeadlineKind.REVIEW and one.met_at
    ]
    if not stopped:
        return whole
    last = max(stopped, key=lambda one: one.opened_at)
    calendar = calendar_at(application.school.country_code)
    stopped_on = local_day(last.met_at or last.opened_at, calendar)
    return max(1, working_days_between(stopped_on, last.due_on, calendar))
