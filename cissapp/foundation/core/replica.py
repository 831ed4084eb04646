"""Reads from a streaming replica of PostgreSQL, where a view says so and the replica keeps up.

How far a replica has come is measured by comparing positions in the log of writes, which any account may
ask for: what the primary had written before the question and the replica has replayed is all there. Where
the replica is away, too far behind or fails, the view is answered by the primary, and the log says so.
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
# Figures may be so old. As long after a change its person reads the primary, which has it for sure.
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
    """The server at the address of the replica is none."""


class Replica:
    """A replica, and how far it has come; shared by the threads of a process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.as_of: datetime | None = None
        self.alone = False  # the primary did not answer
        self._next = 0.0
        self._lock = threading.Lock()

    def source(self) -> ReadSource | None:
        """Return where to read; None where the replica is away or too far behind.

        Without a primary, the replica is better than nothing: how old it is stands on the page.
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
            log.warning("The replica is too far behind: the primary answers in its place")
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
        """Ask both servers; return the moment up to which the replica has everything, None if nobody knows."""
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
            log.warning("The primary is away: what only reads is answered by the replica")
            return None

    def leave(self, why: Exception) -> None:
        """Read from the primary for some seconds; what was measured is forgotten."""
        self.as_of = None
        self._next = time.monotonic() + AWAY_FOR
        cause = str(getattr(why, "orig", None) or why).splitlines()
        log.warning(
            "The replica cannot be read: the primary answers (%s)", cause[0] if cause else ""
        )


def from_replica(view: V) -> V:
    """Let a view that only reads be answered by the replica, if there is one; stands below `@permit`.

    A write inside is refused, with a replica or without. What the replica cannot answer is asked of the
    primary, all anew.
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
    """Leave the transaction here: where the replica has just gone away, its end fails, and not the page."""
    try:
        session.rollback()
    except DBAPIError as error:
        session().invalidate()
        replica.leave(error)


def read_at() -> datetime:
    """Return of which moment is what is read: now, or as far as the replica has come."""
    found = read_source()
    return found.as_of if found else clock.now()


def _wrote_lately() -> bool:
    """Return whether the browser changed something that the replica may lack."""
    wrote = flask.session.get(WROTE) if flask.has_request_context() else None
    return wrote is not None and clock.now().timestamp() - wrote <= MOST_BEHIND.total_seconds() + 1


def _remember_write(_response: flask.Response) -> None:
    """Note in a cookie that is there anyway that its person changed something."""
    if flask.session:
        flask.session[WROTE] = int(clock.now().timestamp())


def close_connections() -> None:
    """Close every connection to the replica: before this process splits into several."""
    replica: Replica | None = current_app.extensions.get(EXTENSION)
    if replica:
        replica.engine.dispose()


def init_app(app: Flask, url: str, options: dict[str, Any]) -> None:
    """Connect the application to its replica; without an address there is none."""
    if url:
        engine = create_engine(url, **options)
        if engine.dialect.name == "postgresql":
            rests.listen(engine)
        app.extensions[EXTENSION] = Replica(engine)
        before_commit(app, _remember_write)
