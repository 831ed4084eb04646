"""Opens the account of a person of a school again who comes back, to the same school or to another one."""

from datetime import datetime

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import FormerName, Invitation, User


def can_return(known: User, role: Role) -> bool:
    """Check whether an invitation opens a closed account again: only one of a school, for a school.

    What staff did keeps them from judging what they worked on, so theirs stay closed.
    """
    return known.deactivated_at is not None and known.role is role is Role.SCHOOL_MANAGER


def open_again(
    user: User, invitation: Invitation, *, name: str, password_hash: str, at: datetime
) -> User:
    """Open a closed account at the place of an invitation; what the person has learned counts as before."""
    if user.name != name:
        session.add(FormerName(user_id=user.id, name=user.name, email=user.email, until_at=at))
        user.name = name
    user.deactivated_at = user.deactivated_by_id = None
    user.password_hash = password_hash
    user.school_id, user.country_code = invitation.school_id, invitation.country_code
    user.duty, user.duty_since = invitation.duty, at
    user.invited_by_id = invitation.invited_by_id
    session.flush()
    session.refresh(user)
    return user
