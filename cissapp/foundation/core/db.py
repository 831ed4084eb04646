"""The database: base class of the tables, and the one place that commits."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Engine,
    Enum,
    Integer,
    MetaData,
    Text,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction, registry

from cissapp.foundation.core.engines import commits, rests, sqlite
from cissapp.foundation.core.engines.moments import UtcDateTime
from cissapp.foundation.core.engines.routing import RoutedSession

log = logging.getLogger("ciss")

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
BEFORE_COMMIT = "ciss-before-commit"
WRITTEN = "has written"

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "after_commit", default=None
)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime(),
            str: Text(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
            list[int]: JSON(),
            StrEnum: Enum(
                StrEnum,
                native_enum=False,
                length=40,
                create_constraint=False,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "class_": RoutedSession},
)

# Not `db.Model`: SQLAlchemy would scan what it adds again for every table, and nothing uses it.
Model = Base

session = db.session

# An auto-incrementing whole number; SQLite needs exactly INTEGER for that.
Counter = BigInteger().with_variant(Integer(), "sqlite")


def new_id() -> UUID:
    """Return an unguessable id."""
    return uuid4()


def new_ids() -> Iterator[UUID]:
    """Yield unguessable ids that sort together, so that rows written together touch few index pages."""
    together = uuid4().bytes[:8]
    while True:
        yield UUID(bytes=together + uuid4().bytes[8:])


def canonical(value: Any) -> str:
    """Return a value as the canonical JSON text that is hashed and signed: sorted keys, no spaces, UTF-8."""
    return _ENCODER.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
)


def after_commit(job: Callable[[], None]) -> None:
    """Run the job once the change is committed, or never if it fails. Of equal jobs only the last is run."""
    jobs = _after_commit.get()
    if jobs is None:
        raise RuntimeError("no unit of work is open")
    jobs[:] = [*(one for one in jobs if one != job), job]


def lock(name: str) -> None:
    """Let one transaction at a time past this point until it ends; on SQLite writers already run alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def release_transaction() -> None:
    """Leave the transaction during slow work that needs no database.

    Nothing may have been changed yet; loaded objects are loaded again when next accessed.
    """
    _must_be_unchanged("a change is under way")
    session.rollback()


def close_connections() -> None:
    """Close every connection, before this process waits for long or forks.

    An open read transaction keeps SQLite's write-ahead log from ever being emptied.
    """
    session.remove()
    db.engine.dispose()


def _must_be_unchanged(what: str) -> None:
    if session.new or session.dirty or session.deleted or has_written():
        raise RuntimeError(what)


def has_written() -> bool:
    """Return whether the open transaction has sent a change to the database, which leaving it would undo."""
    return bool(session.info.get(WRITTEN))


@event.listens_for(Session, "after_flush")
def _note_flush(changed: Session, _context: Any) -> None:
    changed.info[WRITTEN] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        asked.session.info[WRITTEN] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_writes(ended: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        ended.info.pop(WRITTEN, None)


@contextmanager
def read_before_write() -> Iterator[None]:
    """Read something before a write begins, outside its transaction; nothing may be changed inside.

    On SQLite a writer runs alone from its first statement, so this shortens the wait for others. The result
    may be older than the write, as it always is on PostgreSQL. Once the write has begun, this is part of it.
    """
    if session().in_transaction() or not _writing.get():
        yield
        return
    apart = session.get_bind().dialect.name == "sqlite"
    writing = _writing.set(not apart)
    try:
        yield
        _must_be_unchanged("a change among what was to be looked up")
        if apart and session().in_transaction():
            session.commit()
    except BaseException:
        roll_back()
        raise
    finally:
        _writing.reset(writing)


def _commit() -> None:
    commits.forget_number()
    try:
        session.commit()
    except BaseException as error:
        roll_back()
        if not commits.was_kept(db.engine, error):
            raise
    jobs = _after_commit.get() or []
    _after_commit.set([])
    # A job that writes opens its own unit of work; one that only reads must not block other writers.
    writing = _writing.set(False)
    try:
        for job in jobs:
            _run(job)
    finally:
        _writing.reset(writing)


def _run(job: Callable[[], None]) -> None:
    """Run a job that follows a change. The change is committed, so no failure here may suggest otherwise."""
    try:
        job()
    except Exception:
        log.exception("what follows a change failed; the change is kept")
        roll_back()


def roll_back() -> None:
    """Roll back, whatever has happened to the connection: the original error is the one to report."""
    with suppress(DBAPIError):
        session.rollback()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit everything that happens inside, or nothing; for commands."""
    if not _writing.get() and session().in_transaction():
        session.commit()  # a look before: on SQLite its transaction would become a writer, and fail late
    writing, jobs = _writing.set(True), _after_commit.set([])
    try:
        yield
        _commit()
    except BaseException:
        roll_back()
        raise
    finally:
        _after_commit.reset(jobs)
        _writing.reset(writing)


def _open_unit() -> None:
    _writing.set(request.method not in SAFE_METHODS)
    _after_commit.set([])


class TransactionalFlask(Flask):
    """An application that commits before sending its response, so a failure still becomes an error page."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself: no view is asynchronous, and checking took longer than some of them."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request, and end its unit of work."""
        return self.end_unit(self.make_response(super().dispatch_request()))

    def end_unit(self, response: Response) -> Response:
        """Commit a write that was answered successfully; roll back everything else, including every GET."""
        if request.method not in SAFE_METHODS and response.status_code < 400:
            for job in self.extensions[BEFORE_COMMIT]:
                job(response)
            _commit()
        else:
            session.rollback()
        return response


def before_commit(app: Flask, job: Callable[[Response], None]) -> None:
    """Register a job for the end of every writing request, in its transaction; it receives the response."""
    app.extensions[BEFORE_COMMIT].append(job)


def _close_unit(response: Response) -> Response:
    """Roll back what is still open: the response came from an error, or from before the view ran."""
    roll_back()
    return response


def _leave_unit(_error: BaseException | None) -> None:
    """Stop any later work in this thread from writing unless it opens a unit of work."""
    _writing.set(False)


def listen(engine: Engine) -> None:
    """Set an engine up."""
    if engine.dialect.name == "sqlite":
        sqlite.listen(engine, is_writing=_writing.get)
    else:
        commits.listen(engine, is_writing=_writing.get)
        rests.listen(engine)


def init_app(app: Flask) -> None:
    """Connect the application to its database, and open a unit of work for each request."""
    app.extensions[BEFORE_COMMIT] = []
    db.init_app(app)
    with app.app_context():
        listen(db.engine)
    app.before_request(_open_unit)
    app.after_request(_close_unit)
    app.teardown_request(_leave_unit)
