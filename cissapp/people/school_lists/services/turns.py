"""Processes lists in the background, for a short turn at a time."""

import time
from datetime import datetime
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind
from cissapp.foundation.background.services import do_soon
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import FileStore, files
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.services import storing
from cissapp.people.school_lists.services.reading import read_here, read_or_fail
from cissapp.people.school_lists.services.work import Memory, go_on

# A file up to this size in bytes is read within the request; a larger one in the background, with its progress shown.
READ_AT_ONCE = 400_000
# How long a list is processed before others have their turn.
SECONDS_OF_A_TURN = 20.0
# The list this process last worked on, and when: a later change by another process makes it stale.
_memories: dict[UUID | None, tuple[datetime, Memory]] = {}


def work_behind(found: SchoolList) -> None:
    """Continue the work on a list in the background."""
    do_soon(TaskKind.SCHOOL_LIST, found.id, at=clock.now())


def read_soon(found: SchoolList, size: int, *, at: datetime, store: FileStore) -> None:
    """Read a short file within the request, a longer one in the background; raise `Refused` if a short one fails."""
    if size > READ_AT_ONCE:
        work_behind(found)
    else:
        read_here(found, at=at, store=store)


def read_again(found: SchoolList, charset: str, *, at: datetime, store: FileStore) -> None:
    """Read a list again in another encoding, a long one in the background; raise `Refused` if that gives no list."""
    if storing.begin_again(found, charset, at=at, store=store) > READ_AT_ONCE:
        work_behind(found)
    else:
        read_or_fail(found, at=at, store=store)


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
