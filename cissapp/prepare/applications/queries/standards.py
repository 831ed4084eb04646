"""The version of the standard that a school answers and is judged by."""

from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, select

from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.queries.applications import newest_application
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState

# Runs twice for the first page of a school, and for many others, so it is built once.
_FIRST_VERSION = (
    select(Submission.rubric_version)
    .where(Submission.application_id == bindparam("application_id"))
    .order_by(Submission.round)
    .limit(1)
)


def submitted_version(application: Application) -> str | None:
    """Return the version under which an application was first submitted; None before that."""
    found = read_rows(_FIRST_VERSION, {"application_id": application.id})
    return cast("str", found[0][0]) if found else None


def content_of(application: Application | None, content: Content) -> Content:
    """Return the content with the version of the standard under which an application was submitted."""
    return content.under(submitted_version(application) if application else None)


def content_to_answer(application: Application | None, content: Content) -> Content:
    """Return the content with the standard that a school answers now; `application` is its newest."""
    return content_of(application, content) if application and is_bound(application) else content


def running_version(school_id: UUID) -> str | None:
    """Return the version of the standard that a school's answers were given under and are bound to.

    None if the school is free to answer again: before it submits, after major gaps, after it withdrew.
    """
    newest = newest_application(school_id)
    return submitted_version(newest) if newest is not None and is_bound(newest) else None


def is_bound(application: Application) -> bool:
    """Check whether a school's answers still belong to this application."""
    if application.state is ApplicationState.DECIDED:
        return application.outcome is ApplicationOutcome.CERTIFIED
    return application.state is not ApplicationState.WITHDRAWN


def standard_of(submission: Submission, content: Content) -> Standard:
    """Return the standard by which an application was submitted; raise `Refused` if it is no longer here."""
    found = content.standard_of(submission.rubric_version)
    if found is None:
        message = N_(
            "This application was submitted under version %(version)s of the criteria, which is no longer available here. Ask the secretariat to restore it. Nothing is lost."
        )
        raise Refused(Problem("rubric", message, {"version": submission.rubric_version}))
    return found
