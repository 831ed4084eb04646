"""Records of a review in an application's tables: completeness checks, questions, the number of reviews."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import EditConflict
from cissapp.prepare.applications import queries
from cissapp.prepare.applications.models import Application, CompletenessCheck, ReviewQuestion


def record_completeness_check(
    application: Application,
    remarks: Mapping[str, str],
    *,
    checker_id: UUID,
    by: Actor,
    at: datetime,
) -> CompletenessCheck:
    """Record the completeness check of the present round, once; without remarks it is passed."""
    if application.round in queries.completeness_checks(application):
        raise EditConflict
    check = CompletenessCheck(
        application_id=application.id,
        round=application.round,
        sifter_id=checker_id,
        passed=not remarks,
        remarks=dict(remarks),
        sifted_at=at,
    )
    session.add(check)
    session.flush()
    record(
        Event.SIFT_DONE,
        check,
        by=by,
        at=at,
        school_id=application.school_id,
        application=str(application.id),
        round=check.round,
        passed=check.passed,
        about=sorted(check.remarks),
    )
    session.flush()
    return check


def record_question(
    application: Application, texts: Mapping[str, str], *, asker_id: UUID, at: datetime
) -> ReviewQuestion:
    """Record what a reviewer asked the school; the step itself is in the audit trail already."""
    question = ReviewQuestion(
        application_id=application.id,
        round=application.round,
        asker_id=asker_id,
        texts=dict(texts),
        asked_at=at,
    )
    session.add(question)
    session.flush()
    return question


def set_reviews_wanted(application: Application, count: int) -> None:
    """Set how many reviews the present round of an application needs."""
    application.reviews_wanted = count
    session.flush()
