"""The handlers of background work, filled from `cissapp/subscriptions.py` at start-up."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind

# Handles a task about a subject at a given time, in its own transactions; returns `Again` if more is left. If
# it is killed midway, the task is repeated: doing it twice must have the effect of once.
Handler = Callable[[UUID | None, datetime], Again | None]
# Does all due work of one kind, until nothing is left or it is told to stop.
Look = Callable[[Callable[[], bool]], object]

HANDLERS: dict[TaskKind, Handler] = {}
LOOKS: dict[str, Look] = {}
