"""Submits invented applications for calibration, and closes them once they are reviewed."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import (
    Application,
    CompletenessCheck,
)
from cissapp.prepare.applications.queries.deadlines import (
    GROUP_DEADLINES,
    SCHOOL_DEADLINES,
    working_day_after,
)
from cissapp.prepare.applications.queries.readiness import gather_readiness
from cissapp.prepare.applications.rules import ApplicationAction, ApplicationFacts
from cissapp.prepare.applications.services import move, open_application
from cissapp.prepare.applications.services.deadlines import meet_deadlines, open_deadline
from cissapp.prepare.applications.services.submission import keep_submission
from cissapp.prepare.applications.submission_content.writing import write_submission
from cissapp.prepare.documents import services as documents


def submit_for_calibration(
    school: School, *, content: Content, person_id: UUID, sifter_id: UUID, at: datetime
) -> Application:
    """Submit an invented school's application for one person only, its completeness check already passed.

    The same checks apply as for any submission, except for training: nobody at such a school can do it.
    """
    application = open_application(school, content=content, by=SYSTEM, at=at)
    found = gather_readiness(application, school, content)
    facts = replace(found.facts, training_left=(), statement_signed=True, signed_as=Duty.HEAD)
    move(application, ApplicationAction.SUBMIT, by=SYSTEM, at=at, facts=facts)
    versions = documents.freeze_versions(school.id, by=SYSTEM, at=at)
    version = content.standard.rubric.version
    text = write_submission(
        application, found.evidence, rubric_version=version, signed_as=Duty.HEAD, at=at, drill=None
    )
    keep_submission(
        application,
        text,
        rubric_version=version,
        submitted_by_id=person_id,
        version_ids=[one.id for one in versions],
        at=at,
    )
    check = CompletenessCheck(
        application_id=application.id,
        round=application.round,
        sifter_id=sifter_id,
        passed=True,
        remarks={},
        sifted_at=at,
    )
    session.add(check)
    due_on = working_day_after(application, content.standard.decision.process.review_days, at)
    open_deadline(application, DeadlineKind.REVIEW, due_on, person_id=person_id, by=SYSTEM, at=at)
    session.flush()
    session.refresh(application)
    return application


def close_calibration(application: Application, *, at: datetime) -> None:
    """Close an invented application whose review is finished, without a decision, and end its deadlines."""
    dealt = application.only_for_id is not None
    move(
        application,
        ApplicationAction.CLOSE,
        by=SYSTEM,
        at=at,
        facts=ApplicationFacts(calibration=dealt),
    )
    meet_deadlines(application, *GROUP_DEADLINES, *SCHOOL_DEADLINES, at=at)
    session.flush()
