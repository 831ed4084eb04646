"""Writes of certificates: suspend, reinstate, withdraw; and the standing by the calendar."""

from datetime import UTC, date, datetime, timedelta

from cissapp.certify.certificates import cures, mails, queries, succession
from cissapp.certify.certificates.issuing import issue, publish, reserve, void
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import STANDINGS, RegisterEvent, by_date, demand, may_follow
from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.signing.settings import SelfCheckFailed, Settings
from cissapp.people.schools.models import School
from cissapp.people.schools.services import place

__all__ = [
    "SelfCheckFailed",
    "Settings",
    "issue",
    "publish",
    "refresh_standings",
    "reinstate",
    "reserve",
    "suspend",
    "void",
    "withdraw",
]

# --- what happens to a certificate -------------------------------------------------------------


def suspend(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> None:
    """Suspend the certificate at once; the reason is kept, and its hash is in the register.

    The school has `cure_days` to mend it; the group may move the day.
    """
    _change(certificate, RegisterEvent.SUSPENDED, reason=reason, by=by, at=at)
    cures.begin(certificate, reason=reason, cure_days=cure_days, by=by, at=at)
    mails.tell_suspended(certificate, cure_days=cure_days, at=at)


def reinstate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """End the suspension; the certificate is worth again what its dates say."""
    _change(certificate, RegisterEvent.REINSTATED, reason=reason, by=by, at=at)
    cures.end(certificate, by=by, at=at)


def withdraw(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw the certificate for good."""
    _change(certificate, RegisterEvent.WITHDRAWN, reason=reason, by=by, at=at)
    cures.end(certificate, by=by, at=at)


def _change(
    certificate: Certificate, event: RegisterEvent, *, reason: str, by: Actor, at: datetime
) -> None:
    """Write what was decided; it goes as well for the certificate that waits to go on after this one."""
    db.lock("register")
    session.refresh(certificate, ["entries"])
    demand([entry.event for entry in certificate.entries], event)
    for one in succession.of_one_mind(certificate):
        if may_follow([entry.event for entry in one.entries], event):
            succession.enter(one, event, reason=reason, by=by, at=at)
    succession.stand(certificate.school, at=at)
    session.flush()


# --- the calendar ------------------------------------------------------------------------------


def refresh_standings(*, at: datetime, expiring_days: int) -> int:
    """Move the schools whose certificate has come near its end, or past it; give their number."""
    today = at.astimezone(UTC).date()
    moved = 0
    for school in queries.turning(today + timedelta(days=expiring_days)):
        moved += _refresh(school, today, expiring_days)
    session.flush()
    return moved


def _refresh(school: School, today: date, expiring_days: int) -> bool:
    if school.valid_until_on is None:
        return False
    standing = STANDINGS[by_date(school.valid_until_on, today, expiring_days)]
    if standing is school.standing:
        return False
    place(school, standing=standing)
    return True
