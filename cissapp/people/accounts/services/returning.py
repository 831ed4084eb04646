"""Opens the closed account of a person of a school or of a guest again, or frees its address for somebody else."""

from datetime import datetime

from sqlalchemy import and_, case, update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import given_up_address
from cissapp.people.accounts.services.former_names import keep_former

RETURNING = frozenset({Role.SCHOOL_MANAGER, Role.GUEST})


def can_return(known: User, role: Role) -> bool:
    """Check whether an invitation opens a closed account again: of a school for a school, of a guest for a guest.

    What staff did keeps them from judging what they worked on, so theirs stay closed.
    """
    return known.deactivated_at is not None and known.role is role and role in RETURNING


def had_account(invitation: Invitation) -> bool:
    """Check whether whoever accepts an invitation has to say if a closed account was theirs."""
    known = queries.person_by_email(invitation.email)
    return known is not None and can_return(known, invitation.role)


def has_place(invitation: Invitation) -> bool:
    """Check whether the address of an invitation has an account that stays where it is."""
    known = queries.person_by_email(invitation.email)
    return known is not None and not can_return(known, invitation.role)


def open_again(
    user: User, invitation: Invitation, *, name: str, password_hash: str, at: datetime
) -> User:
    """Open a closed account at the place of an invitation; what the person has learned counts as before."""
    if (user.name, user.school_id) != (name, invitation.school_id):
        keep_former(user, at=at)
    user.name = name
    user.deactivated_at = user.deactivated_by_id = None
    user.password_hash = password_hash
    user.school_id, user.country_code = invitation.school_id, invitation.country_code
    user.duty, user.duty_since = invitation.duty, at if invitation.duty else None
    user.guest_application_id, user.ends_at = invitation.guest_application_id, invitation.ends_at
    user.invited_by_id = invitation.invited_by_id
    session.flush()
    session.refresh(user)
    return user


def give_up_address(user: User, invitation: Invitation, *, at: datetime) -> None:
    """Free the address of a closed account for whoever accepts an invitation; older ones stay with the account.

    Schools pass addresses on, and nothing of one person may become another's: an older link of another place
    that still waits ends.
    """
    keep_former(user, at=at)
    was, user.email = user.email, given_up_address(user.id)
    waits = and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    session.execute(
        update(Invitation)
        .where(
            Invitation.email == was,
            Invitation.invited_at <= user.deactivated_at,
            Invitation.id != invitation.id,
        )
        .values(email=user.email, revoked_at=case((waits, at), else_=Invitation.revoked_at))
        .execution_options(synchronize_session="fetch")
    )
    session.flush()
