"""Invented files for calibration: one is there as if handed in and sifted, and closes with the review."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.prepare.applications import snapshot, turns
from cissapp.prepare.applications.facts import gathered
from cissapp.prepare.applications.models import Application, Sift, Submission, SubmittedVersion
from cissapp.prepare.applications.rules import Action, Facts
from cissapp.prepare.applications.services import move, open_application
from cissapp.prepare.documents import services as documents


def present(
    school: School, *, content: Content, person_id: UUID, sifter_id: UUID, at: datetime
) -> Application:
    """Hand the dossier of an invented school in, for one person only; it has passed the sift.

    The same checks as at any hand-in apply, except that nobody of such a school can be trained.
    """
    application = open_application(school, content=content, by=SYSTEM, at=at)
    found = gathered(application, school, content)
    facts = replace(found.facts, training_left=(), statement_signed=True, signed_as=Duty.HEAD)
    move(application, Action.SUBMIT, by=SYSTEM, at=at, facts=facts)
    versions = documents.freeze(school.id, by=SYSTEM, at=at)
    version = content.standard.rubric.version
    text = snapshot.written(
        application, found.dossier, rubric_version=version, signed_as=Duty.HEAD, at=at, drill=None
    )
    submission = Submission(
        application_id=application.id,
        round=application.round,
        rubric_version=version,
        content=text,
        sha256=snapshot.sha256_of(text),
        submitted_at=at,
        submitted_by_id=person_id,
        versions=[SubmittedVersion(version_id=one.id) for one in versions],
    )
    sift = Sift(
        application_id=application.id,
        round=application.round,
        sifter_id=sifter_id,
        passed=True,
        remarks={},
        sifted_at=at,
    )
    session.add_all([submission, sift])
    documents.lock(school.id, open_criteria=[], at=at)
    due_on = turns.working_day(application, content.standard.decision.process.review_days, at)
    turns.begins(application, DeadlineKind.REVIEW, due_on, person_id=person_id, by=SYSTEM, at=at)
    session.flush()
    session.refresh(application)
    return application


def close(application: Application, *, at: datetime) -> None:
    """End an invented file whose review is handed in: nobody decides, no clock runs on."""
    dealt = application.only_for_id is not None
    move(application, Action.CLOSE, by=SYSTEM, at=at, facts=Facts(calibration=dealt))
    turns.ends(application, *turns.OF_GROUP, *turns.OF_SCHOOL, at=at)
    session.flush()
