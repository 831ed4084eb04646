"""Writes of complaints: file, pass on, reply, answer."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.queries.calendars import calendar_of
from cissapp.people.deadlines.rules import DeadlineKind, local_day, working_days_after
from cissapp.review.complaints import mails, queries
from cissapp.review.complaints.models import Complaint
from cissapp.review.complaints.rules import (
    ANSWER_WORKING_DAYS,
    MOST_OPEN,
    ComplaintAction,
    ComplaintOutcome,
    ComplaintState,
    advance,
    promise_problems,
    reasons_not_to_answer,
)

NOBODY = SYSTEM


def file(
    certificate: Certificate,
    *,
    promises: Sequence[str],
    offered: Sequence[str],
    country: CountryPack,
    at: datetime,
) -> tuple[Complaint, str]:
    """Record a complaint; return it with the token for following it, of which only the hash is stored.

    Anybody may complain. Nothing is asked about a person or a case (programme rule 5.2).
    """
    lock(f"complaints:{certificate.id}")
    found = promise_problems(promises, offered)
    if found:
        raise Refused(*found)
    if queries.count_open(certificate.id) >= MOST_OPEN:
        message = N_(
            "Many complaints about this school are waiting for an answer. The national group is looking into them."
        )
        raise Refused(Problem("many", message))
    token = secrets.token_urlsafe(16)
    complaint = Complaint(
        id=new_id(),
        token_hash=hash_of(token),
        certificate_id=certificate.id,
        certificate=certificate,
        school_id=certificate.school_id,
        school=certificate.school,
        promises=[one for one in offered if one in set(promises)],
        state=ComplaintState.RECEIVED,
        received_at=at,
    )
    session.add(complaint)
    session.flush()
    calendar = calendar_of(country)
    due_on = working_days_after(local_day(at, calendar), ANSWER_WORKING_DAYS, calendar)
    _begin(complaint, due_on, at=at)
    return complaint, token


def _begin(complaint: Complaint, due_on: date, *, at: datetime) -> None:
    """Record the complaint, start its deadline, and notify the group."""
    record(
        Event.COMPLAINT_RECEIVED,
        complaint,
        by=NOBODY,
        at=at,
        school_id=complaint.school_id,
        promises=complaint.promises,
    )
    deadlines.open(
        DeadlineKind.COMPLAINT,
        subject_id=complaint.id,
        school=complaint.school,
        due_on=due_on,
        person_id=None,
        by=NOBODY,
        at=at,
    )
    mails.tell_group(complaint, due_on=due_on, at=at)


def _step(complaint: Complaint, action: ComplaintAction, *, by: Actor, at: datetime) -> None:
    """Move a complaint to its next state, under a lock, for a person who had no part in the certificate."""
    lock(f"complaints:{complaint.certificate_id}")
    session.refresh(complaint)
    target = advance(action, complaint.state)
    if action is not ComplaintAction.REPLY:
        found = reasons_not_to_answer(queries.involvement_of(complaint, by, today=at.date()))
        if found:
            raise Refused(*found)
    complaint.state = target


def pass_on(complaint: Complaint, *, by: Actor, at: datetime) -> None:
    """Pass a complaint on to the school, which says how it keeps the promise."""
    _step(complaint, ComplaintAction.PASS_ON, by=by, at=at)
    complaint.passed_on_at = at
    session.flush()
    record(Event.COMPLAINT_PASSED_ON, complaint, by=by, at=at, school_id=complaint.school_id)
    mails.tell_school(complaint, at=at)


def reply(complaint: Complaint, *, text: str, by: Actor, at: datetime) -> None:
    """Record the school's reply to a complaint."""
    _step(complaint, ComplaintAction.REPLY, by=by, at=at)
    complaint.reply = text
    complaint.replied_at = at
    complaint.replied_by_id = by.id
    session.flush()
    record(Event.COMPLAINT_REPLIED, complaint, by=by, at=at, school_id=complaint.school_id)


def answer(
    complaint: Complaint,
    *,
    outcome: ComplaintOutcome,
    reason: str,
    cure_days: int,
    by: Actor,
    at: datetime,
) -> None:
    """Close a complaint; the outcome "suspended" suspends the certificate in the same step.

    The school reads `reason` when the certificate is suspended; the person who complained reads only the
    fixed sentence of the outcome.
    """
    _step(complaint, ComplaintAction.ANSWER, by=by, at=at)
    complaint.outcome = outcome
    complaint.answered_at = at
    complaint.answered_by_id = by.id
    session.flush()
    record(
        Event.COMPLAINT_ANSWERED,
        complaint,
        by=by,
        at=at,
        school_id=complaint.school_id,
        outcome=outcome.value,
    )
    deadlines.meet(DeadlineKind.COMPLAINT, subject_id=complaint.id, at=at)
    if outcome is ComplaintOutcome.SUSPENDED:
        certificates.suspend(
            complaint.certificate, reason=reason, cure_days=cure_days, by=by, at=at
        )
