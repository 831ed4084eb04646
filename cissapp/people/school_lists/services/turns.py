"""Processes lists in the background, for a short turn at a time."""

import time
from datetime import datetime
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind
from cissapp.foundation.background.services import do_soon
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.services.work import Memory, go_on

# How long a list is processed before others have their turn.
SECONDS_OF_A_TURN = 20.0
# The list this process last worked on, and when: a later change by another process makes it stale.
_memories: dict[UUID | None, tuple[datetime, Memory]] = {}


def work_behind(found: SchoolList) -> None:
    """Continue the work on a list in the background."""
    do_soon(TaskKind.SCHOOL_LIST, found.id, at=clock.now())


def keep_going(found: SchoolList, *, at: datetime) -> None:
    """Resume interrupted work in the background."""
    found.moved_at = at
    session.flush()
    work_behind(found)


def go_on_in_background(list_id: UUID | None, _at: datetime) -> Again | None:
    """Process parts of a list for a while, and ask for another turn until it is finished."""
    until = time.monotonic() + SECONDS_OF_A_TURN
    found, more = session.get(SchoolList, list_id), True
    moved_at, memory = _memories.pop(list_id, (None, Memory()))
    if found is not None and found.moved_at != moved_at:
        memory = Memory()
    while more and time.monotonic() < until:
        with unit_of_work():
            found = session.get(SchoolList, list_id)
            more = found is not None and go_on(found, memory, at=clock.now(), store=files())
    _memories.clear()
    if not more or found is None:
        return None
    _memories[list_id] = found.moved_at, memory
    return Again()
