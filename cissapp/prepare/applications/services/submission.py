"""Submits what a school has prepared, and freezes its content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import Signal
from msgspec.structs import replace

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.models import User
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import queries, rules
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.applications.queries.readiness import gather_readiness, last_application_of
from cissapp.prepare.applications.rules import ApplicationAction
from cissapp.prepare.applications.services.deadlines import open_group_deadline
from cissapp.prepare.applications.services.opening import open_application
from cissapp.prepare.applications.services.transitions import course, lock_school, move
from cissapp.prepare.applications.submission_content.writing import sha256_of, write_submission
from cissapp.prepare.documents import services as documents
from cissapp.prepare.drills.queries import newest_result

# Sent with the `Application` inside the transaction that submits a round of it.
round_submitted = Signal("a school submitted a round of its application")


def submit(
    application: Application,
    *,
    content: Content,
    statement_signed: bool,
    by: User,
    at: datetime,
    language: str = "en",
) -> Submission:
    """Submit an application, freeze its content and lock it; raise Refused with everything that is missing."""
    lock_school(application.school)
    session.refresh(application)
    # A later round is judged by the version of the first one.
    version = queries.submitted_version(application) or content.standard.rubric.version
    found = gather_readiness(
        application, application.school, content, language=language, today=at.date()
    )
    facts = replace(found.facts, statement_signed=statement_signed, signed_as=by.duty)
    move(application, ApplicationAction.SUBMIT, by=by, at=at, facts=facts)
    versions = documents.freeze_versions(application.school_id, by=by, at=at)
    text = write_submission(
        application,
        found.evidence,
        rubric_version=version,
        signed_as=by.duty,
        at=at,
        drill=newest_result(application.school_id),
    )
    submission = keep_submission(
        application,
        text,
        rubric_version=version,
        submitted_by_id=by.id,
        version_ids=[one.id for one in versions],
        at=at,
    )
    for one in versions:
        documents.draw_later(one, at=at)
    schools.place(application.school, progress=Progress.SUBMITTED, at=at)
    process = content.under(version).standard.decision.process
    open_group_deadline(application, course(application), process, by=by, at=at)
    session.flush()
    round_submitted.send(application, at=at)
    return submission


def keep_submission(
    application: Application,
    text: str,
    *,
    rubric_version: str,
    submitted_by_id: UUID,
    version_ids: Sequence[UUID],
    at: datetime,
) -> Submission:
    """Record the content of the application's round, and lock what the school has prepared."""
    submission = Submission(
        application_id=application.id,
        round=application.round,
        rubric_version=rubric_version,
        content=text,
        sha256=sha256_of(text),
        submitted_at=at,
        submitted_by_id=submitted_by_id,
        versions=[SubmittedVersion(version_id=one) for one in version_ids],
    )
    session.add(submission)
    documents.lock_evidence(application.school_id, open_criteria=[], at=at)
    return submission


def submit_for_school(
    school: School,
    *,
    content: Content,
    statement_signed: bool,
    by: User,
    at: datetime,
    language: str = "en",
) -> Submission:
    """Submit what the school has prepared; a first application opens by itself, one after a decision does not."""
    lock_school(school)
    application = queries.open_application(school.id)
    if application is None:
        newest = queries.newest_application(school.id)
        if not rules.opens_by_itself(last_application_of(newest, school, at.date())):
            link = ("applications.application", dict[str, Any]())
            raise Refused(Problem("open", N_("Start the next application first."), {}, link))
        application = open_application(school, content=content, by=by, at=at)
    return submit(
        application,
        content=content,
        statement_signed=statement_signed,
        by=by,
        at=at,
        language=language,
    )
