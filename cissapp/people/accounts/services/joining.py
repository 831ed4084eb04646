"""Makes the account of somebody who accepts an invitation, or opens the one again that they had."""

from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy import CursorResult, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import queries
from cissapp.people.accounts.mails import own_details as mails
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.phrases import ONE_PLACE
from cissapp.people.accounts.rules import Duty, password_problems
from cissapp.people.accounts.services import passwords
from cissapp.people.accounts.services.locking import lock_address, lock_erasure, lock_people
from cissapp.people.accounts.services.own_details import people_who_know
from cissapp.people.accounts.services.returning import can_return, give_up_address, open_again

# Sent inside the transaction, with the person who accepted an invitation; rooms above listen.
person_joined = Signal()


def accept_invitation(
    invitation: Invitation,
    *,
    name: str,
    password: str | None,
    at: datetime,
    was_here: bool | None = None,
) -> User:
    """Create the account of an invited person; the link works once, even if two use it simultaneously.

    Where the address has a closed account that can return, `was_here` says whose it was: the person's, and
    it is opened again, or somebody else's, who keeps it without the address. Raise `Refused` where it is not
    said. Without a password, none opens the account until a mailed link sets one.
    """
    password_hash = _hash_of(password, invitation, name)
    known = _lock_all(invitation)
    _use_up(invitation, at=at)
    if known and not can_return(known, invitation.role):
        raise Refused(Problem("used", ONE_PLACE))
    if known and was_here is None:
        raise Refused(Problem("was_here", N_("Choose whether the closed account was yours.")))
    was = known.name if known and was_here else name
    if known and was_here:
        user = open_again(known, invitation, name=name, password_hash=password_hash, at=at)
    else:
        if known:
            give_up_address(known, invitation, at=at)
            record(Event.ADDRESS_PASSED_ON, known, by=SYSTEM, at=at, school_id=known.school_id)
        user = _new_account(invitation, name=name, password_hash=password_hash, at=at)
    record(Event.PERSON_JOINED, user, by=user, at=at, school_id=user.school_id)
    person_joined.send(user, invitation=invitation, at=at)
    if was != name:
        record(Event.PERSON_RENAMED, user, by=user, at=at, school_id=user.school_id)
        mails.tell_renamed(user, was, people_who_know(user), at=at)
        session.flush()
    return user


def _hash_of(password: str | None, invitation: Invitation, name: str) -> str:
    """Hash a new password outside the transaction; raise `Refused` if it is weak."""
    if password is None:
        return passwords.NO_PASSWORD
    own_words = [*invitation.email.split("@"), *name.split()]
    problems = password_problems(password, invitation.role, own_words)
    if problems:
        raise Refused(*[Problem("password", one.message, one.values) for one in problems])
    release_transaction()
    return passwords.hash_password(password)


def _lock_all(invitation: Invitation) -> User | None:
    """Lock what joining changes, in the order of `locking`; return the account that has the address, if any."""
    known = queries.person_by_email(invitation.email)
    if known:
        lock_erasure(known.id)
    # Whoever confirms this address for another account takes it before this is read, or waits.
    lock_address(invitation.email)
    known = queries.person_by_email(invitation.email)
    # Whoever sends a handover's link again, or closes one of these accounts, locks the account first.
    lock_people(_changed_by_joining(invitation) | ({known.id} if known else set()))
    if known and known.email != invitation.email:
        # It was erased in the meantime, and the address is free.
        return queries.person_by_email(invitation.email)
    return known


def _use_up(invitation: Invitation, *, at: datetime) -> None:
    """Mark an invitation as accepted; raise `Refused` if it was used, was withdrawn or has expired."""
    won = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(accepted_at=at)
        .execution_options(synchronize_session=False)
    )
    session.refresh(invitation)
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))


def _changed_by_joining(invitation: Invitation) -> set[UUID]:
    """Return whose accounts a handover may change when the invitation is accepted: its sender, and the head."""
    ids = {invitation.invited_by_id} if invitation.invited_by_id else set()
    if invitation.duty is Duty.HEAD and invitation.school_id is not None:
        people = queries.people_of_school(invitation.school_id)
        ids |= {one.id for one in people if one.duty is Duty.HEAD}
    return ids


def _new_account(invitation: Invitation, *, name: str, password_hash: str, at: datetime) -> User:
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
        guest_application_id=invitation.guest_application_id,
        ends_at=invitation.ends_at,
        language=invitation.language,
        joined_at=at,
        invited_by_id=invitation.invited_by_id,
    )
    session.add(user)
    session.flush()
    return user
