"""Effects of every change of factors: other sessions end, the person is told, the audit trail records it."""

from datetime import datetime

from sqlalchemy import delete

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import STAFF
from cissapp.people.factors import mails, queries
from cissapp.people.factors.models import (
    AuthenticatorApp,
    FactorChallenge,
    Passkey,
    RecoveryCode,
    WrongProof,
)
from cissapp.people.factors.rules import HAS_FACTORS, LAST_OF_STAFF, FactorChange, FactorKind

ADDED = {FactorKind.APP: FactorChange.ADDED_APP, FactorKind.PASSKEY: FactorChange.ADDED_PASSKEY}
REMOVED = {
    FactorKind.APP: FactorChange.REMOVED_APP,
    FactorKind.PASSKEY: FactorChange.REMOVED_PASSKEY,
}


def may_set_up(found: UserSession) -> None:
    """Refuse a first factor in a half-open session of somebody who has one: the password may be stolen."""
    _one_at_a_time(found.user)
    if found.confirmed_at is None and found.user.factors_since is not None:
        raise Refused(Problem("has_factors", HAS_FACTORS))


def _name_of(factor: AuthenticatorApp | Passkey) -> str:
    return factor.name if isinstance(factor, Passkey) else ""


def _one_at_a_time(user: User) -> None:
    """Lock a person's factors against concurrent changes, and reload what the previous one left."""
    lock(f"factors of {user.id}")
    session.refresh(user, ["factors_since"])


def follow_added(
    found: UserSession, factor: AuthenticatorApp | Passkey, kind: FactorKind, *, at: datetime
) -> None:
    """Do what follows a new factor."""
    user = found.user
    if user.factors_since is None:
        accounts.note_factors(user, at)
    accounts.close_other_sessions(user, keep=found.id, at=at)
    record(Event.FACTOR_ADDED, factor, by=user, at=at, school_id=user.school_id, kind=kind.value)
    mails.send_change(user, ADDED[kind], at=at, name=_name_of(factor))
    session.flush()


def remove(
    found: UserSession, factor: AuthenticatorApp | Passkey, kind: FactorKind, *, at: datetime
) -> None:
    """Remove one of the person's factors, but not the last of staff; recovery codes go with the last one.

    Of two requests at once the later finds the factor gone, and has nothing left to do.
    """
    user = found.user
    _one_at_a_time(user)
    if session.get(type(factor), factor.id, populate_existing=True) is None:
        return  # it would not be among those left, and take the last with it
    left = queries.factors_of(user.id).count - 1
    if left == 0 and user.role in STAFF:
        raise Refused(Problem("last", LAST_OF_STAFF))
    name = _name_of(factor)
    record(Event.FACTOR_REMOVED, factor, by=user, at=at, school_id=user.school_id, kind=kind.value)
    session.delete(factor)
    session.flush()
    if left == 0:
        _forget(user)
    accounts.close_other_sessions(user, keep=found.id, at=at)
    mails.send_change(user, REMOVED[kind], at=at, name=name)
    session.flush()


def _forget(user: User) -> None:
    """Delete everything that a person has besides the password."""
    for table in (AuthenticatorApp, Passkey, RecoveryCode, WrongProof):
        session.execute(delete(table).where(table.user_id == user.id))
    sessions = UserSession.__table__.select().with_only_columns(UserSession.id)
    session.execute(
        delete(FactorChallenge).where(
            FactorChallenge.session_id.in_(sessions.where(UserSession.user_id == user.id))
        )
    )
    accounts.note_factors(user, None)


def forget_person(user: User, *, at: datetime) -> None:  # noqa: ARG001 -- what the signal says
    """Delete the factors of somebody whose account was closed."""
    _forget(user)
