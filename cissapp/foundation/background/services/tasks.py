"""Stores tasks with the change that requests them, and does those that are due.

A task is claimed in a short transaction, done in those of its handler, and its outcome is recorded in
another. If a process dies in between, another one does the task again after the lease.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from msgspec import Struct
from sqlalchemy import ColumnElement, case, delete, func, or_, select, update

from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import (
    AT_ONCE,
    ENDED_WITH_PROCESS,
    LEASE,
    MOST_TRIES,
    TaskFailed,
    TaskKind,
    next_try,
)
from cissapp.foundation.background.services.bell import TASKS, makes_past, ring, ring_after_commit
from cissapp.foundation.background.services.registry import HANDLERS
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import after_commit, roll_back, session, unit_of_work

log = logging.getLogger("ciss")

SECONDS_BETWEEN_LOOKS = 60.0
GIVEN_UP_KEPT = timedelta(days=90)


class _Claim(Struct, frozen=True):
    task_id: UUID
    kind: TaskKind
    subject_id: UUID | None
    tries: int
    until: datetime


def do_soon(
    kind: TaskKind,
    subject_id: UUID | None = None,
    *,
    at: datetime,
    wait: timedelta = AT_ONCE,
) -> None:
    """Have something done once the change is committed, or later; it is stored with the change.

    While a demo's past is generated, delayed work is left out: nobody waits for it.
    """
    if makes_past.get() and wait > AT_ONCE:
        return
    task = Task(kind=kind, subject_id=subject_id, made_at=at, due_at=at + wait)
    session.add(task)
    session.flush()
    if wait == AT_ONCE:
        _begin_after_commit(task.id, at)


def _begin_after_commit(task_id: UUID, at: datetime) -> None:
    if makes_past.get() or current_app.testing:
        after_commit(_doing(task_id, at))
    else:
        ring_after_commit(TASKS)


@contextmanager
def run_at_once() -> Iterator[None]:
    """Do what is requested inside the block in this process, at the time given: for a demo's past."""
    token = makes_past.set(True)
    try:
        yield
    finally:
        makes_past.reset(token)


def run_due(
    stop: Callable[[], bool] = lambda: False, *, at: Callable[[], datetime] = clock.now
) -> int:
    """Do what is due, the longest waiting first; return how many tasks have nothing more due at once.

    Commits by itself, so call it outside any unit of work.
    """
    done = 0
    while not stop() and (claim := _claim(at())):
        done += _run(claim, at())
        session.remove()  # what one task loaded is of no use to the next
    return done


def try_again(task_id: UUID, *, at: datetime) -> bool:
    """Let a task that waits, or was given up, be tried now; return False if it is gone or running."""
    found = session.execute(
        update(Task)
        .where(Task.id == task_id, _is_free(at))
        .values(due_at=at, given_up_at=None, tries=0, claimed_until=None)
        .returning(Task.id)
    ).all()
    if found:
        ring_after_commit(TASKS)
    return bool(found)


def take_over(kind: TaskKind, subject_id: UUID, *, at: datetime) -> bool:
    """Start the task about a subject again, even if a process has claimed it; return False if there is none.

    For a subject on which nothing has been done for so long that the process must have died. The handler must
    bear that the process lives after all.
    """
    found = session.scalars(
        update(Task)
        .where(Task.kind == kind, Task.subject_id == subject_id)
        # One that waits for its turn keeps its place.
        .values(
            due_at=case((Task.due_at < at, Task.due_at), else_=at),
            given_up_at=None,
            tries=0,
            claimed_until=None,
        )
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    ).all()
    for task_id in found:
        _begin_after_commit(task_id, at)
    return bool(found)


def settle(kind: TaskKind, subject_id: UUID) -> None:
    """Delete the task about a subject, given up or not, unless it is running: it was done another way."""
    session.execute(
        delete(Task).where(
            Task.kind == kind, Task.subject_id == subject_id, Task.claimed_until.is_(None)
        )
    )


