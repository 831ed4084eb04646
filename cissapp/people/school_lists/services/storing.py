"""Stores an uploaded list, reads its rows into parts, and lets its columns be chosen."""

from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import insert

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.step_size import FEWEST_ROWS
from cissapp.foundation.core.db import lock, new_id, release_transaction, session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.list_files import MOST_BYTES, Row, first_look, open_list, size_of
from cissapp.people.school_lists.models import RememberedColumns, SchoolList, SchoolListPart
from cissapp.people.school_lists.rules import (
    ListColumn,
    ListState,
    RowResult,
    guess_columns,
    is_known,
    mapping_problems,
)
from cissapp.people.school_lists.rules.outcomes import OPEN

# The fewest rows that a step takes, which has as many parts as are written in a moment.
ROWS_A_PART = FEWEST_ROWS
LONGEST_NAME = 120
# Columns that the results file has after those of the list.
RESULT_COLUMNS = 3

TOO_MANY_BYTES = N_("The file is larger than %(most)s MB. Split the list.")
NOT_OPEN = N_("This list is being processed, or has already been imported.")


def store_list(
    file: BinaryIO, name: str, *, group_id: UUID, by: Actor, at: datetime, store: FileStore
) -> SchoolList:
    """Store an uploaded list; raise `Refused` if its first rows cannot be read.

    No transaction is open while the file is examined. Its rows are read later, by `work.go_on`.
    """
    if size_of(file) > MOST_BYTES:
        raise Refused(Problem("file", TOO_MANY_BYTES, {"most": MOST_BYTES // 1_000_000}))
    release_transaction()
    look = first_look(file, is_known)
    key = f"school-lists/{uuid4().hex}"
    file.seek(0)
    store.put(key, file)
    made = SchoolList(
        group_id=group_id,
        state=ListState.READING,
        file_name=name[:LONGEST_NAME],
        file_key=key,
        charset=look.reading.charset if look.reading else None,
        other_charsets=list(look.reading.others) if look.reading else [],
        sheets=list(look.sheets),
        head=look.head,
        first_rows=[list(row) for row in look.rows],
        columns={},
        meanings={},
        unknown={},
        changes_schools=False,
        keeps_duplicates=False,
        rows=0,
        rows_done=0,
        next_place=0,
        counts={},
        to_look_at=[],
        uploaded_at=at,
        uploaded_by_id=by.id,
        moved_at=at,
    )
    _map_as_before(made)
    session.add(made)
    session.flush()
    return made


def _map_as_before(made: SchoolList) -> None:
    """Map the columns as in an earlier file with this head, otherwise by their headings.

    A corrected results file has the columns that were read, and three of its own.
    """
    remembered = queries.remembered_columns(made.group_id, made.head) or next(
        (
            one
            for one in queries.columns_remembered_lately(made.group_id)
            if list(one.columns) in (made.head, made.head[:-RESULT_COLUMNS])
        ),
        None,
    )
    made.columns = (
        dict(remembered.columns)
        if remembered
        else {heading: column.value for heading, column in guess_columns(made.head).items()}
    )
    made.meanings = dict(remembered.meanings) if remembered else {}


def _with_texts(meanings: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the meanings of texts, without what was said for all schools."""
    return {
        column: {text: meant for text, meant in said.items() if text}
        for column, said in meanings.items()
    }


def parts_in(
    file: BinaryIO, charset: str | None, sheet: str = "", after: int = 0
) -> Generator[list[Row], None, None]:
    """Yield the rows of a file in parts, skipping the first `after` rows; raise `Refused` if unreadable."""
    with file:
        rows = islice(open_list(file, is_known, charset=charset, sheet=sheet).rows, after, None)
        while part := list(islice(rows, ROWS_A_PART)):
            yield part


def keep_part(found: SchoolList, place: int, rows: list[Row]) -> None:
    """Store a part of the rows of a list."""
    values = {"id": new_id(), "list_id": found.id, "place": place, "rows": rows}
    session.execute(insert(SchoolListPart).values(values))


def rows_of(parts: Sequence[SchoolListPart]) -> list[Any]:
    """List the rows of neighbouring parts."""
    return [row for part in parts for row in part.rows]


def store_results(parts: Sequence[SchoolListPart], results: Sequence[RowResult]) -> list[Any]:
    """Store the results of the rows of parts, and return them as they are stored."""
    stored = [result.stored() for result in results]
    ahead = iter(stored)
    for part in parts:
        part.results = list(islice(ahead, len(part.rows)))
    return stored


def without_unread(found: SchoolList, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return rows of a list with the cells of unread columns emptied, as nobody needs them any more."""
    is_read = [heading in found.columns for heading in found.head]
    return [
        [
            number,
            [
                text if place < len(is_read) and is_read[place] else ""
                for place, text in enumerate(cells)
            ],
        ]
        for number, cells in rows
    ]


def begin_again(found: SchoolList, charset: str, *, at: datetime, store: FileStore) -> int:
    """Restart reading in another encoding; return the size of the file; raise `Refused` if that gives no list.

    Whoever reads it deletes the rows of before first.
    """
    list_id, key = found.id, _key_of_open(found)
    release_transaction()
    with store.open(key) as file:
        look, size = first_look(file, is_known, charset=charset), size_of(file)
    found = lock_kept(list_id)
    _key_of_open(found)  # it may have been imported during the look
    found.charset = charset
    found.head, found.first_rows = look.head, [list(row) for row in look.rows]
    _map_as_before(found)
    found.rows, found.problem = 0, None
    go_through(found, ListState.READING, at=at)
    return size


def _key_of_open(found: SchoolList) -> str:
    require_open(found)
    if found.file_key is None:
        raise Refused(Problem("charset", NOT_OPEN))
    return found.file_key


def choose_columns(
    found: SchoolList,
    columns: Mapping[str, ListColumn],
    for_all: Mapping[ListColumn, str] | None = None,
    *,
    changes_schools: bool,
    keeps_duplicates: bool,
    at: datetime,
) -> None:
    """Set what the columns of a list hold, and what is so for all its schools; start the check; raise `Refused`."""
    require_open(lock_kept(found.id))
    said = for_all or {}
    problems = mapping_problems(columns.values(), said)
    if problems:
        raise Refused(*problems)
    found.columns = {heading: column.value for heading, column in columns.items()}
    meanings = _with_texts(found.meanings)
    for column, text in said.items():
        meanings.setdefault(column.value, {})[""] = text
    found.meanings = meanings
    found.changes_schools, found.keeps_duplicates = changes_schools, keeps_duplicates
    start_check(found, at=at)


def choose_meanings(
    found: SchoolList, meanings: Mapping[str, Mapping[str, str]], *, at: datetime
) -> None:
    """Record what unknown texts mean, and check the rows again."""
    require_open(lock_kept(found.id))
    said: dict[str, Any] = {column: dict(values) for column, values in found.meanings.items()}
    for column, values in meanings.items():
        said.setdefault(column, {}).update(values)
    found.meanings = said
    start_check(found, at=at)


def start_check(found: SchoolList, *, at: datetime) -> None:
    """Start checking the rows of a list, which writes nothing to the register."""
    found.counts, found.unknown, found.to_look_at = {}, {}, []
    go_through(found, ListState.CHECKING, at=at)


def go_through(found: SchoolList, state: ListState, *, at: datetime) -> None:
    """Start processing the parts of a list from the first, or from the last to undo them."""
    found.state, found.rows_done = state, 0
    begin_stretch(found, at=at)
    found.next_place = queries.last_place(found.id) if state is ListState.UNDOING else 0
    session.flush()


def begin_stretch(found: SchoolList, *, at: datetime) -> None:
    """Record that work on a list begins, or goes on after a pause: from here its pace is counted."""
    found.moved_at = found.paced_from = at
    found.paced_rows = found.rows_done


def lock_list(list_id: UUID) -> SchoolList | None:
    """Lock a list until the transaction ends, and load it again; return None if it has been discarded."""
    lock(f"school list {list_id}")
    return session.get(SchoolList, list_id, populate_existing=True)


def lock_kept(list_id: UUID) -> SchoolList:
    """Lock a list until the transaction ends, and load it again; raise `Missing` if it has been discarded."""
    found = lock_list(list_id)
    if found is None:
        raise Missing
    return found


def lock_register() -> None:
    """Let one list, or one merge of schools, write to the register at a time, until the transaction ends.

    Two lists may name the same school. The wait is no part of a step: it is asked for before the step is timed.
    """
    lock("schools.import")


def require_open(found: SchoolList) -> None:
    """Refuse a list that is being worked on, or that is in the register."""
    if found.state not in OPEN:
        raise Refused(Problem("state", NOT_OPEN))


def forget_file(found: SchoolList, *, store: FileStore) -> None:
    """Delete the uploaded file of a list, if it is still stored."""
    if found.file_key:
        store.delete(found.file_key)
        found.file_key = None


def remember_columns(found: SchoolList, *, at: datetime) -> None:
    """Remember what the columns of a list meant, for the next file with this head."""
    remembered = queries.remembered_columns(found.group_id, found.head)
    if remembered is None:
        remembered = RememberedColumns(
            group_id=found.group_id, head_sha256=queries.head_hash(found.head)
        )
        session.add(remembered)
    # The next list with this head may be that of another district: what was so for all of one is not remembered.
    remembered.columns, remembered.meanings = dict(found.columns), _with_texts(found.meanings)
    remembered.used_at = at
    session.flush()
