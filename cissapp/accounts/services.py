"""Writes of people, sessions, invitations and passwords."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, update

from cissapp.accounts import mails, passwords, queries
from cissapp.accounts.models import Invitation, PasswordReset, User, UserSession
from cissapp.accounts.rules import (
    FAILURES_ALLOWED,
    FAILURES_WITHIN,
    INVITATION_LASTS,
    RESET_LASTS,
    SEEN_EVERY,
    Duty,
    fold,
    idle_and_absolute,
    password_problems,
)
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.core.actor import SYSTEM, Actor
from cissapp.core.db import pause, session
from cissapp.core.errors import N_, Problem, Refused
from cissapp.core.roles import Role


@dataclass(frozen=True)
class Scope:
    """The place that a role is bound to."""

    school_id: UUID | None = None
    group_id: UUID | None = None
    country_code: str | None = None
    region_code: str | None = None


# --- sign-in ---------------------------------------------------------------------------------


def sign_in(email: str, password: str, *, at: datetime) -> str | None:
    """Open a session and give its token; None, if address and password do not fit together.

    After ten failures in five minutes the account waits; nobody learns whether it exists. A try
    while it waits is not counted, so that a stranger cannot keep somebody out for good.
    """
    user = queries.person_by_email(email)
    waits = user is not None and _waits(user, at)
    stored = user.password_hash if user and user.is_active and not waits else None
    pause()
    if not passwords.matches(stored, password):
        if user and not waits:
            _count_failure(user, at)
        return None
    if user is None:
        return None
    user.failures = 0
    return sign_in_joined(user, at=at)


def sign_in_joined(user: User, *, at: datetime) -> str:
    """Open a session for a person who is known already, and give its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(token_hash=queries.hash_of(token), user_id=user.id, opened_at=at, seen_at=at)
    )
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


def person_of(token: str, *, at: datetime, looked_at: datetime | None = None) -> User | None:
    """Give the person of an open session; None, if it ended or the account is closed.

    `looked_at` is the last look at a page, which the person's own cookie remembers.
    """
    found = _alive(token, at, looked_at)
    return found.user if found else None


def _alive(token: str, at: datetime, looked_at: datetime | None) -> UserSession | None:
    found = queries.open_session(token)
    if found is None or not found.user.is_active:
        return None
    idle, absolute = idle_and_absolute(found.user.role)
    used_at = max(found.seen_at, looked_at or found.seen_at)
    ended = at - used_at > idle or at - found.opened_at > absolute
    return None if ended else found


def note_seen(token: str, *, at: datetime, looked_at: datetime | None = None) -> None:
    """Keep the session awake, unless it ended already; writes at most once a minute."""
    found = _alive(token, at, looked_at)
    if found and at - found.seen_at > SEEN_EVERY:
        found.seen_at = at
        session.flush()


def sign_out(token: str, *, by: Actor, at: datetime) -> None:
    """Close a session for good."""
    found = queries.open_session(token)
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


# --- invitations -----------------------------------------------------------------------------


