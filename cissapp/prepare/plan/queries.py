"""Reads of the action plan."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.plan.models import PlannedAction


def action(action_id: UUID) -> PlannedAction | None:
    """Find an action."""
    return session.get(PlannedAction, action_id)


def actions(school_id: UUID) -> list[PlannedAction]:
    """List the actions of a school, the first due first."""
    query = select(PlannedAction).where(PlannedAction.school_id == school_id)
    return list(
        session.scalars(
            query.order_by(PlannedAction.due_on, PlannedAction.added_at, PlannedAction.id)
        )
    )
