"""Invites people, and withdraws invitations."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, select, tuple_, update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record, record_each
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import mails, queries
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import INVITATION_LASTS, Duty, fold_address
from cissapp.people.accounts.services.locking import lock_inviter
from cissapp.people.accounts.services.returning import can_return

HAS_ACCOUNT = N_(
    "There is already an account with this email address, and an account belongs to one place. For a second school, the person needs another work address."
)
# Why an invitation ended that nobody withdrew directly.
INVITER_LEFT = "inviter_left"


class Invitee(Struct, frozen=True):
    """The person an invitation goes to, and the language of the mail."""

    email: str
    name: str
    language: str


class Scope(Struct, frozen=True):
    """The place that a role is bound to."""

    school_id: UUID | None = None
    group_id: UUID | None = None
    country_code: str | None = None
    region_code: str | None = None
    guest_application_id: UUID | None = None
    ends_at: datetime | None = None


def invite(
    invitee: Invitee,
    *,
    role: Role,
    duty: Duty | None = None,
    scope: Scope,
    by: Actor,
    at: datetime,
    for_id: UUID | None = None,
) -> Invitation:
    """Send a single-use link; raise `Refused` if the address has an account and the inviter may know that.

    To others it looks like any invitation, and the account's owner is informed by mail. An earlier
    invitation of the address to the same place that nobody answered is withdrawn; those to other places stay,
    and the first link that is used makes the account. Whoever sends it `for_id` does not invite.
    """
    lock_inviter(by)
    address = fold_address(invitee.email)
    known = queries.person_by_email(address)
    if known and can_return(known, role):
        known = None
    if known and may_know(by, known):
        raise Refused(Problem("email", HAS_ACCOUNT))
    end_open_invitations(_of_place(address, scope), at=at)
    token = secrets.token_urlsafe(32)
    invitation = _invitation(
        invitee, token, scope, role=role, duty=duty, by_id=for_id or by.id, at=at
    )
    session.add(invitation)
    session.flush()
    record(
        Event.PERSON_INVITED, invitation, by=by, at=at, school_id=scope.school_id, role=role.value
    )
    if known:
        mails.send_is_known(known, invitation, at=at)
    else:
        mails.send_invitation(invitation, token, at=at)
    session.flush()
    return invitation


def invite_to_schools(
    wanted: Sequence[tuple[Invitee, Duty, Scope]], *, by: Actor, at: datetime
) -> list[Invitation]:
    """Send single-use links to people of schools, in a few statements for all; return their invitations.

    The caller checks that no address has an account, and that none occurs twice. Earlier invitations to the
    same school that nobody answered are withdrawn.
    """
    if not wanted:
        return []
    pairs = [(fold_address(invitee.email), scope.school_id) for invitee, _duty, scope in wanted]
    end_open_invitations(tuple_(Invitation.email, Invitation.school_id).in_(pairs), at=at)
    tokens = [secrets.token_urlsafe(32) for _ in wanted]
    made = [
        _invitation(invitee, token, scope, role=Role.SCHOOL_MANAGER, duty=duty, by_id=by.id, at=at)
        for (invitee, duty, scope), token in zip(wanted, tokens, strict=True)
    ]
    session.add_all(made)
    session.flush()
    said = [(one, {"role": one.role.value}) for one in made]
    record_each(Event.PERSON_INVITED, said, by=by, at=at)
    mails.send_invitations(list(zip(made, tokens, strict=True)), at=at)
    session.flush()
    return made


def _invitation(
    invitee: Invitee,
    token: str,
    scope: Scope,
    *,
    role: Role,
    duty: Duty | None,
    by_id: UUID | None,
    at: datetime,
) -> Invitation:
    return Invitation(
        id=new_id(),
        token_hash=hash_of(token),
        email=fold_address(invitee.email),
        name=invitee.name,
        role=role,
        duty=duty,
        school_id=scope.school_id,
        group_id=scope.group_id,
        country_code=scope.country_code,
        region_code=scope.region_code,
        guest_application_id=scope.guest_application_id,
        ends_at=scope.ends_at,
        language=invitee.language,
        invited_at=at,
        invited_by_id=by_id,
        expires_at=min(at + INVITATION_LASTS, scope.ends_at or at + INVITATION_LASTS),
    )


def _of_place(address: str, scope: Scope) -> ColumnElement[bool]:
    """Match the invitations of an address to one school, group or case; roles beside those share one place."""
    return (
        (Invitation.email == address)
        & (Invitation.school_id == scope.school_id)
        & (Invitation.group_id == scope.group_id)
        & (Invitation.guest_application_id == scope.guest_application_id)
    )


def end_open_invitations(which: ColumnElement[bool], *, at: datetime) -> None:
    """Invalidate the links of some invitations that nobody answered; those not emailed yet are not sent."""
    ended = session.execute(
        update(Invitation)
        .where(
            which,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=at)
        .returning(Invitation.email, Invitation.school_id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        mails.withhold_invitations(((email, school_id) for email, school_id in ended), at=at)


def may_know(inviter: Actor, known: User) -> bool:
    """Return whether an inviter may know of an account: one of the same place, or any for the secretariat."""
    if inviter.role in {None, Role.SECRETARIAT}:
        return True
    if inviter.school_id is not None:
        return inviter.school_id == known.school_id
    group_id = known.school.group_id if known.school else known.group_id
    return inviter.group_id is not None and inviter.group_id == group_id


def withdraw_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> bool:
    """Withdraw an invitation: its link no longer works; return False if it was used or withdrawn before."""
    found = session.get_one(
        Invitation, invitation.id, with_for_update={"key_share": True}, populate_existing=True
    )
    is_open = found.accepted_at is None and found.revoked_at is None
    if is_open:
        withdraw_invitations([found], by=by, at=at)
    return is_open


def withdraw_invitations(invitations: Sequence[Invitation], *, by: Actor, at: datetime) -> int:
    """Withdraw invitations together, each with an audit entry; return how many emails had not been sent yet.

    These are not sent: their links no longer work.
    """
    for invitation in invitations:
        invitation.revoked_at = at
    said: list[tuple[Invitation, dict[str, Any]]] = [(one, {}) for one in invitations]
    record_each(Event.INVITATION_WITHDRAWN, said, by=by, at=at)
    session.flush()
    return mails.withhold_invitations(((one.email, one.school_id) for one in invitations), at=at)


def postpone_invitations(invitation_ids: Collection[UUID], *, until: datetime) -> None:
    """Let the emails of open invitations that were not sent yet leave at a later time, for whoever withdraws them soon."""
    query = select(Invitation.email, Invitation.school_id).where(
        Invitation.id.in_(invitation_ids),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    mails.postpone_invitations(
        ((email, school_id) for email, school_id in session.execute(query)), until=until
    )


def end_invitations_of(person: User, *, by: Actor, at: datetime) -> int:
    """Invalidate the open invitations that a person sent, each with an audit entry; return how many.

    A person whose account is closed, or who may no longer invite, must not let anyone in by a waiting link.
    """
    ended = session.execute(
        update(Invitation)
        .where(
            Invitation.invited_by_id == person.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(revoked_at=at)
        .returning(Invitation.id, Invitation.email, Invitation.school_id)
        .execution_options(synchronize_session="fetch")
    ).all()
    for invitation_id, _email, school in ended:
        thing = (Invitation.__tablename__, invitation_id)
        record(
            Event.INVITATION_WITHDRAWN, thing, by=by, at=at, school_id=school, because=INVITER_LEFT
        )
    session.flush()
    mails.withhold_invitations(((email, school_id) for _id, email, school_id in ended), at=at)
    return len(ended)


def is_invitation_open(invitation: Invitation, at: datetime) -> bool:
    """Check whether an invitation can still be accepted."""
    untouched = invitation.accepted_at is None and invitation.revoked_at is None
    return untouched and at < invitation.expires_at
