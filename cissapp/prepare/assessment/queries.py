"""Reads of the self-assessment."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.assessment.models import SelfScore


def score(school_id: UUID, criterion_id: str) -> SelfScore | None:
    """Find what a school says of a criterion."""
    return session.get(SelfScore, (school_id, criterion_id))


def scores(school_id: UUID) -> dict[str, SelfScore]:
    """Return what a school says of each criterion that it scored."""
    rows = session.scalars(select(SelfScore).where(SelfScore.school_id == school_id))
    return {row.criterion_id: row for row in rows}
