"""Links for a new password: requested, mailed in the background, used once."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.background.services import do_soon
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import mails, queries
from cissapp.people.accounts.models import PasswordReset, ResetRequest, User
from cissapp.people.accounts.rules import RESET_LASTS, RESET_MAILS, SIGN_IN_OF_ACCOUNT, fold_address
from cissapp.people.accounts.services import passwords
from cissapp.people.accounts.services.attempts import count_attempt, forget_attempts
from cissapp.people.accounts.services.locking import lock_person
from cissapp.people.accounts.services.people import refuse_weak, set_password


def request_reset(email: str, *, at: datetime) -> None:
    """Record that a new password was requested; the account is looked up in the background.

    So nobody can find out whether there is an account, not even from the response time. An address gets at
    most two mails in the time that a link lasts.
    """
    address = fold_address(email)
    if count_attempt(RESET_MAILS, address, at=at) <= RESET_MAILS.most:
        session.add(ResetRequest(email=address, asked_at=at))
        session.flush()
    do_soon(TaskKind.RESET_LINKS, at=at)


def answer_in_background(_nothing: UUID | None, at: datetime) -> None:
    """Answer the waiting requests in the background."""
    with unit_of_work():
        answer_reset_requests(at=at)


def answer_reset_requests(*, at: datetime) -> int:
    """Mail a link for each request with an open account, and delete all requests; return the links sent.

    Requests that waited longer than a link lasts, because the service was down, are dropped.
    """
    asked = session.execute(
        delete(ResetRequest).returning(ResetRequest.email, ResetRequest.asked_at)
    ).all()
    sent = 0
    for email, asked_at in asked:
        if at - asked_at < RESET_LASTS or asked_at > at:
            sent += _send_link(email, at=asked_at)
    session.flush()
    return sent


def _send_link(email: str, *, at: datetime) -> int:
    user = queries.person_by_email(email)
    if user is None or not user.is_active:
        return 0
    mails.send_reset(user, make_reset(user, at=at), at=at)
    return 1


def make_reset(user: User, *, at: datetime) -> str:
    """Make a link to set a new password, and return its secret."""
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordReset(
            token_hash=hash_of(token),
            user_id=user.id,
            asked_at=at,
            expires_at=at + RESET_LASTS,
        )
    )
    record(Event.PASSWORD_RESET_ASKED, user, by=SYSTEM, at=at, school_id=user.school_id)
    session.flush()
    return token


def reset_password(reset: PasswordReset, password: str, *, at: datetime) -> None:
    """Set a new password by a link that works once, and close every session."""
    reset_id = reset.id
    user = reset.user
    if not user.is_active:
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))
    refuse_weak(user, password)
    release_transaction()
    password_hash = passwords.hash_password(password)
    # In the order in which everybody takes them: see `locking`.
    forget_attempts(SIGN_IN_OF_ACCOUNT, user.email)
    lock_person(user.id)
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
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))
    set_password(user, password_hash, by=user, at=at)
