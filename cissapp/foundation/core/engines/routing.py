"""Where the statements of a session go: to the primary, or, while a view only reads, to its replica."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from flask_sqlalchemy.session import Session as BoundSession
from msgspec import Struct
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session


class ReadSource(Struct, frozen=True):
    """A replica to read from, and the time up to which it is complete."""

    engine: Engine
    as_of: datetime


class WroteWhileReading(RuntimeError):
    """A view declared as read-only has changed something."""


_source: ContextVar[ReadSource | None] = ContextVar("read_source", default=None)
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)


class RoutedSession(BoundSession):
    """The application's session; while a replica is selected, all its statements go there."""

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | Connection:
        """Return the replica while it is read, else the primary."""
        found = _source.get()
        return found.engine if found else super().get_bind(*arguments, **options)


def read_source() -> ReadSource | None:
    """Return the replica that is read from now; None for the primary."""
    return _source.get()


@contextmanager
def reading_from(source: ReadSource | None) -> Iterator[None]:
    """Send statements to a replica, or to the primary."""
    before = _source.set(source)
    try:
        yield
    finally:
        _source.reset(before)


@contextmanager
def reading_only() -> Iterator[None]:
    """Refuse every write: a replica could not store it, and it must not pass just because there is none."""
    before = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(before)


@event.listens_for(Session, "before_flush")
def _refuse_flush(changed: Session, _context: Any, _objects: Any) -> None:
    if _reads_only.get() and (changed.new or changed.dirty or changed.deleted):
        raise WroteWhileReading("a change while the view only reads")


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(asked: ORMExecuteState) -> None:
    if _reads_only.get() and (asked.is_insert or asked.is_update or asked.is_delete):
        raise WroteWhileReading(str(asked.statement))