def invite(
    *,
    email: str,
    name: str,
    role: Role,
    duty: Duty | None = None,
    scope: Scope,
    language: str,
    by: Actor,
    at: datetime,
) -> Invitation:
    """Send a single-use link; refuse if the address has an account already.

    An earlier invitation of the same address that nobody answered is revoked.
    """
    address = fold(email)
    if queries.person_by_email(address):
        raise Refused(Problem("email", N_("There is an account with this address already.")))
    session.execute(
        update(Invitation)
        .where(
            Invitation.email == address,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=queries.hash_of(token),
        email=address,
        name=name,
        role=role,
        duty=duty,
        school_id=scope.school_id,
        group_id=scope.group_id,
        country_code=scope.country_code,
        region_code=scope.region_code,
        language=language,
        invited_at=at,
        invited_by_id=by.id,
        expires_at=at + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    record(
        Event.PERSON_INVITED, invitation, by=by, at=at, school_id=scope.school_id, role=role.value
    )
    mails.send_invitation(invitation, token, at=at)
    session.flush()
    return invitation


def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Make a link worthless."""
    invitation.revoked_at = at
    record(Event.INVITATION_REVOKED, invitation, by=by, at=at, school_id=invitation.school_id)
    session.flush()


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Say whether an invitation can still be accepted."""
    untouched = invitation.accepted_at is None and invitation.revoked_at is None
    return untouched and at < invitation.expires_at


def accept(invitation: Invitation, *, name: str, password: str, at: datetime) -> User:
    """Make the account of an invited person; the link works once, whoever is faster."""
    own_words = [*invitation.email.split("@"), *name.split()]
    problems = password_problems(password, invitation.role, own_words)
    if problems:
        raise Refused(*[Problem("password", one.message, one.values) for one in problems])
    invitation_id = invitation.id
    pause()
    password_hash = passwords.hashed(password)
    won = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(accepted_at=at)
        .execution_options(synchronize_session=False)
    )
    session.refresh(invitation)
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(Problem("used", N_("This link was used already or is too old.")))
    if queries.person_by_email(invitation.email):
        raise Refused(Problem("used", N_("There is an account with this address already.")))
    return _join(invitation, name=name, password_hash=password_hash, at=at)


def _join(invitation: Invitation, *, name: str, password_hash: str, at: datetime) -> User:
    user = User(
        email=invitation.email,
        name=name,
        password_hash=password_hash,
        role=invitation.role,
        duty=invitation.duty,
        school_id=invitation.school_id,
        group_id=invitation.group_id,
        country_code=invitation.country_code,
        region_code=invitation.region_code,
        language=invitation.language,
        joined_at=at,
        invited_by_id=invitation.invited_by_id,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_JOINED, user, by=user, at=at, school_id=user.school_id)
    return user


def create_first(*, email: str, name: str, password: str, language: str, at: datetime) -> User:
    """Make the first account of the secretariat; for `ciss setup` only."""
    problems = password_problems(password, Role.SECRETARIAT, [*email.split("@"), *name.split()])
    if problems:
        raise Refused(*problems)
    user = User(
        email=fold(email),
        name=name,
        password_hash=passwords.hashed(password),
        role=Role.SECRETARIAT,
        language=language,
        joined_at=at,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_CREATED, user, by=SYSTEM, at=at)
    return user


# --- passwords and accounts ------------------------------------------------------------------


def ask_reset(email: str, *, at: datetime) -> None:
    """Mail a link for a new password; for an unknown address nothing happens, and nobody is told."""
    user = queries.person_by_email(email)
    if user is None or not user.is_active:
        return
    token = secrets.token_urlsafe(32)
    reset = PasswordReset(
        token_hash=queries.hash_of(token),
        user_id=user.id,
        asked_at=at,
        expires_at=at + RESET_LASTS,
    )
    session.add(reset)
    record(Event.PASSWORD_RESET_ASKED, user, by=SYSTEM, at=at, school_id=user.school_id)
    mails.send_reset(user, token, at=at)
    session.flush()


def reset_password(reset: PasswordReset, password: str, *, at: datetime) -> None:
    """Set a new password by a link that works once, and close every session."""
    reset_id = reset.id
    user = reset.user
    _refuse_weak(user, password)
    pause()
    password_hash = passwords.hashed(password)
    won = session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.id == reset_id,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > at,
        )
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(Problem("used", N_("This link was used already or is too old.")))
    _set_password(user, password_hash, by=user, at=at)


def change_password(user: User, *, current: str, new: str, at: datetime) -> None:
    """Set a new password with the current one, and close every session, this one too."""
    stored = user.password_hash
    _refuse_weak(user, new)
    pause()
    if not passwords.matches(stored, current):
        raise Refused(Problem("current_password", N_("This is not your current password.")))
    _set_password(user, passwords.hashed(new), by=user, at=at)


def _refuse_weak(user: User, password: str) -> None:
    problems = password_problems(password, user.role, [*user.email.split("@"), *user.name.split()])
    if problems:
        raise Refused(*[Problem("new_password", one.message, one.values) for one in problems])


def _set_password(user: User, password_hash: str, *, by: Actor, at: datetime) -> None:
    user.password_hash = password_hash
    user.failures = 0
    close_sessions(user, at=at)
    _void_resets(user, at=at)
    record(Event.PASSWORD_CHANGED, user, by=by, at=at, school_id=user.school_id)
    session.flush()


def _void_resets(user: User, *, at: datetime) -> None:
    """Make other links for a new password worthless."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=at)
    )


def choose_language(user: User, language: str, *, at: datetime) -> None:
    """Keep the language in which the person wants pages and mails."""
    if user.language != language:
        user.language = language
        record(
            Event.PERSON_CHANGED, user, by=user, at=at, school_id=user.school_id, language=language
        )
        session.flush()


def deactivate(user: User, *, by: Actor, at: datetime) -> None:
    """Close an account: sessions end at once, invitations it sent stay."""
    if user.id == by.id:
        raise Refused(Problem("self", N_("Nobody closes the own account.")))
    user.deactivated_at = at
    user.deactivated_by_id = by.id
    close_sessions(user, at=at)
    _void_resets(user, at=at)
    record(Event.PERSON_DEACTIVATED, user, by=by, at=at, school_id=user.school_id)
    session.flush()
