"""Processes lists in the background, for a short turn at a time."""

import time
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO, NamedTuple
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind
from cissapp.foundation.background.services import do_soon, take_over
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import read_before_write, session, unit_of_work
from cissapp.foundation.core.storage import FileStore, files
from cissapp.people.school_lists.list_files import size_of, unpacked_size_of
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.services import forgetting, storing
from cissapp.people.school_lists.services.memory import Memory
from cissapp.people.school_lists.services.reading import read_or_fail, store_read
from cissapp.people.school_lists.services.work import go_on

# A file up to this size in bytes is read within the request; a larger one in the background, with its progress shown.
READ_AT_ONCE = 400_000
# Likewise, when a workbook is unpacked: a forged one becomes a thousand times as large.
UNPACKED_AT_ONCE = 4_000_000
# How long a list is processed before others have their turn.
SECONDS_OF_A_TURN = 20.0
# Lists that this process works on in turn. A memory holds an open file, so few are kept, and not for long.
MOST_MEMORIES, KEPT_SECONDS = 2, 60.0


class _Kept(NamedTuple):
    """What is remembered of a list, when it was kept, and when the list last moved: a later move makes it stale."""

    memory: Memory
    kept_at: float
    moved_at: datetime


_memories: dict[UUID | None, _Kept] = {}


def work_behind(found: SchoolList) -> None:
    """Continue the work on a list in the background."""
    do_soon(TaskKind.SCHOOL_LIST, found.id, at=clock.now())


def discard(found: SchoolList, *, at: datetime, store: FileStore) -> None:
    """Discard a list that has nothing in the register, a long one in the background; raise `Refused` if it is processed."""
    if forgetting.begin_discarding(found.id, at=at, store=store):
        work_behind(found)


def bring_list(
    file: BinaryIO, name: str, *, group_id: UUID, by: Actor, at: datetime, store: FileStore
) -> SchoolList:
    """Store a list, and read a short one at once, a longer one in the background; raise `Refused` if it is unreadable."""
    if size_of(file) <= READ_AT_ONCE and unpacked_size_of(file) <= UNPACKED_AT_ONCE:
        return store_read(file, name, group_id=group_id, by=by, at=at, store=store)
    found = storing.store_list(file, name, group_id=group_id, by=by, at=at, store=store)
    work_behind(found)
    return found


def read_again(found: SchoolList, charset: str, *, at: datetime, store: FileStore) -> None:
    """Read a list again in another encoding, a long one in the background; raise `Refused` if that gives no list."""
    if storing.begin_again(found, charset, at=at, store=store) > READ_AT_ONCE:
        work_behind(found)
    else:
        read_or_fail(found, at=at, store=store)


def keep_going(found: SchoolList, *, at: datetime) -> None:
    """Resume interrupted work in the background, by the task of the process that died or by a new one."""
    storing.begin_stretch(found, at=at)
    session.flush()
    if not take_over(TaskKind.SCHOOL_LIST, found.id, at=at):
        work_behind(found)


def go_on_in_background(list_id: UUID | None, _at: datetime) -> Again | None:
    """Process parts of a list for a while, and ask for another turn until it is finished."""
    with ExitStack() as at_end:
        memory = _memory_of(list_id)
        at_end.callback(memory.close)
        moved_at = _take_turn(list_id, memory)
        if moved_at is None:
            return None
        at_end.pop_all()
    _memories[list_id] = _Kept(memory, time.monotonic(), moved_at)
    _drop_memories()
    return Again()


def _take_turn(list_id: UUID | None, memory: Memory) -> datetime | None:
    """Process parts of a list for a while; return when it last moved, None if it is finished.

    The first part does not count: the file may have to be opened again, and the rows before it skipped.
    """
    moved_at = _take_part(list_id, memory)
    until = time.monotonic() + SECONDS_OF_A_TURN
    while moved_at is not None and time.monotonic() < until:
        moved_at = _take_part(list_id, memory)
    return moved_at


def _take_part(list_id: UUID | None, memory: Memory) -> datetime | None:
    with unit_of_work():
        with read_before_write():
            found = session.get(SchoolList, list_id)
        more = found is not None and go_on(found, memory, at=clock.now(), store=files())
    memory.size.end()
    return found.moved_at if found is not None and more else None


def _memory_of(list_id: UUID | None) -> Memory:
    """Return what was kept of a list unless it has moved since; nobody else has it during the turn."""
    found = session.get(SchoolList, list_id)
    kept = _memories.pop(list_id, None)
    _drop_memories()
    if kept and found is not None and found.moved_at == kept.moved_at:
        return kept.memory
    if kept:
        kept.memory.close()
    return Memory()


def _drop_memories() -> None:
    """Close and drop all but the newest memories, and those that are old."""
    newest = sorted(_memories.items(), key=lambda one: one[1].kept_at, reverse=True)
    since = time.monotonic() - KEPT_SECONDS
    for place, (list_id, kept) in enumerate(newest):
        if place < MOST_MEMORIES and kept.kept_at >= since:
            continue
        # Another thread may have begun a turn with it.
        if dropped := _memories.pop(list_id, None):
            dropped.memory.close()
