"""Whose turn it is, and until when: opens and ends the deadlines of an application."""

from datetime import date, datetime, timedelta
from uuid import UUID

from cissapp.foundation.content.schema import Process
from cissapp.foundation.core.actor import Actor
from cissapp.people.deadlines import queries as deadlines_queries
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import (
    DeadlineKind,
    local_day,
    working_days_after,
    working_days_between,
)
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import Course

OF_SCHOOL = (DeadlineKind.CHANGES, DeadlineKind.MINOR_GAPS)
OF_GROUP = (
    DeadlineKind.COMPLETENESS_CHECK,
    DeadlineKind.REVIEW,
    DeadlineKind.SECOND_REVIEW,
    DeadlineKind.DECISION,
)


def begins(
    application: Application,
    kind: DeadlineKind,
    due_on: date,
    *,
    person_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Open a deadline of an application in the place of one of its kind that is still open."""
    deadlines.meet(kind, subject_id=application.id, at=at)
    deadlines.open(
        kind,
        subject_id=application.id,
        school=application.school,
        due_on=due_on,
        person_id=person_id,
        by=by,
        at=at,
    )


def ends(application: Application, *kinds: DeadlineKind, at: datetime) -> None:
    """Meet the open deadlines of these kinds."""
    for kind in kinds:
        deadlines.meet(kind, subject_id=application.id, at=at)


def group_begins(
    application: Application, course: Course, process: Process, *, by: Actor, at: datetime
) -> None:
    """Start the group's clock after a hand-in: for the sift, or for the review, as much as is left of it."""
    ends(application, *OF_SCHOOL, at=at)
    if not course.sifted:
        due_on = working_day(application, process.sift_days, at)
        begins(application, DeadlineKind.COMPLETENESS_CHECK, due_on, by=by, at=at)
        return
    asked = queries.question(application)
    days = process.review_days
    if asked is not None and asked.round == application.round - 1:
        days = left_of_review(application, days)
    begins(application, DeadlineKind.REVIEW, working_day(application, days, at), by=by, at=at)


def taken(
    application: Application, kind: DeadlineKind, person_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Say whose turn an open deadline is now."""
    found = open_one(application, kind)
    if found:
        deadlines.reassign(found, person_id=person_id, by=by, at=at)


def open_one(application: Application, *kinds: DeadlineKind) -> Deadline | None:
    """Find the open deadline of one of these kinds."""
    found = (deadlines_queries.open_deadline(kind, application.id) for kind in kinds)
    return next((one for one in found if one), None)


def due_on(application: Application) -> date | None:
    """Say until when the school answers: the day as it was moved last, or as it was set first."""
    found = open_one(application, *OF_SCHOOL)
    if found:
        return found.due_on
    if application.due_at is None:
        return None
    return local_day(application.due_at, calendar_at(application.school.country_code))


def asked_of(school_id: UUID) -> date | None:
    """Say until when a school is asked to answer or to close gaps; the earliest day, if there are more."""
    return deadlines_queries.first_due(school_id, OF_SCHOOL)


def working_day(application: Application, days: int, at: datetime) -> date:
    """Give the day that is so many working days of the school's country after a moment."""
    calendar = calendar_at(application.school.country_code)
    return working_days_after(local_day(at, calendar), days, calendar)


def calendar_day(application: Application, days: int, at: datetime) -> date:
    """Give the day that is so many days after a moment, in the school's country."""
    return local_day(at, calendar_at(application.school.country_code)) + timedelta(days=days)


def left_of_review(application: Application, whole: int) -> int:
    """Count the working days of a review that a question stopped; at least one, `whole` without one."""
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
