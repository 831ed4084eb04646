"""Reads of the self-assessment."""

from uuid import UUID

from blinker import Signal
from sqlalchemy import select

from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.db import session
from cissapp.prepare.assessment.models import SelfScore

# Asks by which version a school's answers are judged; the room of applications knows, and answers.
version_asked = Signal()


def standard_to_answer(school_id: UUID, content: Content) -> Standard:
    """Return the standard that a school answers: that of its application under way, else the present one."""
    answers = [version for _, version in version_asked.send(school_id)]
    return content.under(next(filter(None, answers), None)).standard


def score(school_id: UUID, criterion_id: str) -> SelfScore | None:
    """Find what a school says of a criterion."""
    return session.get(SelfScore, (school_id, criterion_id))


def scores(school_id: UUID) -> dict[str, SelfScore]:
    """Return what a school says of each criterion that it scored."""
    rows = session.scalars(select(SelfScore).where(SelfScore.school_id == school_id))
    return {row.criterion_id: row for row in rows}
