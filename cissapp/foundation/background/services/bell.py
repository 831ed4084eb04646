"""Rings for those who do the background work.

The work is stored in the database; a ring only says that somebody should look. A ring that is lost costs a
minute: everybody looks once a minute anyway.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from flask import Flask, current_app

from cissapp.foundation.core.db import after_commit

if TYPE_CHECKING:
    from cissapp.foundation.background.services.huey_bell import Bell

TASKS = "tasks"
EXTENSION = "ciss-bell"
# Huey loads each that is installed, whatever the queue is: a twentieth of a start, and 10 MB.
HUEY_BELL = "cissapp.foundation.background.services.huey_bell"
CLIENTS_OF_QUEUES = ("psycopg", "redis")
_making = threading.Lock()
# Set while a past is made: what it leaves behind waits for whoever serves afterwards.
makes_past: ContextVar[bool] = ContextVar("makes_past", default=False)


@dataclass(frozen=True)
class _Ringing:
    """Rings once the change is committed; rings of one kind are equal, so one serves a whole change."""

    name: str
    app: Flask = field(compare=False)

    def __call__(self) -> None:
        """Ring, except in tests: they look when they mean to."""
        if not self.app.testing:
            bell_of(self.app).ring(self.name)


def ring_after_commit(name: str) -> None:
    """Ring for one kind of work once the change is committed; never while a past is made."""
    if not makes_past.get():
        after_commit(_Ringing(name, _app()))


def ring(name: str, *, after: float = 0.0) -> None:
    """Ring for one kind of work, now or after some seconds."""
    bell_of(_app()).ring(name, after=after)


def begin_serving(app: Flask) -> None:
    """Let this process do its own background work, unless an external queue is configured."""
    load_ahead(app)
    bell = bell_of(app)
    if bell.is_embedded:
        bell.listen()


def load_ahead(app: Flask) -> None:
    """Import the bell ahead of use; without an external queue, skip the clients of queues.

    For a server process while it has only one thread: such a process keeps one queue for good.
    """
    with _hidden(() if app.config["CISS"].queue_url else CLIENTS_OF_QUEUES):
        import_module(HUEY_BELL)


@contextmanager
def _hidden(packages: Iterable[str]) -> Iterator[None]:
    """Hide packages from imports within the block; those that are loaded stay."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # so the language says that there is none
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def work_until_told(app: Flask) -> None:
    """Do the background work of an installation until this process is told to end."""
    bell_of(app).work_until_told()


def bell_of(app: Flask) -> "Bell":
    """Return the bell of an application in this process."""
    key = f"{EXTENSION}-{os.getpid()}"
    with _making:
        bell: Bell | None = app.extensions.get(key)
        if bell is None:
            from cissapp.foundation.background.services import huey_bell  # noqa: PLC0415 -- slow import

            bell = app.extensions[key] = huey_bell.Bell(app, app.config["CISS"].queue_url)
            # Also runs at the end of a server process, where `atexit` handlers are not called.
            Finalize(None, bell.finish, exitpriority=0)
        return bell


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a thread needs the application itself
    return app
