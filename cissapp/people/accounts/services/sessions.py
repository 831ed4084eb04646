"""Opens and closes sessions."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import Signal
from msgspec import Struct
from sqlalchemy import update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused, TooManyAttempts
from cissapp.people.accounts import queries
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.queries import FactsAndRow, SessionFacts
from cissapp.people.accounts.rules import (
    SEEN_EVERY,
    SIGN_IN_BY_LINK,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_FROM_DEVICE,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_IN_ALL,
    SIGN_IN_OF_ACCOUNT,
    AttemptLimit,
    Proof,
    asks_second_proof,
    fold_address,
    is_session_over,
)
from cissapp.people.accounts.services import passwords
from cissapp.people.accounts.services.attempts import (
    count_attempt,
    forget_attempts,
    reached_limits,
)
from cissapp.people.accounts.services.devices import tell_of_new_device
from cissapp.people.accounts.services.known_devices import known_mark

# Sent by the sign-in page, by a page whose person is to prove who they are (`person`, `next_path`), and by the page of
# an invitation (`invitation`, `token`); rooms above return the label and address of each other way in.
ways_in_asked = Signal()
ways_to_join_asked = Signal()


class Visitor(Struct, frozen=True):
    """Who tries to sign in, as far as it is known.

    Keyed hashes of the network address and of the network around it, the kind of device, who came by a mailed
    link, and the marks by which the browser may be recognised.
    """

    address: str = ""
    device: str = ""
    by_link: UUID | None = None
    network: str = ""
    marks: tuple[str, ...] = ()


NOBODY_KNOWN = Visitor()


class _Tries(Struct, frozen=True):
    """The limit under which the attempts of a sign-in count. `trusted`: strangers cannot use them up."""

    limit: AttemptLimit
    of: str
    trusted: bool


def sign_in(
    email: str,
    password: str,
    *,
    at: datetime,
    visitor: Visitor = NOBODY_KNOWN,
    second_factor: bool = True,
) -> str | None:
    """Open a session and return its token; None if address and password do not match.

    The session is half open if a second proof is required; `second_factor` is the installation's setting
    for staff.

    Known and unknown addresses cause the same work, so nobody learns which it is. After ten failures in five
    minutes the account waits; attempts during that time are not counted, so that a stranger cannot lock a
    person out for good, and people who come by a mailed link, or from a known browser, have attempts of their
    own. A guest whose access has ended, and who knows the password, is refused with an explanation. Raise
    `TooManyAttempts` if too many come from one network address or network; if there were too many in all,
    only a password backed by a second factor is answered.
    """
    user = queries.person_by_email(email)
    tries = _tries(user, fold_address(email), visitor)
    waits, closed_until = _waits(tries, visitor, at=at)
    known = user is not None and (user.is_active or (user.has_ended and not user.deactivated_at))
    stored = user.password_hash if user and known and not waits else None
    subject = (user.id, user.school_id) if user else (None, None)
    release_transaction()
    fits = passwords.verify_password(stored, password)
    # Counted before the answer is known: of many simultaneous guesses, at most ten are answered.
    if not waits and count_attempt(tries.limit, tries.of, at=at) > tries.limit.most:
        fits = False
    if closed_until and not (fits and user and user.factors_since):
        with unit_of_work():
            _count_failure(subject, visitor, waits=waits, at=at)
        raise TooManyAttempts(closed_until)
    if user is None or not fits or not passwords.is_still_right(user, password, checked=stored):
        _count_failure(subject, visitor, waits=waits, at=at)
        return None
    if user.has_ended:
        raise Refused(Problem("email", N_("Your guest access has ended.")))
    forget_attempts(tries.limit, tries.of)
    # Only for those let in: the time of a refusal would reveal that the password was right. In this write,
    # once after a cost change: the mark that identifies a browser is made from the hash.
    if renewed := passwords.hash_anew(stored, password):
        _replace_hash(user, stored, renewed)
    proof = proof_enough(user, Proof.PASSWORD, second_factor=second_factor)
    return sign_in_joined(user, at=at, proof=proof, device=visitor.device)


def _replace_hash(user: User, stored: str | None, renewed: str) -> None:
    """Store the same password with today's cost, unless it was changed meanwhile."""
    session.execute(
        update(User)
        .where(User.id == user.id, User.password_hash == stored)
        .values(password_hash=renewed)
    )


