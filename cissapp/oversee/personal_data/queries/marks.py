"""Reads of what is marked, held and counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.oversee.personal_data.models import RetentionHold, RetentionMark
from cissapp.oversee.personal_data.rules.retention import RetentionRule
from cissapp.people.schools.models import School


def open_marks(rule: RetentionRule) -> dict[UUID, RetentionMark]:
    """Return what a rule has marked and not ended, by its subject."""
    query = select(RetentionMark).where(
        RetentionMark.rule == rule, RetentionMark.ended_at.is_(None)
    )
    return {mark.subject_id: mark for mark in session.scalars(query)}


def marks_of_schools(group_id: UUID | None) -> list[tuple[RetentionMark, School]]:
    """List the marks of the schools of a group, or of all, the next day first."""
    query = (
        select(RetentionMark, School)
        .join(School, School.id == RetentionMark.school_id)
        .where(RetentionMark.ended_at.is_(None), RetentionMark.user_id.is_(None))
        .order_by(RetentionMark.due_at, School.name)
    )
    if group_id is not None:
        query = query.where(School.group_id == group_id)
    return [(row[0], row[1]) for row in session.execute(query)]


def open_holds(group_id: UUID | None, *, at: datetime) -> list[tuple[RetentionHold, School]]:
    """List the holds of the schools of a group, or of all, the first to end first."""
    query = (
        select(RetentionHold, School)
        .join(School, School.id == RetentionHold.school_id)
        .where(RetentionHold.ended_at.is_(None), RetentionHold.until_on >= at.date())
        .order_by(RetentionHold.until_on, School.name)
    )
    if group_id is not None:
        query = query.where(RetentionHold.group_id == group_id)
    return [(row[0], row[1]) for row in session.execute(query)]


def hold(hold_id: UUID) -> RetentionHold | None:
    """Find a hold."""
    return session.get(RetentionHold, hold_id)
