"""Files appeals, and starts their clock."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.review.appeals import mails, queries
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import (
    AppealState,
    filing_problems,
)
from cissapp.review.independence import services as assignments
from cissapp.review.reviews.models import Decision


def file(
    decision: Decision,
    *,
    grounds: str,
    criteria: Sequence[str],
    issuer: Issuer,
    by: User,
    at: datetime,
) -> Appeal:
    """File an appeal; the decision stands meanwhile (programme rule 5.2)."""
    application = decision.review.application
    assignments.lock_application(application)
    limits = issuer.content.standard.decision.appeal
    today = day_in(application.school.country_code, at)
    found = filing_problems(queries.filing_of(decision, by, limits.file_days), today)
    if found:
        raise Refused(*found)
    appeal = Appeal(
        id=new_id(),
        decision_id=decision.id,
        decision=decision,
        application_id=application.id,
        application=application,
        school_id=application.school_id,
        criteria=list(criteria),
        grounds=grounds,
        state=AppealState.FILED,
        filed_at=at,
        filed_by_id=by.id,
    )
    session.add(appeal)
    session.flush()
    _begin(appeal, today + timedelta(days=limits.decide_days), by=by, at=at)
    return appeal


def _begin(appeal: Appeal, due_on: date, *, by: Actor, at: datetime) -> None:
    """Record the filing, start the deadline, and notify those who name the panel."""
    record(
        Event.APPEAL_FILED,
        appeal,
        by=by,
        at=at,
        school_id=appeal.school_id,
        decision=str(appeal.decision_id),
        criteria=appeal.criteria,
    )
    deadlines.open(
        DeadlineKind.APPEAL,
        subject_id=appeal.id,
        school=appeal.application.school,
        due_on=due_on,
        person_id=None,
        by=by,
        at=at,
    )
    mails.tell_filed(appeal, due_on=due_on, at=at)
