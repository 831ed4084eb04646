"""Reads of invitations to places that are no schools."""

from collections.abc import Collection

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import Invitation


def invited_beside_schools(addresses: Collection[str]) -> set[str]:
    """Return which of these addresses wait with an invitation to a place that is no school."""
    if not addresses:
        return set()
    query = select(Invitation.email).where(
        Invitation.email.in_(addresses), Invitation.school_id.is_(None)
    )
    waits = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    return set(session.scalars(query.where(waits)))
