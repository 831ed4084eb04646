"""Reads of the filters that a person has saved."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.review.followup.models import SavedFilter


def saved_filter(filter_id: UUID) -> SavedFilter | None:
    """Find a saved filter."""
    return session.get(SavedFilter, filter_id)


def saved_filters(person: Actor) -> list[SavedFilter]:
    """List the filters that a person has saved, by name."""
    query = select(SavedFilter).where(SavedFilter.user_id == person.id)
    return list(session.scalars(query.order_by(SavedFilter.name)))
