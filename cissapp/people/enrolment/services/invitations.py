"""Writes of invitations that fit their roles, and of closed accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Forbidden, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import INVITATIONS, Duty
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.enrolment.rules import CLOSED_DUTY, duties_to_invite
from cissapp.people.schools.models import School

# --- people of a school ----------------------------------------------------------------------


def duties_open_to(person: Actor) -> list[Duty]:
    """List the duties that a person may invite others of a school to: none, once their account is closed."""
    if isinstance(person, User) and not person.is_active:
        return []
    return duties_to_invite(person.role, person.duty if isinstance(person, User) else None)


def invite_to_school(
    school: School,
    *,
    duty: Duty,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
) -> Invitation:
    """Invite somebody to a duty at the school, in the school's language; fifty a day per place."""
    _refuse_duty(duty, by)
    _count_invitation(by, at=at)
    return accounts.invite(
        Invitee(email, name, school.language),
        role=Role.SCHOOL_MANAGER,
        duty=duty,
        scope=Scope(school_id=school.id, country_code=school.country_code),
        by=by,
        at=at,
    )


def invite_listed(
    wanted: Sequence[tuple[School, Duty, Invitee]], *, by: Actor, at: datetime
) -> list[Invitation]:
    """Invite the people of a list to their schools, without a daily limit; return their invitations.

    The caller checks that no address has an account, and that none occurs twice.
    """
    for duty in sorted({duty for _school, duty, _invitee in wanted}):
        _refuse_duty(duty, by)
    return accounts.invite_to_schools(
        [
            (invitee, duty, Scope(school_id=school.id, country_code=school.country_code))
            for school, duty, invitee in wanted
        ],
        by=by,
        at=at,
    )


def withdraw(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Withdraw an invitation; anyone who may send one may withdraw it."""
    if invitation.duty:
        _refuse_duty(invitation.duty, by)
    if not accounts.withdraw_invitation(invitation, by=by, at=at):
        raise Refused(Problem("state", CHANGED_FIRST))


def resend(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Send a new link; the earlier one no longer works, and who invited stays the same."""
    if invitation.duty:
        _refuse_duty(invitation.duty, by)
    if invitation.ends_at is not None and invitation.ends_at <= at:
        raise Refused(Problem("ends_on", N_("The last day of this guest has passed.")))
    _count_invitation(by, at=at)
    inviter_id = _lock_inviter_of(invitation, by)
    return accounts.invite(
        Invitee(invitation.email, invitation.name, invitation.language),
        role=invitation.role,
        duty=invitation.duty,
        scope=Scope(
            invitation.school_id,
            invitation.group_id,
            invitation.country_code,
            invitation.region_code,
            invitation.guest_application_id,
            invitation.ends_at,
        ),
        by=by,
        at=at,
        for_id=inviter_id,
    )


def _lock_inviter_of(invitation: Invitation, by: Actor) -> UUID | None:
    """Return who invited: the person whom this keeps from judging the school, or the sender once they left."""
    inviter_id = invitation.invited_by_id
    # In order, or two who send each other's invitations would wait for each other.
    both = sorted(one for one in {inviter_id, by.id} if one)
    open_ids = [one for one in both if accounts.lock_person(one)]
    session.refresh(invitation, with_for_update={"key_share": True})
    if invitation.accepted_at or invitation.revoked_at:
        raise Refused(Problem("state", CHANGED_FIRST))
    return inviter_id if inviter_id in open_ids else by.id


def _count_invitation(by: Actor, *, at: datetime) -> None:
    """Refuse an invitation if the person's place has sent too many today, so that nobody can mass-mail.

    Each school and each group has a limit of its own.
    """
    if by.role is None:
        return
    place = str(by.school_id or by.group_id or by.role)
    if accounts.count_attempt(INVITATIONS, place, at=at) > INVITATIONS.most:
        raise Refused(Problem("email", TOO_MANY_INVITATIONS, {"most": INVITATIONS.most}))


CHANGED_FIRST = N_("Someone else changed this first. Here is how it stands now.")
TOO_MANY_INVITATIONS = N_(
    "Your team has sent %(most)s invitations in one day, which is the limit. Send this one tomorrow. A coordinator can use a list to invite many people at once."
)


def _refuse_duty(duty: Duty, by: Actor) -> None:
    if duty not in duties_open_to(by):
        raise Refused(Problem("duty", CLOSED_DUTY))


# --- everybody else --------------------------------------------------------------------------


def invite_staff(
    role: Role, invitee: Invitee, *, scope: Scope, by: Actor, at: datetime
) -> Invitation:
    """Invite somebody outside a school, bound to the place that the role needs."""
    if role is Role.SCHOOL_MANAGER:
        raise Refused(Problem("role", N_("Invite people from a school on the school’s page.")))
    _count_invitation(by, at=at)
    return accounts.invite(
        invitee,
        role=role,
        scope=scope,
        by=by,
        at=at,
    )


def close_account(person: User, *, by: Actor, at: datetime) -> None:
    """Close an account; raise `Refused` if it is already closed."""
    accounts.lock_closing()
    session.refresh(person)
    if isinstance(by, User):
        session.refresh(by)
        if not by.is_active:
            raise Forbidden
    if not person.is_active:
        raise Refused(Problem("closed", N_("This account is already closed.")))
    accounts.deactivate(person, by=by, at=at)
