"""Reads from a streaming replica of PostgreSQL if a view allows it and the replica keeps up.

The lag is measured by comparing positions in the write-ahead log, which any account may ask for: whatever
the primary had written before the query and the replica has replayed is complete. If the replica is
down, too far behind or fails, the primary answers, and this is logged.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

import flask
from flask import Flask, current_app
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import before_commit, db, session
from cissapp.foundation.core.engines import rests
from cissapp.foundation.core.engines.routing import (
    ReadSource,
    read_source,
    reading_from,
    reading_only,
)
from cissapp.foundation.core.engines.seldom import SeldomLog

V = TypeVar("V", bound=Callable[..., Any])

EXTENSION = "ciss-replica"
WROTE = "wrote"  # the entry of the cookie: when its person last changed something
# The maximum age of data. For as long after a change, its author reads from the primary, which is current.
MOST_BEHIND = timedelta(seconds=30)
MEASURE_EVERY, AWAY_FOR = 1.0, 5.0
STATEMENT_TOO_LONG = "57014"

POSITION = text("SELECT pg_current_wal_lsn()::text")
PROGRESS = text(
    "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn),"
    " pg_last_xact_replay_timestamp()"
)

log = SeldomLog(logging.getLogger("ciss.replica"))


class NoReplica(Exception):
    """The server at the replica's address is not a replica."""


class Replica:
    """A replica and its progress, shared by the threads of a process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.as_of: datetime | None = None
        self.alone = False  # the primary did not answer
        self._next = 0.0
        self._lock = threading.Lock()

    def source(self) -> ReadSource | None:
        """Return where to read; None if the replica is down or too far behind.

        Without a primary, the replica is better than nothing: the page shows the age of its data.
        """
        if self._lock.acquire(blocking=False):  # who comes meanwhile takes the last measure
            try:
                if time.monotonic() >= self._next:
                    self._measure()
            finally:
                self._lock.release()
        found = self.as_of
        if found is None:
            return None
        if not self.alone and clock.now() - found > MOST_BEHIND:
            log.warning("the replica is too far behind; the primary answers instead")
            return None
        return ReadSource(self.engine, found)

    def _measure(self) -> None:
        self._next = time.monotonic() + MEASURE_EVERY
        try:
            found = self.progress()
        except (DBAPIError, NoReplica) as error:
            self.leave(error)
            return
        if found is not None:  # a replica never goes back
            self.as_of = max(found, self.as_of) if self.as_of else found

    def progress(self) -> datetime | None:
        """Ask both servers; return the time up to which the replica is complete, None if it is not known."""
        at = clock.now()
        position = self._position()
        self.alone = position is None
        with self.engine.connect() as connection:
            is_replica, is_level, replayed_at = connection.execute(
                PROGRESS, {"position": position}
            ).one()
        if not is_replica:
            raise NoReplica("it takes writes itself")
        return at if is_level else cast("datetime | None", replayed_at)

    def _position(self) -> str | None:
        try:
            with db.engine.connect() as connection:
                return cast("str", connection.execute(POSITION).scalar_one())
        except DBAPIError:
            log.warning("the primary does not answer; the replica serves pages that only read")
            return None

    def leave(self, why: Exception) -> None:
        """Read from the primary for some seconds, and forget the last measurement."""
        self.as_of = None
        self._next = time.monotonic() + AWAY_FOR
        cause = str(getattr(why, "orig", None) or why).splitlines()
        log.warning(
            "the replica cannot be read; the primary answers instead (%s)",
            cause[0] if cause else "",
        )


def from_replica(view: V) -> V:
    """Let the replica, if there is one, answer a read-only view; goes below `@permit`.

    A write inside is refused, with or without a replica. If the replica cannot answer, the view runs
    again on the primary.
    """

    @wraps(view)
    def reading(*things: Any, **values: Any) -> Any:
        with reading_only():
            replica: Replica | None = current_app.extensions.get(EXTENSION)
            source = replica.source() if replica and not _wrote_lately() else None
            if replica is None or source is None:
                return view(*things, **values)
            try:
                with reading_from(source):
                    answer = view(*things, **values)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) == STATEMENT_TOO_LONG:
                    raise  # it would take as long on the primary, where others write
                _end(replica)
                replica.leave(error)
                return view(*things, **values)
            _end(replica)
            return answer

    reading.from_replica = True  # type: ignore[attr-defined] # a test lists these views
    return cast("V", reading)


def _end(replica: Replica) -> None:
    """End the transaction here, so that a replica that has just failed does not fail the page."""
    try:
        session.rollback()
    except DBAPIError as error:
        session().invalidate()
        replica.leave(error)


def read_at() -> datetime:
    """Return the time of the data being read: now, or as far as the replica has come."""
    found = read_source()
    return found.as_of if found else clock.now()


def _wrote_lately() -> bool:
    """Return whether the browser recently changed something that the replica may lack."""
    wrote = flask.session.get(WROTE) if flask.has_request_context() else None
    return wrote is not None and clock.now().timestamp() - wrote <= MOST_BEHIND.total_seconds() + 1


def _remember_write(_response: flask.Response) -> None:
    """Record in the existing cookie that its owner has changed something."""
    if flask.session:
        flask.session[WROTE] = int(clock.now().timestamp())


def init_app(app: Flask, url: str, options: dict[str, Any]) -> None:
    """Connect the application to its replica, if it has an address."""
    if url:
        engine = create_engine(url, **options)
        if engine.dialect.name == "postgresql":
            rests.listen(engine)
        app.extensions[EXTENSION] = Replica(engine)
        before_commit(app, _remember_write)
