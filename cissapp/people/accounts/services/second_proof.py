"""Confirms sessions: the second proof after the password, and again before important actions."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import Signal
from sqlalchemy import CursorResult, update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import queries
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import HALF_OPEN_FOR, Proof
from cissapp.people.accounts.services import passwords

# Sent with what was typed before a session ended (action, entries, whether files were chosen); the room of
# the second proof returns the page that asks for it and carries all of it along.
second_proof_asked = Signal()


def half_open_session(token: str, *, at: datetime) -> UserSession | None:
    """Find a session that waits for its second proof, for ten minutes at most."""
    found = queries.unconfirmed_session(token)
    if found is None or not found.user.is_active or at - found.opened_at > HALF_OPEN_FOR:
        return None
    return found


def confirm_session(found: UserSession, *, proof: Proof, at: datetime) -> str:
    """Open a half-open session, under a new token: the old one may be known to somebody else."""
    token = _renewed(found, UserSession.confirmed_at.is_(None), proof=proof, at=at)
    user = found.user
    record(Event.SIGNED_IN, user, by=user, at=at, school_id=user.school_id, proof=proof.value)
    session.flush()
    return token


def confirm_again(found: UserSession, *, proof: Proof, at: datetime) -> str:
    """Record that the person of an open session proved once more who they are; return its new token."""
    return _renewed(found, UserSession.confirmed_at.is_not(None), proof=proof, at=at)


def _renewed(found: UserSession, condition: Any, *, proof: Proof, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    won = session.execute(
        update(UserSession)
        .where(UserSession.id == found.id, UserSession.closed_at.is_(None), condition)
        .values(token_hash=hash_of(token), confirmed_at=at, confirmed_with=proof, seen_at=at)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(Problem("over", N_("This session has ended. Sign in again.")))
    session.refresh(found)
    return token


def close_other_sessions(user: User, *, keep: UUID, at: datetime) -> None:
    """Close every session of a person but one."""
    session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.id != keep,
            UserSession.closed_at.is_(None),
        )
        .values(closed_at=at)
        .execution_options(synchronize_session=False)
    )


def note_factors(user: User, since: datetime | None) -> None:
    """Record since when a person has had a second factor; None if they no longer have any."""
    user.factors_since = since
    session.flush()


def hash_secret(secret: str) -> str:
    """Hash a short secret as a password is hashed."""
    return passwords.hash_password(secret)


def is_secret(stored: str | None, secret: str) -> bool:
    """Check a short secret as a password is checked; without a stored hash the same work is done."""
    return passwords.verify_password(stored, secret)
