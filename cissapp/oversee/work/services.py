"""What the secretariat does with work that failed."""

from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.background import services as background
from cissapp.foundation.background.models import Task
from cissapp.foundation.core.actor import Actor


def try_again(task: Task, *, by: Actor, at: datetime) -> bool:
    """Retry a task now, even if it was given up; return False if it is running."""
    kind = task.kind.value
    repeated = background.try_again(task.id, at=at)
    if repeated:
        record(Event.TASK_REPEATED, task, by=by, at=at, kind=kind)
    return repeated
