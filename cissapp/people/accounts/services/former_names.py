"""Keeps what a person was called and where they were until a change."""

from datetime import datetime

from cissapp.foundation.core.db import new_id, session
from cissapp.people.accounts.models import FormerName, User


def keep_former(user: User, *, at: datetime) -> FormerName:
    """Keep the name, address and school until now: an erasure finds them in texts, and a link restores the address."""
    former = FormerName(
        id=new_id(),
        user_id=user.id,
        name=user.name,
        email=user.email,
        school_id=user.school_id,
        until_at=at,
    )
    session.add(former)
    return former