def _tries(user: User | None, address: str, visitor: Visitor) -> _Tries:
    """Find which tries are used: those of the account, or those that no stranger can use up."""
    if user is not None and visitor.by_link == user.id:
        return _Tries(SIGN_IN_BY_LINK, address, trusted=True)
    mark = known_mark(user, visitor.marks)
    if mark:
        return _Tries(SIGN_IN_FROM_DEVICE, mark, trusted=True)
    return _Tries(SIGN_IN_OF_ACCOUNT, address, trusted=False)


def _waits(tries: _Tries, visitor: Visitor, *, at: datetime) -> tuple[bool, datetime | None]:
    """Return whether the account waits, and until when sign-in is closed for all.

    Raise `TooManyAttempts` if nobody may try from there for now, before any work is done.
    """
    counted = {tries.limit: tries.of, **_places(visitor), SIGN_IN_IN_ALL: ""}
    reached = reached_limits(counted, at=at)
    waits = reached.pop(tries.limit, None) is not None
    if tries.trusted:
        return waits, None
    in_all = reached.pop(SIGN_IN_IN_ALL, None)
    if reached:
        raise TooManyAttempts(max(reached.values()))
    return waits, in_all


def _places(visitor: Visitor) -> dict[AttemptLimit, str]:
    """Return the places from which a visitor comes, by limit."""
    around = {SIGN_IN_FROM_NETWORK: visitor.network} if visitor.network else {}
    return {SIGN_IN_FROM_ADDRESS: visitor.address, **around}


def _count_failure(
    subject: tuple[UUID | None, UUID | None], visitor: Visitor, *, waits: bool, at: datetime
) -> None:
    """Count and record a failure, with as many statements for an address that has no account."""
    for limit, of in _places(visitor).items():
        count_attempt(limit, of, at=at)
    count_attempt(SIGN_IN_IN_ALL, "", at=at)
    if not waits:
        person_id, school_id = subject
        who = ("person", person_id or "unknown")  # never the address that was typed
        record(Event.SIGN_IN_FAILED, who, by=SYSTEM, at=at, school_id=school_id)
    session.flush()


def proof_enough(user: User, proof: Proof, *, second_factor: bool) -> Proof | None:
    """Return the proof if it is sufficient; None if a second one is still needed."""
    asks = asks_second_proof(
        user.role, has_factors=user.factors_since is not None, required=second_factor
    )
    return None if asks else proof


def sign_in_joined(
    user: User, *, at: datetime, proof: Proof | None = Proof.INVITATION, device: str = ""
) -> str:
    """Open a session for a person who is already identified, and return its token.

    `proof` is how the person was identified; None if a second proof is still needed, until which the session
    opens nothing. A person who signs in on a new kind of device is notified by mail.
    """
    if proof is not Proof.INVITATION:
        tell_of_new_device(user, device, at=at)
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=hash_of(token),
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
    token: str,
    statement: Statement,
    values: dict[str, Any],
    *,
    at: datetime,
    looked_at: datetime | None = None,
) -> FactsAndRow:
    """Find the facts of an open session, like `open_session_of`, and the row of the statement beside them."""
    found = queries.session_facts(token, statement, values)
    return found if _if_open(found.facts, at=at, looked_at=looked_at) else FactsAndRow()


def reader_of_open_session(
    token: str, *, at: datetime, looked_at: datetime | None = None
) -> SessionFacts | None:
    """Find the same with what pages show of a person of a school; None for everybody else."""
    return _if_open(queries.reader_facts(token), at=at, looked_at=looked_at)


def _if_open(
    found: SessionFacts | None, *, at: datetime, looked_at: datetime | None
) -> SessionFacts | None:
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
    """Record that a session is in use, at most once a minute."""
    if needs_seen_update(found, at=at):
        session.execute(update(UserSession).where(UserSession.id == found.id).values(seen_at=at))


def needs_seen_update(found: UserSession | SessionFacts, *, at: datetime) -> bool:
    """Return whether the last recorded use of a session is more than a minute old."""
    return at - found.seen_at > SEEN_EVERY


def sign_out(token: str, *, by: Actor, at: datetime) -> None:
    """Close a session for good, even one that lacks the second proof."""
    found = queries.open_session(token) or queries.unconfirmed_session(token)
    if found:
        found.closed_at = at
        record(Event.SIGNED_OUT, found.user, by=by, at=at, school_id=by.school_id)
        session.flush()


def end_replaced(token: str, *, at: datetime) -> None:
    """Close a browser's session when another one begins; do nothing if its token was only renewed."""
    found = queries.open_session(token) or queries.unconfirmed_session(token)
    if found:
        sign_out(token, by=found.user, at=at)


def close_sessions(user: User, *, at: datetime) -> None:
    """Close every session of a person."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.closed_at.is_(None))
        .values(closed_at=at)
    )
