"""Processes a list in steps of a few parts, each in its own transaction: reads, checks, imports, undoes.

Progress is stored in the transaction that makes it. However the process ends, the next one continues from
there, and no row is imported twice.
"""

from collections import ChainMap, Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import (
    has_written,
    read_before_write,
    release_transaction,
    session,
    unit_of_work,
)
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.models import SchoolList, SchoolListPart
from cissapp.people.school_lists.rules import (
    AT_WORK,
    TO_MEND,
    WRITING,
    ListState,
    RowResult,
    restored,
)
from cissapp.people.school_lists.rules.rows import merged_unknown
from cissapp.people.school_lists.services import storing
from cissapp.people.school_lists.services.applying import apply_rows
from cissapp.people.school_lists.services.checking import check_rows, contradicts, remember_seen
from cissapp.people.school_lists.services.deciding import read_rows
from cissapp.people.school_lists.services.forgetting import go_on_discarding
from cissapp.people.school_lists.services.memory import Memory, task_of
from cissapp.people.school_lists.services.reading import go_on_reading
from cissapp.people.school_lists.services.undoing import undo_rows

# How many rows to look at are shown on the page of a list; the file has all of them.
LOOKED_AT = 50
INVITED, UNDONE, LEFT, UNSENT = "invited", "undone", "left", "unsent"
# Rows without a code, which the page of a checked list mentions.
BY_NAME = "by_name"
OF_UNDO = (UNDONE, LEFT, UNSENT)

# How long the emails of an import wait for its undo. If nobody continues one, they leave in the end.
EMAILS_WAIT = timedelta(days=1)

NOT_CHECKED = N_("Check the list first.")
NOT_IMPORTED = N_("This list has not been imported, or its rows are no longer kept.")
BEGINS_FROM = {
    ListState.IMPORTING: (frozenset({ListState.CHECKED}), NOT_CHECKED),
    ListState.UNDOING: (frozenset({ListState.IMPORTED, ListState.UNDONE}), NOT_IMPORTED),
}


def start(found: SchoolList, state: ListState, *, by: Actor, at: datetime) -> None:
    """Start the import of a checked list, or the undoing of an import; raise `Refused`.

    The rows are processed later: by `work_behind` this request, or by `finish_now`.
    """
    found = storing.lock_kept(found.id)
    before, refusal = BEGINS_FROM[state]
    if found.state not in before or not found.rows:
        raise Refused(Problem("state", refusal))
    if state is ListState.IMPORTING:
        found.counts, found.to_look_at, found.uploaded_by_id = {}, [], by.id
    found.counts = {name: n for name, n in found.counts.items() if name not in OF_UNDO}
    # Emails leave from the first row, and rows are undone from the last: meanwhile thousands would leave.
    first = ListState.HOLDING if state is ListState.UNDOING else state
    storing.go_through(found, first, at=at)


Parts = Sequence[SchoolListPart]
# How far the work on a list is: if this is the same, nobody else has done anything.
Progress = tuple[ListState, int, datetime]


class Ahead(Struct, frozen=True):
    """Parts that were read before the list is locked, and what writes the rest of their step."""

    progress: Progress
    parts: list[SchoolListPart]
    write: Callable[[datetime], None]


def go_on(found: SchoolList, memory: Memory, *, at: datetime, store: FileStore) -> bool:
    """Do the next piece of work on a list; return whether more is left."""
    if found.state is ListState.READING:
        return go_on_reading(found, memory.file, memory.size, at=at, store=store)
    if found.state is ListState.DISCARDING:
        return go_on_discarding(found.id, at=at)
    return _go_on_with_rows(found.id, memory, at=at, store=store)


def _go_on_with_rows(list_id: UUID, memory: Memory, *, at: datetime, store: FileStore) -> bool:
    """Check, import or undo the next rows of a list; return whether more is left."""
    if not has_written():
        release_transaction()
    with read_before_write():
        ahead = _look_ahead(list_id, memory)
    kept = storing.lock_list(list_id)
    if kept is None or ahead is None:
        return False
    if _progress_of(kept) != ahead.progress:  # another process has done it meanwhile
        return kept.is_at_work
    if kept.moved_at <= at - queries.STILL_AFTER:
        storing.begin_stretch(kept, at=at)
    if not ahead.parts:
        _finish(kept, at=at, store=store)
        memory.size.restart()
        return kept.state in AT_WORK
    rows = sum(len(part.rows) for part in ahead.parts)
    if kept.state in WRITING:
        storing.lock_register()
    memory.size.begin(rows)
    ahead.write(at)
    undoes = kept.state is ListState.UNDOING
    kept.next_place = ahead.parts[0].place - 1 if undoes else ahead.parts[-1].place + 1
    kept.rows_done += rows
    kept.moved_at = at
    session.flush()
    return True


def _progress_of(found: SchoolList) -> Progress:
    return found.state, found.next_place, found.moved_at


def _look_ahead(list_id: UUID, memory: Memory) -> Ahead | None:
    """Read the next parts of a list, and do whatever can be done with them before a write begins."""
    found = session.get(SchoolList, list_id)
    if found is None or found.state not in STEPS:
        return None
    parts = queries.next_parts(found, memory.size.rows)
    write = STEPS[found.state](found, parts, memory) if parts else lambda _at: None
    return Ahead(_progress_of(found), parts, write)


def finish_now(list_id: UUID, *, store: FileStore) -> None:
    """Finish the current work on a list, each step in its own transaction; others may finish or delete it meanwhile."""
    with closing(Memory()) as memory:
        more = True
        while more:
            with unit_of_work():
                found = session.get(SchoolList, list_id)
                more = found is not None and go_on(found, memory, at=clock.now(), store=store)
            memory.size.end()


