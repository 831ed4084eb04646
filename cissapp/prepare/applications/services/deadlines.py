"""Opens, assigns and meets the deadlines of an application."""

from datetime import date, datetime
from uuid import UUID

from cissapp.foundation.content.schema import Process
from cissapp.foundation.core.actor import Actor
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import (
    SCHOOL_DEADLINES,
    find_open_deadline,
    review_days_left,
    working_day_after,
)
from cissapp.prepare.applications.rules import ApplicationCourse


def open_deadline(
    application: Application,
    kind: DeadlineKind,
    due_on: date,
    *,
    person_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Open a deadline of an application, replacing one of its kind that is still open."""
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


def meet_deadlines(application: Application, *kinds: DeadlineKind, at: datetime) -> None:
    """Meet the open deadlines of these kinds."""
    for kind in kinds:
        deadlines.meet(kind, subject_id=application.id, at=at)


def open_group_deadline(
    application: Application,
    course: ApplicationCourse,
    process: Process,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Open the group's deadline after a submission: for the completeness check, or for what is left of the review."""
    meet_deadlines(application, *SCHOOL_DEADLINES, at=at)
    if not course.completeness_checked:
        due_on = working_day_after(application, process.sift_days, at)
        open_deadline(application, DeadlineKind.COMPLETENESS_CHECK, due_on, by=by, at=at)
        return
    asked = queries.question(application)
    days = process.review_days
    if asked is not None and asked.round == application.round - 1:
        days = review_days_left(application, days)
    open_deadline(
        application, DeadlineKind.REVIEW, working_day_after(application, days, at), by=by, at=at
    )


def assign_deadline(
    application: Application, kind: DeadlineKind, person_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Assign an open deadline to a person."""
    found = find_open_deadline(application, kind)
    if found:
        deadlines.reassign(found, person_id=person_id, by=by, at=at)
