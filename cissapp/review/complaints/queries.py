"""Reads of complaints."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import by_code, status
from cissapp.certify.certificates.rules import Status
from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.pages import KeyPage, PagePlace, oldest_page
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.review.complaints.models import Complaint
from cissapp.review.complaints.rules import (
    CertificateInvolvement,
    ComplaintOutcome,
    ComplaintState,
)
from cissapp.review.independence import queries as independence

ANSWERED_SHOWN = 20
PAGE_ROWS = 50

# A complaint is only possible while the promises apply: with a certificate in force or suspended.
STANDING = frozenset({Status.VALID, Status.EXPIRING, Status.SUSPENDED})


class ListedComplaint(Struct, frozen=True):
    """A complaint as a list shows it."""

    id: UUID
    school_name: str
    state: ComplaintState
    outcome: ComplaintOutcome | None
    received_at: datetime
    answered_at: datetime | None


class ComplaintLists(Struct, frozen=True):
    """The complaints that a person may see: those waiting, earliest first, and the last ones answered."""

    waiting: KeyPage[ListedComplaint]
    answered: list[ListedComplaint]


def complaint(complaint_id: UUID) -> Complaint | None:
    """Find a complaint."""
    return session.get(Complaint, complaint_id)


def by_token(token: str) -> Complaint:
    """Find the complaint that a token follows; raise `Missing`."""
    found = session.scalar(select(Complaint).where(Complaint.token_hash == hash_of(token)))
    if found is None:
        raise Missing
    return found


def certificate_in_force(code: str, today: date, expiring_days: int) -> Certificate | None:
    """Find the certificate with a code, if its promises apply today."""
    found = by_code(code)
    if found is None or status(found, today, expiring_days) not in STANDING:
        return None
    return found


def complaints(person: Actor, place: PagePlace | None = None) -> ComplaintLists:
    """List the complaints that a person may see: a page of those waiting, and the last ones answered."""
    unanswered: Any = select(Complaint.id).where(Complaint.answered_at.is_(None))
    waiting = oldest_page(
        visible(unanswered, Complaint, person, Permission.COMPLAINT_READ),
        (Complaint.received_at, Complaint.id),
        place,
        size=PAGE_ROWS,
        read=_listed,
    )
    seen = visible(_LISTED, Complaint, person, Permission.COMPLAINT_READ)
    answered = seen.where(Complaint.state == ComplaintState.ANSWERED)
    answered = answered.order_by(Complaint.answered_at.desc()).limit(ANSWERED_SHOWN)
    return ComplaintLists(waiting, [ListedComplaint(*row) for row in session.execute(answered)])


def count_waiting(person: Actor) -> int:
    """Count the complaints without an answer that a person may see, up to one more than a page has."""
    unanswered: Any = select(Complaint.id).where(Complaint.answered_at.is_(None))
    seen = visible(unanswered, Complaint, person, Permission.COMPLAINT_READ)
    some = seen.limit(PAGE_ROWS + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


_LISTED: Any = select(
    Complaint.id,
    School.name,
    Complaint.state,
    Complaint.outcome,
    Complaint.received_at,
    Complaint.answered_at,
).join(School, School.id == Complaint.school_id)


def _listed(ids: list[UUID]) -> list[ListedComplaint]:
    rows = session.execute(_LISTED.where(Complaint.id.in_(ids)))
    return [ListedComplaint(*row) for row in rows]


def of_school(school_id: UUID) -> list[Complaint]:
    """List what was passed on to a school, newest first."""
    query = select(Complaint).where(
        Complaint.school_id == school_id, Complaint.passed_on_at.is_not(None)
    )
    return list(session.scalars(query.order_by(Complaint.received_at.desc())))


def complaint_passed_on(complaint_id: UUID) -> Complaint | None:
    """Find a complaint for the school, which does not know of it before it is passed on."""
    found = complaint(complaint_id)
    return found if found and found.passed_on_at else None


def count_open(certificate_id: UUID) -> int:
    """Count the complaints about a certificate that are not answered."""
    query = select(func.count(Complaint.id)).where(
        Complaint.certificate_id == certificate_id, Complaint.state != ComplaintState.ANSWERED
    )
    return session.scalar(query) or 0


def involvement_of(found: Complaint, person: Actor, *, today: date) -> CertificateInvolvement:
    """Return what a person has had to do with the certificate; the secretariat takes no part in reviews."""
    if person.role is Role.SECRETARIAT:
        return CertificateInvolvement()
    involvement = independence.involvement_in(
        found.certificate.application_id, person.id, today=today
    )
    return CertificateInvolvement(
        has_conflict=bool(involvement.has_conflict),
        mentored=involvement.mentored,
        invited=involvement.invited,
        reviewed=involvement.reviewed,
        decided=involvement.decided,
    )
