"""Suspends, reinstates and withdraws certificates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cissapp.certify.certificates import mails, queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries.impartiality import reasons_not_to_judge
from cissapp.certify.certificates.rules import RegisterEvent, may_follow, require_may_follow
from cissapp.certify.certificates.services import cures, register
from cissapp.certify.certificates.services.standings import update_standing
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Refused
from cissapp.people.handover.rules.powers import SharedAct
from cissapp.people.handover.services import ActDraft, needs_second_person, propose_act


def suspend(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> None:
    """Suspend the certificate at once; the reason is stored, and its hash is in the register.

    The school has `cure_days` to put it right; the group may move the date. Raise `Refused` for a person who
    helped the school or has a conflict of interest with it (programme rules 5.2, 5.3).
    """
    _require_impartial(certificate, by=by, at=at)
    _change(certificate, RegisterEvent.SUSPENDED, reason=reason, by=by, at=at)
    cures.open_cure(certificate, reason=reason, cure_days=cure_days, by=by, at=at)
    mails.tell_suspended(certificate, cure_days=cure_days, at=at)


def reinstate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """End the suspension; the status of the certificate follows from its dates again.

    It finds that the school meets the standard again, so whoever helped the school is refused as for a decision.
    """
    _require_impartial(certificate, by=by, at=at)
    _change(certificate, RegisterEvent.REINSTATED, reason=reason, by=by, at=at)
    cures.close_cure(certificate, by=by, at=at)


def withdraw(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> UUID | None:
    """Withdraw the certificate for good, or propose it where a second person must confirm.

    Return the id of the proposal in that case, else None.
    """
    if needs_second_person(by, at):
        session.refresh(certificate, ["entries"])
        events = [entry.event for entry in certificate.entries]
        require_may_follow(events, RegisterEvent.WITHDRAWN)
        name = certificate.school.name
        draft = ActDraft(SharedAct.WITHDRAW_CERTIFICATE, certificate.id, name, reason, {})
        return propose_act(draft, by=by, at=at).id
    _withdraw(certificate, reason=reason, by=by, at=at)
    return None


def withdraw_confirmed(
    act: SharedAct, *, subject_id: UUID, reason: str, by: Actor, at: datetime, **_more: Any
) -> None:
    """Withdraw the certificate after a second person confirmed the proposal."""
    if act is SharedAct.WITHDRAW_CERTIFICATE:
        _withdraw(session.get_one(Certificate, subject_id), reason=reason, by=by, at=at)


def _withdraw(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    _change(certificate, RegisterEvent.WITHDRAWN, reason=reason, by=by, at=at)
    cures.close_cure(certificate, by=by, at=at)


def _require_impartial(certificate: Certificate, *, by: Actor, at: datetime) -> None:
    found = reasons_not_to_judge(certificate, by, today=at.date())
    if found:
        raise Refused(*found)


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
