"""Stores the step of each school: computed again for every touched school when its transaction ends."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, delete, event, except_, exists, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import read_before_write, session
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.review.followup.models import FollowedStep
from cissapp.review.followup.queries.present_steps import KEPT, NO_ACTS, days_of, present_steps
from cissapp.review.independence.models import Assignment
from cissapp.review.reviews.models import Review

TOUCHED_SCHOOLS, TOUCHED_APPLICATIONS = "schools whose step may move", "and applications"
OF_SCHOOL = (AuditEntry, Application, Invitation, User, Deadline)
OF_APPLICATION = (Assignment, CompletenessCheck, Review)
AT_ONCE = 500


# --- what was touched --------------------------------------------------------------------------


@event.listens_for(Session, "after_flush")
def _note_rows(changed: Session, _context: Any) -> None:
    """Note the schools of changed rows; every change adds an entry with its school to the audit trail."""
    for row in (*changed.new, *changed.dirty, *changed.deleted):
        if isinstance(row, School):
            _noted(changed, TOUCHED_SCHOOLS).add(row.id)
        elif isinstance(row, OF_SCHOOL) and row.school_id and not _is_no_act(row):
            _noted(changed, TOUCHED_SCHOOLS).add(row.school_id)
        elif isinstance(row, OF_APPLICATION):
            _noted(changed, TOUCHED_APPLICATIONS).add(row.application_id)


@event.listens_for(Session, "do_orm_execute")
def _note_statement(asked: ORMExecuteState) -> None:
    """Note the schools of audit trail entries that are inserted in bulk."""
    if asked.is_insert and asked.bind_mapper and asked.bind_mapper.class_ is AuditEntry:
        given: Any = asked.parameters or []
        for row in given if isinstance(given, list) else [given]:
            if row.get("school_id"):
                _noted(asked.session, TOUCHED_SCHOOLS).add(row["school_id"])


def _is_no_act(row: Any) -> bool:
    return isinstance(row, AuditEntry) and row.event in NO_ACTS


def _noted(of: Session, name: str) -> set[UUID]:
    found: set[UUID] = of.info.setdefault(name, set())
    return found


@event.listens_for(Session, "after_transaction_end")
def _forget(ended: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _noted(ended, TOUCHED_SCHOOLS).clear()
        _noted(ended, TOUCHED_APPLICATIONS).clear()


@event.listens_for(Session, "before_commit")
def _keep_touched(ending: Session) -> None:
    if ending.in_nested_transaction():
        return
    ending.flush()
    applications = _noted(ending, TOUCHED_APPLICATIONS)
    schools = _noted(ending, TOUCHED_SCHOOLS)
    if applications:
        of = select(Application.school_id).where(Application.id.in_(applications))
        schools.update(ending.scalars(of))
    if schools:
        keep_steps(sorted(schools))


# --- what is kept ------------------------------------------------------------------------------


def keep_steps(school_ids: Collection[UUID]) -> None:
    """Store the present step of these schools, in batches of `AT_ONCE`."""
    ids = list(school_ids)
    for start in range(0, len(ids), AT_ONCE):
        _keep(ids[start : start + AT_ONCE])


def _keep(ids: list[UUID]) -> None:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        # A concurrent change of the same school waits here, and then sees what the other one wrote.
        session.execute(_LOCK, {"ids": ids})
    kept = session.execute(_statement(dialect), {"ids": ids, **days_of(clock.today())})
    if not isinstance(kept, CursorResult) or kept.rowcount < len(ids):  # some left the register
        session.execute(_REMOVE_AMONG, {"ids": ids})


@cache
def _statement(dialect: str) -> Any:
    """Return the cached statement that stores the steps of `ids`; building it takes as long as running it."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    present = present_steps(School.id.in_(bindparam("ids", expanding=True)))
    new = insert(FollowedStep.__table__).from_select(list(KEPT), present)
    kept = new.on_conflict_do_update(
        index_elements=[FollowedStep.__table__.c.school_id],
        set_={name: new.excluded[name] for name in KEPT[1:]},
    )
    return kept.execution_options(preserve_rowcount=True)


# Executed at the end of nearly every change, so they are built only once.
_AMONG = FollowedStep.school_id.in_(bindparam("ids", expanding=True))
_LOCK = (
    select(FollowedStep.school_id).where(_AMONG).order_by(FollowedStep.school_id).with_for_update()
)
# The rows of schools that left the register.
_REMOVE = (
    delete(FollowedStep)
    .where(~exists().where(School.id == FollowedStep.school_id, REGISTERED))
    .execution_options(synchronize_session=False)
)
_REMOVE_AMONG = _REMOVE.where(_AMONG)


def repair_steps(at: datetime) -> int:
    """Compute all schools' steps again, correct and record differences; return the number of corrections."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))  # a job, no page
    with read_before_write():
        wrong, gone = _differing(), _left()
    number = len(wrong) + gone
    if number:
        keep_steps(wrong)
        session.execute(_REMOVE)
        record(Event.TALLY_REPAIRED, ("followed_step", "step"), by=SYSTEM, at=at, schools=number)
        session.flush()
    return number


def _differing() -> list[UUID]:
    """List the schools whose stored step differs from what their other rows yield."""
    kept = select(*(getattr(FollowedStep, name) for name in KEPT))
    differing = except_(present_steps(), kept).subquery()
    return sorted(session.scalars(select(differing.c.school_id), days_of(clock.today())))


def _left() -> int:
    """Count the rows of schools that left the register."""
    registered = exists().where(School.id == FollowedStep.school_id, REGISTERED)
    gone = select(func.count()).select_from(FollowedStep).where(~registered)
    return session.scalar(gone) or 0
