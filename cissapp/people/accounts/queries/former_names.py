"""Reads of the names and addresses that people had before."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import FormerName


def former_names(user_id: UUID) -> list[FormerName]:
    """List the names and addresses that a person had before."""
    return list(session.scalars(select(FormerName).where(FormerName.user_id == user_id)))


def former_name(former_id: UUID) -> FormerName | None:
    """Find an earlier name and address by its id, as it stands in the database now."""
    return session.scalar(select(FormerName).where(FormerName.id == former_id))