def forget_given_up(*, at: datetime) -> int:
    """Forget tasks that were given up long ago, and return how many."""
    old = Task.given_up_at < at - GIVEN_UP_KEPT
    gone = session.execute(delete(Task).where(old).returning(Task.id)).all()
    return len(gone)


def look(stop: Callable[[], bool]) -> None:
    """Do what is due, and ring in time for whatever falls due within a minute."""
    run_due(stop)
    claimed = Task.claimed_until > Task.due_at
    free_at = case((claimed, Task.claimed_until), else_=Task.due_at)
    due = session.scalar(select(func.min(free_at)).where(Task.given_up_at.is_(None)))
    session.remove()
    seconds = (due - clock.now()).total_seconds() if due else SECONDS_BETWEEN_LOOKS
    if seconds < SECONDS_BETWEEN_LOOKS:
        ring(TASKS, after=max(seconds, 1.0))


def _doing(task_id: UUID, at: datetime) -> Callable[[], None]:
    def do() -> None:
        while (claim := _claim(at, task_id)) and not _run(claim, at):
            continue

    return do


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(Task.claimed_until.is_(None), Task.claimed_until <= at)


# --- claimed: a short transaction -------------------------------------------------------------------


def _claim(at: datetime, task_id: UUID | None = None) -> _Claim | None:
    """Claim the longest-waiting task; the attempt counts at once, in case it kills its process."""
    which = [Task.given_up_at.is_(None), Task.due_at <= at, _is_free(at)]
    if task_id is not None:
        which.append(Task.id == task_id)
    due = select(Task.id).where(*which).order_by(Task.due_at, Task.made_at).limit(1)
    if session.scalar(due) is None:
        session.rollback()  # nothing was written: most looks find nothing, and keep nobody waiting
        return None
    with unit_of_work():
        ids = session.scalars(due.with_for_update(skip_locked=True)).all()
        rows = session.execute(
            update(Task)
            .where(Task.id.in_(ids))
            .values(claimed_until=at + LEASE, tries=Task.tries + 1)
            .returning(Task.id, Task.kind, Task.subject_id, Task.tries)
            .execution_options(synchronize_session=False)
        ).all()
    claims = [_Claim(*row, until=at + LEASE) for row in rows]
    return claims[0] if claims else None


# --- done, and written ------------------------------------------------------------------------------


def _run(claim: _Claim, at: datetime) -> bool:
    """Do a claimed task and record the outcome; return False if more of it is due at once."""
    if claim.tries > MOST_TRIES:
        return _write_failure(claim, ENDED_WITH_PROCESS, at)
    try:
        left = HANDLERS[claim.kind](claim.subject_id, at)
    except TaskFailed as failed:
        roll_back()
        log.warning("%s waits: %s", claim.kind, failed)
        return _write_failure(claim, str(failed), at)
    except Exception as error:
        roll_back()
        reference = secrets.token_hex(4).upper()
        log.exception("fault %s in a background task: %s", reference, claim.kind)
        return _write_failure(claim, f"{type(error).__name__}, {reference}", at)
    with unit_of_work():
        if left is None:
            session.execute(delete(Task).where(Task.id == claim.task_id))
        else:
            _change(claim, due_at=at + left.after, tries=0, last_error=None)
    return left is None or left.after > AT_ONCE


def _write_failure(claim: _Claim, said: str, at: datetime) -> bool:
    again = next_try(claim.tries, at)
    with unit_of_work():
        if again is None:
            _change(claim, last_error=said, given_up_at=at)
        else:
            _change(claim, last_error=said, due_at=again)
    return True


def _change(claim: _Claim, **values: object) -> None:
    """Change a task that is still ours: after the lease another may have begun it."""
    session.execute(
        update(Task)
        .where(Task.id == claim.task_id, Task.claimed_until == claim.until)
        .values(**values, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
