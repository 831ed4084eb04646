"""Who does what: filled when the application is built, from `cissapp/subscriptions.py`."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind

# Does a task about a thing, at a moment, in transactions of its own; returns `Again` if more is left of it.
# Whoever is killed in the middle of it leaves the task to another: twice must do what once does.
Handler = Callable[[UUID | None, datetime], Again | None]
# Does everything of one sort that is due, until nothing is, or until it is told to stop.
Look = Callable[[Callable[[], bool]], object]

HANDLERS: dict[TaskKind, Handler] = {}
LOOKS: dict[str, Look] = {}
