"""Changes passwords and accounts."""

import secrets
from datetime import datetime

from blinker import Signal
from sqlalchemy import CursorResult, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import mails, queries
from cissapp.people.accounts.models import PasswordReset, User
from cissapp.people.accounts.rules import RESET_LASTS, password_problems
from cissapp.people.accounts.services import passwords
from cissapp.people.accounts.services.sessions import close_sessions

# No password has this hash.
NO_PASSWORD = "!"  # noqa: S105 -- it opens nothing
# Sent inside the transaction, with the person whose account was closed; rooms above listen.
person_left = Signal()


def request_reset(email: str, *, at: datetime) -> None:
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
    release_transaction()
    password_hash = passwords.hash_password(password)
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
    release_transaction()
    if not passwords.verify_password(stored, current):
        raise Refused(Problem("current_password", N_("This is not your current password.")))
    _set_password(user, passwords.hash_password(new), by=user, at=at)


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


def choose_content_language(user: User, language: str | None, *, at: datetime) -> None:
    """Keep the language in which the person wants lessons and questions; None follows that of pages."""
    if user.content_language != language:
        user.content_language = language
        facts = {"content_language": language or ""}
        record(Event.PERSON_CHANGED, user, by=user, at=at, school_id=user.school_id, **facts)
        session.flush()


def deactivate(user: User, *, by: Actor, at: datetime) -> None:
    """Close an account: sessions end at once, invitations it sent stay."""
    if user.id == by.id:
        raise Refused(Problem("self", N_("You cannot close your own account.")))
    _close(user, by=by, at=at)


def close_asked_for(user: User, *, at: datetime) -> None:
    """Close an account whose person asked to be erased: it counts as closed by the person."""
    _close(user, by=user, at=at)


def _close(user: User, *, by: Actor, at: datetime) -> None:
    user.deactivated_at = at
    user.deactivated_by_id = by.id
    close_sessions(user, at=at)
    _void_resets(user, at=at)
    record(Event.PERSON_DEACTIVATED, user, by=by, at=at, school_id=user.school_id)
    session.flush()
    person_left.send(user, at=at)


def take_out_person(user: User, *, name: str, email: str) -> None:
    """Leave of an account what other rows need, its id, role and place, under another name and address."""
    user.name, user.email, user.password_hash = name, email, NO_PASSWORD
    user.content_language = user.factors_since = user.failed_at = None
    user.failures = 0
    session.flush()


def is_password_of(user: User, password: str) -> bool:
    """Check the password of a person before something weighty; the transaction is left meanwhile."""
    stored = user.password_hash
    release_transaction()
    return passwords.verify_password(stored, password)


def mark_calibrated(user: User, *, by: Actor, at: datetime) -> None:
    """Record that a person may review cases: the practice files are done, or a coordinator said so."""
    user.calibrated_at = at
    session.flush()
    record(Event.PERSON_CALIBRATED, user, by=by, at=at)
