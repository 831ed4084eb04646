"""Whether the service can be used: each dependency is checked by one thread at a time, at intervals.

A caller gets a result that is at most some seconds old; only the first of them waits, and not for long. So
neither a monitor nor a stranger can make an unavailable service cost more than one check.
"""

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import cast

from flask import Flask, current_app
from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cissapp.foundation.core.db import db
from cissapp.foundation.core.engines.word_indexes import broken_triggers
from cissapp.foundation.core.installation import probes
from cissapp.foundation.core.mail import mailer
from cissapp.foundation.core.storage import files

EXTENSION = "ciss-readiness"
FRESH, FRESH_OF_MAIL, PATIENCE = 5.0, 60.0, 3.0
LATE = "it did not answer in time"

Look = Callable[[], str | None]


class Readiness(Struct, frozen=True):
    """What is wrong, in words: nothing works without the needed services, most things without the others."""

    needed: tuple[str, ...]
    other: tuple[str, ...]


class Watch:
    """A dependency that is checked: the latest result, and whether a check is running."""

    def __init__(self, name: str, look: Look, *, fresh: float = FRESH, needed: bool = True) -> None:
        self.name, self.needed = name, needed
        self._look, self._fresh = look, fresh
        self._lock, self._idle = threading.Lock(), threading.Event()
        self._idle.set()
        self._found: str | None = None
        self._at = -float("inf")
        self._late = False

    def begin(self) -> None:
        """Start a check in a thread of its own, if the last one is old and none is running."""
        with self._lock:
            if not self._idle.is_set() or time.monotonic() - self._at < self._fresh:
                return
            self._idle.clear()
            self._late = False
        threading.Thread(target=self._run, name=f"ready-{self.name}", daemon=True).start()

    def _run(self) -> None:
        try:
            self._found = self._look()
        except Exception as error:  # noqa: BLE001 -- the kind alone: what it says may hold an address
            self._found = type(error).__name__
        finally:
            self._at = time.monotonic()
            self._idle.set()

    def problem(self, until: float) -> str | None:
        """Return what is wrong, waiting for a running check unless it has already been waited for in vain."""
        if self._late and not self._idle.is_set():
            return f"{self.name}: {LATE}"
        if not self._idle.wait(max(0.0, until - time.monotonic())):
            self._late = True
            return f"{self.name}: {LATE}"
        return f"{self.name}: {self._found}" if self._found else None


def readiness_of(watches: Iterable[Watch], patience: float = PATIENCE) -> Readiness:
    """Return what is wrong now, or was some seconds ago."""
    watches = list(watches)
    for watch in watches:
        watch.begin()
    until = time.monotonic() + patience
    found = [(watch.needed, problem) for watch in watches if (problem := watch.problem(until))]
    return Readiness(
        tuple(problem for needed, problem in found if needed),
        tuple(problem for needed, problem in found if not needed),
    )


def readiness() -> Readiness:
    """Return what is wrong with the application's services."""
    return readiness_of(cast("list[Watch]", current_app.extensions[EXTENSION]))


def services_up() -> dict[str, bool]:
    """Return whether each service that the application needs can be used, by name."""
    watches = cast("list[Watch]", current_app.extensions[EXTENSION])
    found = readiness_of(watches)
    away = {problem.partition(":")[0] for problem in (*found.needed, *found.other)}
    return {watch.name: watch.name not in away for watch in watches}


def database_problem(head: str) -> str | None:
    """Return what keeps the database from being used: not reachable, not migrated, or made by another SQLite."""
    try:
        with db.engine.connect() as connection:
            current = connection.scalar(text("SELECT version_num FROM alembic_version"))
            unusable = current == head and broken_triggers(connection)
    except SQLAlchemyError as error:
        return probes.database_fault(error).said
    if unusable:
        return "this version of SQLite cannot open the search index"
    return None if current == head else "migrations are missing"


def init_app(app: Flask, limits_url: str, queue_url: str) -> None:
    """Register the services to check: only database and files are vital, work goes on without the rest."""

    def inside(look: Callable[[], str | None]) -> Look:
        def looked() -> str | None:
            with app.app_context():
                return look()

        return looked

    fresh = 0.0 if app.testing else FRESH
    watches = [
        Watch(
            "database", inside(lambda: database_problem(app.config["MIGRATION_HEAD"])), fresh=fresh
        ),
        Watch("files", inside(partial(_said, lambda: probes.store_fault(files()))), fresh=fresh),
        Watch(
            "mail",
            inside(partial(_said, lambda: probes.mail_fault(mailer()))),
            fresh=0.0 if app.testing else FRESH_OF_MAIL,
            needed=False,
        ),
    ]
    for name, url, setting in (
        ("redis", limits_url, "CISS_LIMITS_URL"),
        ("queue", queue_url, "CISS_QUEUE_URL"),
    ):
        if url.startswith("redis"):
            look = partial(probes.redis_fault, url, setting)
            watches.append(Watch(name, partial(_said, look), fresh=fresh, needed=False))
    app.extensions[EXTENSION] = watches


def _said(look: Callable[[], probes.Fault | None]) -> str | None:
    fault = look()
    return fault.said if fault else None
