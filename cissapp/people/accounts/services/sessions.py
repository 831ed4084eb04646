"""Opens and closes sessions."""

import secrets
from datetime import datetime

from sqlalchemy import update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import queries
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.queries import SessionFacts
from cissapp.people.accounts.rules import (
    FAILURES_ALLOWED,
    FAILURES_WITHIN,
    SEEN_EVERY,
    Proof,
    asks_second_proof,
    is_session_over,
)
from cissapp.people.accounts.services import passwords


def sign_in(email: str, password: str, *, at: datetime, second_factor: bool = True) -> str | None:
    """Open a session and return its token; None if address and password do not fit together.

    The session is half open where a second proof is asked for; `second_factor` is what the installation
    asks of staff.

    After ten failures in five minutes the account waits; nobody learns whether it exists. A try
    while it waits is not counted, so that a stranger cannot lock a person out for good. A guest whose
    time is over, and who knows the password, is refused in words.
    """
    user = queries.person_by_email(email)
    waits = user is not None and _waits(user, at)
    known = user is not None and (user.is_active or (user.has_ended and not user.deactivated_at))
    stored = user.password_hash if user and known and not waits else None
    release_transaction()
    if not passwords.verify_password(stored, password):
        if user and not waits:
            _count_failure(user, at)
        return None
    if user is None:
        return None
    if user.has_ended:
        raise Refused(Problem("email", N_("Your guest access has ended.")))
    user.failures = 0
    return sign_in_joined(
        user, at=at, proof=proof_enough(user, Proof.PASSWORD, second_factor=second_factor)
    )


def proof_enough(user: User, proof: Proof, *, second_factor: bool) -> Proof | None:
    """Return the proof with which a person is in; None where a second one is still to be given."""
    asks = asks_second_proof(
        user.role, has_factors=user.factors_since is not None, required=second_factor
    )
    return None if asks else proof


def sign_in_joined(
    user: User, *, at: datetime, proof: Proof | None = Proof.INVITATION, device: str = ""
) -> str:
    """Open a session for a person who is known already, and return its token.

    `proof` is by what the person is known; None where a second proof is still to be given, until when the
    session opens nothing.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=queries.hash_of(token),
            user_id=user.id,
            opened_at=at,
            seen_at=at,
            confirmed_at=at if proof else None,
            confirmed_with=proof,
            device=device,
        )
    )
    if proof:
        record(Event.SIGNED_IN, user, by=user, at=at, school_id=user.school_id)
    session.flush()
    return token


def _waits(user: User, at: datetime) -> bool:
    recent = user.failed_at is not None and at - user.failed_at < FAILURES_WITHIN
    return recent and user.failures >= FAILURES_ALLOWED


def _count_failure(user: User, at: datetime) -> None:
    session.refresh(user, with_for_update=True)
    recent = user.failed_at is not None and at - user.failed_at < FAILURES_WITHIN
    user.failures = user.failures + 1 if recent else 1
    user.failed_at = at
    record(Event.SIGN_IN_FAILED, user, by=SYSTEM, at=at, school_id=user.school_id)
    session.flush()


def person_of_session(
    token: str, *, at: datetime, looked_at: datetime | None = None
) -> User | None:
    """Find the person of an open session; None if it ended or the account is closed.

    `looked_at` is the last look at a page, which the person's own cookie remembers.
    """
    found = open_session_of(token, at=at, looked_at=looked_at)
    return found.user if found else None


def open_session_of(
    token: str, *, at: datetime, looked_at: datetime | None = None
) -> UserSession | None:
    """Find an open session; None, if it ended or the account is closed."""
    found = queries.open_session(token)
    if found is None or not found.user.is_active:
        return None
    ended = is_session_over(
        found.user.role,
        opened_at=found.opened_at,
        seen_at=found.seen_at,
        looked_at=looked_at,
        at=at,
    )
    return None if ended else found


def facts_of_open_session(
    token: str, *, at: datetime, looked_at: datetime | None = None
) -> SessionFacts | None:
    """Find the facts of an open session, by the same rule as `open_session_of`, in one plain statement."""
    found = queries.session_facts(token)
    if found is None or (found.ends_at is not None and found.ends_at <= at):
        return None
    ended = is_session_over(
        found.person.role,
        opened_at=found.opened_at,
        seen_at=found.seen_at,
        looked_at=looked_at,
        at=at,
    )
    return None if ended else found


def record_seen(found: UserSession | SessionFacts, *, at: datetime) -> None:
    """Record that a session is in use; writes once a minute."""
    if needs_seen_update(found, at=at):
        session.execute(update(UserSession).where(UserSession.id == found.id).values(seen_at=at))


def needs_seen_update(found: UserSession | SessionFacts, *, at: datetime) -> bool:
    """Return whether the use of a session was last written down more than a minute ago."""
    return at - found.seen_at > SEEN_EVERY


def sign_out(token: str, *, by: Actor, at: datetime) -> None:
    """Close a session for good, one that lacks the second proof too."""
    found = queries.open_session(token) or queries.unconfirmed_session(token)
    if found:
        found.closed_at = at
        record(Event.SIGNED_OUT, found.user, by=by, at=at, school_id=by.school_id)
        session.flush()


def close_sessions(user: User, *, at: datetime) -> None:
    """Close every session of a person."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.closed_at.is_(None))
        .values(closed_at=at)
    )
