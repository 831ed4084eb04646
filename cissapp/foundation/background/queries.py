"""Reads of background tasks that wait or were given up."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import case, func, select

from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.core.db import session

# Tasks due longer ago than this should have started.
LATE = timedelta(minutes=10)


class KindAtWork(Struct, frozen=True):
    """How many tasks of a kind wait, since when they are due, and how many were given up."""

    kind: TaskKind
    waiting: int
    due_since: datetime | None
    given_up: int


def by_kind() -> list[KindAtWork]:
    """Return each kind of which there is anything, in the order of their names."""
    waits = case((Task.given_up_at.is_(None), 1))
    due = case((Task.given_up_at.is_(None), Task.due_at))
    rows = session.execute(
        select(Task.kind, func.count(waits), func.min(due), func.count(Task.given_up_at))
        .group_by(Task.kind)
        .order_by(Task.kind)
    )
    return [KindAtWork(*row) for row in rows]


def in_trouble(most: int) -> list[Task]:
    """List tasks that were given up or failed at least once, the newest first."""
    query = select(Task).where(Task.last_error.is_not(None)).order_by(Task.made_at.desc())
    return list(session.scalars(query.limit(most)))


def task(task_id: UUID) -> Task | None:
    """Find a task."""
    return session.get(Task, task_id)


def counts(at: datetime) -> tuple[int, int, int]:
    """Return how many tasks wait, how many of them should have been begun long ago, and how many were given up."""
    waits = Task.given_up_at.is_(None)
    late = waits & (Task.due_at < at - LATE)
    count, overdue, given_up = session.execute(
        select(
            func.count(case((waits, 1))),
            func.count(case((late, 1))),
            func.count(Task.given_up_at),
        )
    ).one()
    return count, overdue, given_up
