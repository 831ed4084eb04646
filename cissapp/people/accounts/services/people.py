"""Changes passwords and accounts."""

from datetime import datetime

from blinker import Signal
from sqlalchemy import CursorResult, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, PasswordReset, User
from cissapp.people.accounts.rules import (
    OWN_PASSWORD,
    SIGN_IN_OF_ACCOUNT,
    Duty,
    fold_address,
    password_problems,
)
from cissapp.people.accounts.services import passwords
from cissapp.people.accounts.services.attempts import count_or_refuse, forget_attempts
from cissapp.people.accounts.services.invitations import (
    end_invitations_of,
    end_open_invitations,
)
from cissapp.people.accounts.services.sessions import close_sessions

# Sent inside the transaction, with the person whose account was closed; rooms above listen.
person_left = Signal()
# Sent inside the transaction, with the person whose duty at the school changed, and the old one (`was`).
duty_changed = Signal()
# Sent inside the transaction, with the region officer who got another region.
region_changed = Signal()


def is_own_password(user: User, password: str, *, at: datetime) -> bool:
    """Check the password of a person who is signed in, outside of the transaction.

    The attempt is counted before the result is known, so that somebody who took over a session cannot guess
    for long. Raise `TooManyAttempts` beyond the limit.
    """
    account, stored = str(user.id), user.password_hash
    count_or_refuse(OWN_PASSWORD, account, at=at)
    fits = passwords.verify_password(stored, password)
    if fits:
        with unit_of_work():
            forget_attempts(OWN_PASSWORD, account)
    return fits


def change_password(user: User, *, current: str, new: str, at: datetime) -> None:
    """Set a new password, given the current one, and close every session, including this one."""
    refuse_weak(user, new)
    stored = user.password_hash
    fits = is_own_password(user, current, at=at)
    password_hash = passwords.hash_password(new) if fits else ""
    if fits:
        # Before the account is locked: see `locking`.
        forget_attempts(SIGN_IN_OF_ACCOUNT, user.email)
    if not fits or not passwords.is_still_right(user, current, checked=stored):
        raise Refused(Problem("current_password", N_("This is not your current password.")))
    set_password(user, password_hash, by=user, at=at)


def refuse_weak(user: User, password: str) -> None:
    """Raise `Refused` with the problems of a new password, if there are any."""
    problems = password_problems(password, user.role, [*user.email.split("@"), *user.name.split()])
    if problems:
        raise Refused(*[Problem("new_password", one.message, one.values) for one in problems])


def set_password(user: User, password_hash: str, *, by: Actor, at: datetime) -> None:
    """Store a new password, and end every session and link that the old one could have opened."""
    user.password_hash = password_hash
    close_sessions(user, at=at)
    _void_resets(user, at=at)
    record(Event.PASSWORD_CHANGED, user, by=by, at=at, school_id=user.school_id)
    session.flush()


def _void_resets(user: User, *, at: datetime) -> None:
    """Invalidate other links for a new password."""
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
    """Close an account: its sessions and the open invitations that it sent end at once."""
    if user.id == by.id:
        raise Refused(Problem("self", N_("You cannot close your own account.")))
    _close(user, by=by, at=at)


def close_asked_for(user: User, *, at: datetime) -> None:
    """Close an account whose person asked for erasure, as if they had closed it themselves."""
    _close(user, by=user, at=at)


def _close(user: User, *, by: Actor, at: datetime) -> None:
    user.deactivated_at = at
    user.deactivated_by_id = by.id
    close_sessions(user, at=at)
    _void_resets(user, at=at)
    record(Event.PERSON_DEACTIVATED, user, by=by, at=at, school_id=user.school_id)
    session.flush()
    end_invitations_of(user, by=by, at=at)
    person_left.send(user, at=at)


def change_duty(user: User, duty: Duty, *, by: Actor, at: datetime) -> None:
    """Change the duty of a person of a school; sessions end, since the person's rights change.

    A person who is no longer the head keeps no open invitations: the new head decides whom to invite.
    """
    was = user.duty
    if was is duty:
        return
    user.duty, user.duty_since = duty, at
    close_sessions(user, at=at)
    session.flush()
    record(Event.DUTY_CHANGED, user, by=by, at=at, school_id=user.school_id, duty=duty.value)
    session.flush()
    if duty is not Duty.HEAD:
        end_invitations_of(user, by=by, at=at)
    duty_changed.send(user, was=was, at=at)


def make_coordinator(user: User, *, by: Actor, at: datetime) -> None:
    """Make a reviewer a coordinator of their own group; sessions end, since the person's rights change."""
    if user.role is not Role.REVIEWER or not user.is_active:
        raise Refused(Problem("person", N_("Only a reviewer of the group can become coordinator.")))
    user.role = Role.COORDINATOR
    close_sessions(user, at=at)
    session.flush()
    record(Event.ROLE_CHANGED, user, by=by, at=at, role=user.role.value)
    session.flush()


def move_to_region(user: User, region_code: str, *, by: Actor, at: datetime) -> None:
    """Move a region officer to another region; their sessions, tokens and webhooks end."""
    if user.role is not Role.REGION_OFFICER or not user.is_active:
        raise Refused(Problem("person", N_("This account is not that of a region officer.")))
    was = user.region_code
    if region_code == was:
        return
    user.region_code = region_code
    close_sessions(user, at=at)
    session.flush()
    record(Event.ROLE_CHANGED, user, by=by, at=at, role=user.role.value, old=was, new=region_code)
    session.flush()
    region_changed.send(user, at=at)


def void_passwords() -> int:
    """Invalidate all passwords until a mailed link sets a new one; return the number of accounts."""
    usable = User.password_hash != passwords.NO_PASSWORD
    done = session.execute(
        update(User)
        .where(usable, User.deactivated_at.is_(None))
        .values(password_hash=passwords.NO_PASSWORD)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def create_first_account(
    *, email: str, name: str, password: str, language: str, at: datetime
) -> User:
    """Make the first account of the secretariat; for `ciss setup` only."""
    problems = password_problems(password, Role.SECRETARIAT, [*email.split("@"), *name.split()])
    if problems:
        raise Refused(*problems)
    user = User(
        email=fold_address(email),
        name=name,
        password_hash=passwords.hash_password(password),
        role=Role.SECRETARIAT,
        language=language,
        joined_at=at,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_CREATED, user, by=SYSTEM, at=at)
    return user


def take_out_person(user: User, *, name: str, email: str, at: datetime) -> None:
    """Reduce an account to what other rows need (ID, role, place), under another name and address.

    Open invitations of both addresses end: their links would make an account under an address of nobody.
    """
    end_open_invitations(Invitation.email.in_([user.email, email]), at=at)
    forget_attempts(SIGN_IN_OF_ACCOUNT, user.email)
    user.name, user.email, user.password_hash = name, email, passwords.NO_PASSWORD
    user.content_language = user.factors_since = None
    session.flush()


def mark_calibrated(user: User, *, by: Actor, at: datetime) -> None:
    """Record that a person may review cases, after the practice files or by decision of a coordinator."""
    user.calibrated_at = at
    session.flush()
    record(Event.PERSON_CALIBRATED, user, by=by, at=at)
