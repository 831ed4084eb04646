"""Reads the file of a list part by part, with no transaction open during the reading itself."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.step_size import MOST_ROWS, StepSize
from cissapp.foundation.core.db import has_written, release_transaction, session
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.list_files import Row, open_list
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import ListState, is_known
from cissapp.people.school_lists.services import forgetting, storing

# How far a file is read, and how: next part, key of the file, encoding, rows before that part.
Progress = tuple[int, str | None, str | None, int]


class FileParts:
    """The file of a list, kept open from part to part, and reopened if the list was read elsewhere meanwhile."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._parts: Generator[list[Row], None, None] | None = None

    def take(self, found: SchoolList, store: FileStore, most_rows: int) -> list[list[Row]]:
        """Return the next parts of a list, none after the last; raise `Refused` if the file cannot be read further."""
        now, sheet = _progress_of(found), next(iter(found.sheets), "")
        place, key, charset, rows_done = now
        if not has_written():
            release_transaction()
        if self._parts is None or now != self._progress:
            self.close()
            self._parts = storing.parts_in(store.open(key or ""), charset, sheet, rows_done)
        self._progress = None
        parts = list(islice(self._parts, max(1, most_rows // storing.ROWS_A_PART)))
        self._progress = place + len(parts), key, charset, rows_done + _rows_in(parts)
        return parts

    def close(self) -> None:
        """Close the file; the next part opens it again."""
        if self._parts is not None:
            self._parts.close()
        self._parts = None


def _progress_of(found: SchoolList) -> Progress:
    return found.next_place, found.file_key, found.charset, found.rows_done


def go_on_reading(
    found: SchoolList, file: FileParts, size: StepSize, *, at: datetime, store: FileStore
) -> bool:
    """Store the next parts of a file, once the rows of an earlier reading are deleted; return whether more is left."""
    list_id, before = found.id, _progress_of(found)
    if found.problem or (not found.next_place and queries.first_place(list_id) is not None):
        return _forget_earlier(list_id, at=at)
    parts, problem = [], None
    try:
        parts = file.take(found, store, size.rows)
    except Refused as refused:
        problem = refused.problems[0]
    kept = storing.lock_list(list_id)
    if kept is None:
        return False
    if kept.state is not ListState.READING or _progress_of(kept) != before:
        return kept.is_at_work
    if problem:
        _fail(found, problem)
    else:
        size.begin(_rows_in(parts))
        _keep(found, parts)
    found.moved_at = at
    session.flush()
    return found.is_at_work


def _forget_earlier(list_id: UUID, *, at: datetime) -> bool:
    """Delete rows of a reading that failed, or that another one follows; return whether more is left."""
    kept = storing.lock_list(list_id)
    if kept is None:
        return False
    if kept.state is ListState.READING and (kept.problem or not kept.next_place):
        more, kept.moved_at = forgetting.forget_some(list_id), at
        if kept.problem and not more:
            kept.state = ListState.FAILED
        session.flush()
    return kept.is_at_work


def store_read(
    file: BinaryIO, name: str, *, group_id: UUID, by: Actor, at: datetime, store: FileStore
) -> SchoolList:
    """Store a short list with all its rows; raise `Refused` if it cannot be read to its end.

    It is read before anything is written: on SQLite nobody else could save anything meanwhile.
    """
    release_transaction()
    rows = list(open_list(file, is_known).rows)
    found = storing.store_list(file, name, group_id=group_id, by=by, at=at, store=store)
    size = storing.ROWS_A_PART
    _keep(found, [rows[first : first + size] for first in range(0, len(rows), size)])
    _keep(found, [])
    session.flush()
    return found


def read_here(found: SchoolList, *, at: datetime, store: FileStore) -> None:
    """Read a short file that is stored, in this transaction; raise `Refused` if it cannot be read to its end."""
    with closing(FileParts()) as file:
        while found.state is ListState.READING:
            _keep(found, file.take(found, store, MOST_ROWS))
    found.moved_at = at
    session.flush()


def read_or_fail(found: SchoolList, *, at: datetime, store: FileStore) -> None:
    """Read a short file again in this transaction; if it cannot be read to its end, no row is kept."""
    _forget_rows(found.id)
    try:
        read_here(found, at=at, store=store)
    except Refused as refused:
        _fail(found, refused.problems[0])
        _forget_rows(found.id)
        found.state = ListState.FAILED


def _forget_rows(list_id: UUID) -> None:
    while forgetting.forget_some(list_id):
        pass


def _fail(found: SchoolList, problem: Problem) -> None:
    """Note why a file cannot be read further; it has failed once none of its rows are left."""
    found.problem = [problem.message, problem.values]
    if not forgetting.forget_some(found.id):
        found.state = ListState.FAILED


def _rows_in(parts: Sequence[Sequence[Row]]) -> int:
    return sum(len(part) for part in parts)


def _keep(found: SchoolList, parts: Sequence[list[Row]]) -> None:
    """Store parts of the rows; after the last one, mark the list as read."""
    if not parts:
        found.state, found.rows, found.problem = ListState.READ, found.rows_done, None
    for part in parts:
        storing.keep_part(found, found.next_place, part)
        found.next_place += 1
        found.rows_done += len(part)
