"""Restores an earlier address: who takes an account over cannot keep it by changing its address."""

from datetime import datetime
from uuid import UUID

from blinker import Signal
from itsdangerous import BadSignature

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation import secret_keys
from cissapp.people.accounts import queries
from cissapp.people.accounts.mails import own_details as mails
from cissapp.people.accounts.models import FormerName, User
from cissapp.people.accounts.queries.former_names import former_name
from cissapp.people.accounts.rules import FORMER_ADDRESS_LASTS, RESET_MAILS, SIGN_IN_OF_ACCOUNT
from cissapp.people.accounts.services.attempts import forget_attempts
from cissapp.people.accounts.services.former_names import keep_former
from cissapp.people.accounts.services.locking import lock_address, lock_people
from cissapp.people.accounts.services.own_details import LINK_BACK, people_who_know
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from cissapp.people.accounts.services.people import set_password
from cissapp.people.accounts.services.resets import make_reset

# Sent inside the transaction, before the account is locked, with a person who gets their account back; rooms above listen.
address_restored = Signal()


def former_address(token: str, *, at: datetime) -> FormerName | None:
    """Find what a mailed link restores; None if it was used, has expired, or the account is closed."""
    try:
        former_id = secret_keys.signer(LINK_BACK).loads(token)
    except BadSignature:
        return None
    former = former_name(UUID(hex=former_id))
    if former is None or at >= former.until_at + FORMER_ADDRESS_LASTS:
        return None
    user = queries.person(former.user_id)
    return former if user is not None and user.is_active else None


def restore_address(token: str, *, at: datetime) -> str:
    """Use an earlier address again by a link that works once; return the secret of a link for a new password.

    Every session ends, and the password opens nothing any more, whatever was changed since. Second factors stay:
    the mailbox alone must not remove them.
    """
    former = former_address(token, at=at)
    if former:
        address_restored.send(session.get_one(User, former.user_id), at=at)
        # In the order in which everybody takes them: see `locking`.
        for limit in (RESET_MAILS, SIGN_IN_OF_ACCOUNT):
            forget_attempts(limit, former.email)
        lock_address(former.email)
        lock_people({former.user_id})
        former = former_address(token, at=at)
    if former is None:
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))
    user = session.get_one(User, former.user_id)
    if queries.person_by_email(former.email) not in {None, user}:
        raise Refused(Problem("used", N_("There is already an account with this email address.")))
    was = user.email
    _take_back(user, former, at=at)
    set_password(user, NO_PASSWORD, by=user, at=at)
    mails.tell_restored(user, was, people_who_know(user), at=at)
    return make_reset(user, at=at)


def _take_back(user: User, former: FormerName, *, at: datetime) -> None:
    """Set the address back and delete its row: the address is the person's, and a later row has the name if it changed."""
    session.delete(former)
    if former.email != user.email:
        keep_former(user, at=at)
        user.email = former.email
        session.flush()
        record(Event.PERSON_ADDRESS_CHANGED, user, by=user, at=at, school_id=user.school_id)
    session.flush()
