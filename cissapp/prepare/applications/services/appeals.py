"""Carries out a decision on an appeal: the application is certified after all or reviewed by others."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.queries.deadlines import GROUP_DEADLINES, SCHOOL_DEADLINES
from cissapp.prepare.applications.rules import ApplicationAction, ApplicationState
from cissapp.prepare.applications.services import course, move, withdraw
from cissapp.prepare.applications.services.deadlines import meet_deadlines, open_group_deadline
from cissapp.prepare.applications.services.submission import keep_submission
from cissapp.prepare.applications.submission_content.writing import write_submission_again
from cissapp.prepare.documents import services as documents


def appeal_problems(application: Application) -> list[Problem]:
    """List why a decision on an appeal comes too late: the school has since submitted another application."""
    newest = queries.newest_submitted(application.school_id)
    if newest is None or newest.id == application.id:
        return []
    message = N_("The school has since submitted a new application. Its review continues.")
    return [Problem("outcome", message)]


def _withdraw_newer_draft(application: Application, *, by: Actor, at: datetime) -> None:
    newest = queries.newest_application(application.school_id)
    if newest and newest.id != application.id and newest.state is ApplicationState.DRAFT:
        withdraw(newest, by=by, at=at)


def certify_on_appeal(application: Application, *, level: int, by: Actor, at: datetime) -> None:
    """Certify an application whose gaps a panel judged differently, and lock its answers again."""
    lock(f"dossier:{application.school_id}")
    session.refresh(application)
    _withdraw_newer_draft(application, by=by, at=at)
    move(application, ApplicationAction.ALTER, by=by, at=at, level=level)
    meet_deadlines(application, *GROUP_DEADLINES, *SCHOOL_DEADLINES, at=at)
    application.due_at = None
    documents.lock_evidence(application.school_id, open_criteria=[], at=at)
    schools.place(application.school, progress=Progress.DECIDED, at=at)
    session.flush()


def reopen_on_appeal(
    application: Application, content: Content, *, by: Actor, at: datetime
) -> Submission:
    """Submit the content of the last round again, unchanged and in full, for others to review."""
    lock(f"dossier:{application.school_id}")
    session.refresh(application)
    _withdraw_newer_draft(application, by=by, at=at)
    last = queries.submission(application, application.round)
    if last is None:
        raise LookupError(application.id)
    application.outcome = application.level = None
    application.open_criteria = application.due_at = None
    application.reviews_wanted = 1
    move(application, ApplicationAction.REOPEN, by=by, at=at)
    application.round += 1
    text = write_submission_again(last, round_number=application.round)
    submission = keep_submission(
        application,
        text,
        rubric_version=last.rubric_version,
        submitted_by_id=last.submitted_by_id,
        version_ids=[one.version_id for one in last.versions],
        at=at,
    )
    schools.place(application.school, progress=Progress.SUBMITTED, at=at)
    process = content.under(last.rubric_version).standard.decision.process
    open_group_deadline(application, course(application), process, by=by, at=at)
    session.flush()
    return submission
