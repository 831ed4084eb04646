"""What a ruling on an appeal does to an application: certified after all, or reviewed again by others."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import queries, snapshot, turns
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.applications.rules import Action, State
from cissapp.prepare.applications.services import course, move, withdraw
from cissapp.prepare.documents import services as documents


def overtaken(application: Application) -> list[Problem]:
    """List why a ruling comes too late: the school has handed in a newer application meanwhile."""
    newest = queries.newest_application(application.school_id)
    if newest is None or newest.id == application.id or newest.state is State.DRAFT:
        return []
    message = N_("The school has handed in a new application meanwhile. Its review goes on.")
    return [Problem("outcome", message)]


def _newer_draft_back(application: Application, *, by: Actor, at: datetime) -> None:
    newest = queries.newest_application(application.school_id)
    if newest and newest.id != application.id and newest.state is State.DRAFT:
        withdraw(newest, by=by, at=at)


def alter(application: Application, *, level: int, by: Actor, at: datetime) -> None:
    """Certify an application whose gaps a panel saw differently; the dossier closes."""
    lock(f"dossier:{application.school_id}")
    session.refresh(application)
    _newer_draft_back(application, by=by, at=at)
    move(application, Action.ALTER, by=by, at=at, level=level)
    turns.ends(application, *turns.OF_GROUP, *turns.OF_SCHOOL, at=at)
    application.due_at = None
    documents.lock(application.school_id, open_criteria=[], at=at)
    schools.place(application.school, progress=Progress.DECIDED)
    session.flush()


def reopen(application: Application, content: Content, *, by: Actor, at: datetime) -> Submission:
    """Hand the dossier of the last round in once more, unchanged and as a whole, for others to review."""
    lock(f"dossier:{application.school_id}")
    session.refresh(application)
    _newer_draft_back(application, by=by, at=at)
    last = queries.submission(application, application.round)
    if last is None:
        raise LookupError(application.id)
    application.outcome = application.level = None
    application.open_criteria = application.due_at = None
    application.reviews_wanted = 1
    move(application, Action.REOPEN, by=by, at=at)
    application.round += 1
    text = snapshot.again(last, round_number=application.round)
    submission = Submission(
        application_id=application.id,
        round=application.round,
        rubric_version=last.rubric_version,
        content=text,
        sha256=snapshot.sha256_of(text),
        submitted_at=at,
        submitted_by_id=last.submitted_by_id,
        versions=[SubmittedVersion(version_id=one.version_id) for one in last.versions],
    )
    session.add(submission)
    documents.lock(application.school_id, open_criteria=[], at=at)
    schools.place(application.school, progress=Progress.SUBMITTED)
    process = content.standard.decision.process
    turns.group_begins(application, course(application), process, by=by, at=at)
    session.flush()
    return submission