# --- the steps -------------------------------------------------------------------------------


def _check(found: SchoolList, parts: Parts, memory: Memory) -> Callable[[datetime], None]:
    reader = memory.reader_of(found)
    for counted in reader.unknown.values():
        counted.clear()
    _see_parts_of_others(found, parts[0], memory)
    # Remembered with the write: if somebody else was first, the part may be looked at again.
    fresh = ChainMap[int, int]({}, memory.seen)
    read = read_rows(storing.rows_of(parts), reader)
    results = check_rows(read, task_of(found), fresh)

    def write(_at: datetime) -> None:
        memory.seen.update(fresh.maps[0])
        memory.has_seen.update(part.place for part in parts)
        counts = Counter(found.counts)
        counts.update(result.outcome.value for result in results)
        counts[INVITED] += sum(result.invited for result in results)
        if by_name := sum(row.is_by_name for row in read):
            counts[BY_NAME] += by_name
        _keep(found, parts, results)
        found.counts = dict(counts)
        found.unknown = merged_unknown([found.unknown, reader.unknown])

    return write


def _see_parts_of_others(found: SchoolList, part: SchoolListPart, memory: Memory) -> None:
    """Note what earlier parts that another process has checked say of their schools."""
    if part.place == 0:  # the list may be checked once more
        memory.seen.clear()
        memory.has_seen.clear()
    if len(memory.has_seen) >= part.place:
        return
    for place, results in queries.results_before(found.id, part.place):
        remember_seen(results or [], memory.seen)
        memory.has_seen.add(place)


def _import(found: SchoolList, parts: Parts, memory: Memory) -> Callable[[datetime], None]:
    read = read_rows(storing.rows_of(parts), memory.reader_of(found))
    checked = [one for part in parts for one in part.results or [{}] * len(part.rows)]
    for row, result in zip(read, checked, strict=True):
        row.contradicts = contradicts(result)

    def write(at: datetime) -> None:
        results = apply_rows(read, task_of(found), by=_who(found), at=at)
        for part in parts:
            part.rows = storing.without_unread(found, part.rows)
        _keep(found, parts, results)
        counts = Counter(found.counts)
        counts.update(result.outcome.value for result in results)
        counts[INVITED] += sum(len(result.invitation_ids) for result in results)
        found.counts = dict(counts)

    return write


def _keep(found: SchoolList, parts: Parts, results: Sequence[RowResult]) -> None:
    """Store the results of parts, and the first rows of the list that somebody has to look at."""
    stored = storing.store_results(parts, results)
    some = [
        [number, cells, kept]
        for (number, cells), result, kept in zip(
            storing.rows_of(parts), results, stored, strict=True
        )
        if result.outcome in TO_MEND
    ]
    found.to_look_at = [*found.to_look_at, *some][:LOOKED_AT]


def _hold(_found: SchoolList, parts: Parts, _memory: Memory) -> Callable[[datetime], None]:
    results = [restored(one) for part in parts for one in part.results or []]
    invitation_ids = [one for result in results for one in result.invitation_ids]
    return lambda at: accounts.postpone_invitations(invitation_ids, until=at + EMAILS_WAIT)


def _undo(found: SchoolList, parts: Parts, memory: Memory) -> Callable[[datetime], None]:
    reader = memory.reader_of(found)
    results = [restored(one) for part in parts for one in part.results or []]
    rows = [reader.read(cells, FORMULA) for _number, cells in storing.rows_of(parts)]

    def write(at: datetime) -> None:
        unsent = undo_rows(list(zip(results, rows, strict=True)), by=_who(found), at=at)
        storing.store_results(parts, results)
        counts = Counter(found.counts)
        counts[UNSENT] += unsent
        for result in results:
            if result.undo:
                counts[result.undo.value] += 1
        found.counts = dict(counts)

    return write


# Each reads what its parts need, and returns what writes the rest once the list is locked.
Step = Callable[[SchoolList, Parts, Memory], Callable[[datetime], None]]
STEPS: dict[ListState, Step] = {
    ListState.CHECKING: _check,
    ListState.IMPORTING: _import,
    ListState.HOLDING: _hold,
    ListState.UNDOING: _undo,
}


def _finish(found: SchoolList, *, at: datetime, store: FileStore) -> None:
    """Complete the current work on a list."""
    ends = {
        ListState.CHECKING: ListState.CHECKED,
        ListState.IMPORTING: ListState.IMPORTED,
        ListState.HOLDING: ListState.UNDOING,
        ListState.UNDOING: ListState.UNDONE,
    }
    state = ends[found.state]
    if state is ListState.IMPORTED:
        found.imported_at = at
        found.first_rows = storing.without_unread(found, found.first_rows)
        storing.remember_columns(found, at=at)
        storing.forget_file(found, store=store)
        record(Event.SCHOOL_IMPORTED, found, by=_who(found), at=at, **found.counts)
    if state is ListState.UNDONE:
        found.undone_at = at
        said = {name: found.counts.get(name, 0) for name in OF_UNDO}
        record(Event.SCHOOL_IMPORT_UNDONE, found, by=_who(found), at=at, **said)
    if state is ListState.UNDOING:
        storing.go_through(found, state, at=at)
    found.state, found.moved_at = state, at
    session.flush()


def _who(found: SchoolList) -> Actor:
    """Return who imports a list: the person who began it, whose account nobody closes until commit."""
    if found.uploaded_by_id is None:
        return SYSTEM
    person = session.get(
        User, found.uploaded_by_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return person or SYSTEM
