"""Changes a person's own name and email address, and tells those who know who the person is."""

import hmac
from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature
from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries
from cissapp.people.accounts.mails import own_details as mails
from cissapp.people.accounts.models import FormerName, User
from cissapp.people.accounts.queries.former_names import former_names
from cissapp.people.accounts.rules import (
    ADDRESS_LINK_LASTS,
    FORMER_ADDRESS_LASTS,
    NEW_ADDRESSES,
    NEW_NAMES,
    SIGN_IN_OF_ACCOUNT,
    Duty,
    fold_address,
)
from cissapp.people.accounts.services.attempts import count_or_refuse, forget_attempts
from cissapp.people.accounts.services.former_names import keep_former
from cissapp.people.accounts.services.locking import lock_address, lock_people
from cissapp.people.accounts.services.sessions import close_sessions

LINK, LINK_BACK = "new address", "former address"


class AskedAddress(Struct, frozen=True):
    """A person, and the address that they asked to use from now on."""

    user: User
    email: str


def rename(user: User, name: str, *, at: datetime) -> None:
    """Change a person's own name; whoever knows who the person is gets an email with both names."""
    if name == user.name:
        return
    count_or_refuse(NEW_NAMES, str(user.id), at=at)
    lock_people({user.id})
    was = user.name
    keep_former(user, at=at)
    user.name = name
    session.flush()
    record(Event.PERSON_RENAMED, user, by=user, at=at, school_id=user.school_id)
    mails.tell_renamed(user, was, people_who_know(user), at=at)
    session.flush()


def people_who_know(user: User) -> list[User]:
    """List those who know who a person is: the head of the school, else the group's coordinators, else the secretariat."""
    group_id = user.school.group_id if user.school else user.group_id
    heads = (
        [one for one in queries.people_of_school(user.school_id) if one.duty is Duty.HEAD]
        if user.school_id
        else []
    )
    nearest = (
        heads,
        queries.coordinators_of_group(group_id) if group_id else [],
        queries.secretariat(),
    )
    others = ([one for one in people if one.id != user.id] for people in nearest)
    return next(filter(None, others), [])


def may_change_address(user: Actor) -> bool:
    """Check whether a person may have another address: all but guests, whose pass was made out to theirs."""
    return user.role is not Role.GUEST


def ask_new_address(user: User, email: str, *, at: datetime) -> None:
    """Mail a link to the new address, which proves that it is the person's; until then the old one stays.

    The person has shown that it is they. The answer does not reveal whether another account has the address: its
    owner reads that in the mail.
    """
    if not may_change_address(user):
        message = N_(
            "You were invited with this address. Ask the person who invited you for another pass."
        )
        raise Refused(Problem("email", message))
    address = fold_address(email)
    if address == user.email:
        raise Refused(Problem("email", N_("This is already the email address of your account.")))
    count_or_refuse(NEW_ADDRESSES, str(user.id), at=at)
    if queries.person_by_email(address):
        mails.send_address_is_taken(user, address, at=at)
    else:
        mails.send_new_address(user, address, _token(user, address, at=at), at=at)
    session.flush()


def _token(user: User, address: str, *, at: datetime) -> str:
    until = int((at + ADDRESS_LINK_LASTS).timestamp())
    return str(secret_keys.signer(LINK).dumps([user.id.hex, address, until, _mark(user)]))


def _mark(user: User) -> str:
    """Return what a link fits once: another address or another password ends every earlier link.

    How often the person had another address than today's only grows, so an address that comes back revives no link.
    """
    others = [one for one in former_names(user.id) if one.email != user.email]
    facts = f"{user.id.hex} {user.email} {len(others)} {user.password_hash}"
    return secret_keys.keyed_digest(LINK, facts)


def asked_address(token: str, *, at: datetime) -> AskedAddress | None:
    """Find what a mailed link asks for; None if it was used, has expired, or the account is closed."""
    try:
        user_id, address, until, mark = secret_keys.signer(LINK).loads(token)
    except BadSignature:
        return None
    user = queries.person(UUID(hex=user_id))
    if user is None or not user.is_active or at.timestamp() >= until:
        return None
    return AskedAddress(user, address) if hmac.compare_digest(mark, _mark(user)) else None


def confirm_new_address(token: str, *, at: datetime) -> None:
    """Use the new address from now on, by a link that works once, and close every session.

    The old address and those who know who the person is get an email.
    """
    found = asked_address(token, at=at)
    if found:
        # In the order in which everybody takes them: see `locking`.
        forget_attempts(SIGN_IN_OF_ACCOUNT, found.user.email)
        lock_address(found.email)
        lock_people({found.user.id})
        found = asked_address(token, at=at)
    if found is None:
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))
    if queries.person_by_email(found.email):
        raise Refused(Problem("used", N_("There is already an account with this email address.")))
    user, was = found.user, found.user.email
    former = keep_former(user, at=at)
    user.email = found.email
    close_sessions(user, at=at)
    session.flush()
    record(Event.PERSON_ADDRESS_CHANGED, user, by=user, at=at, school_id=user.school_id)
    mails.tell_new_address(user, was, people_who_know(user), link=_link_back(former), at=at)
    session.flush()


def _link_back(former: FormerName) -> mails.LinkBack | None:
    """Make the link that restores an address; None while the link of another address may still be open.

    Whoever changes the address of a stolen account twice must not get a link to the first of theirs.
    """
    since = former.until_at - FORMER_ADDRESS_LASTS
    had = former_names(former.user_id)
    if any(one.email != former.email and one.until_at > since for one in had):
        return None
    token = secret_keys.signer(LINK_BACK).dumps(former.id.hex)
    return mails.LinkBack(str(token), former.until_at + FORMER_ADDRESS_LASTS)
