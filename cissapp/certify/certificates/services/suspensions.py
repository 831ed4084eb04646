"""Suspends, reinstates and withdraws certificates."""

from datetime import datetime

from cissapp.certify.certificates import mails, queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import RegisterEvent, may_follow, require_may_follow
from cissapp.certify.certificates.services import cures, register
from cissapp.certify.certificates.services.standings import update_standing
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session


def suspend(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> None:
    """Suspend the certificate at once; the reason is kept, and its hash is in the register.

    The school has `cure_days` to mend it; the group may move the day.
    """
    _change(certificate, RegisterEvent.SUSPENDED, reason=reason, by=by, at=at)
    cures.open_cure(certificate, reason=reason, cure_days=cure_days, by=by, at=at)
    mails.tell_suspended(certificate, cure_days=cure_days, at=at)


def reinstate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """End the suspension; the certificate is worth again what its dates say."""
    _change(certificate, RegisterEvent.REINSTATED, reason=reason, by=by, at=at)
    cures.close_cure(certificate, by=by, at=at)


def withdraw(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw the certificate for good."""
    _change(certificate, RegisterEvent.WITHDRAWN, reason=reason, by=by, at=at)
    cures.close_cure(certificate, by=by, at=at)


def _change(
    certificate: Certificate, event: RegisterEvent, *, reason: str, by: Actor, at: datetime
) -> None:
    """Record what was decided, for the certificate and for the one that waits to follow it."""
    lock("register")
    session.refresh(certificate, ["entries"])
    require_may_follow([entry.event for entry in certificate.entries], event)
    for one in queries.with_successor(certificate):
        if may_follow([entry.event for entry in one.entries], event):
            register.enter(one, event, reason=reason, by=by, at=at)
    update_standing(certificate.school, at=at)
    session.flush()
