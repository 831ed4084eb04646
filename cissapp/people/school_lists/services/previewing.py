"""Processes a list in two steps for programs: preview, import."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from io import BytesIO
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.step_size import MOST_ROWS
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.school_lists.services import reading, storing, work
from cissapp.people.school_lists.services.memory import Memory


def preview(
    content: bytes,
    name: str,
    *,
    mapping: Mapping[str, ListColumn] | None,
    group_id: UUID,
    by: Actor,
    at: datetime,
    store: FileStore,
) -> SchoolList:
    """Store a list, read it and check its rows, without changing the register; raise `Refused`.

    Without a mapping, columns are read as last time, or by their headings. What the rows would do is in
    `counts`, and row by row in `queries.parts_of`.
    """
    file = BytesIO(content)
    found = reading.store_read(file, name, group_id=group_id, by=by, at=at, store=store)
    columns = mapping or {heading: ListColumn(said) for heading, said in found.columns.items()}
    storing.choose_columns(found, columns, changes_schools=False, keeps_duplicates=False, at=at)
    _all_of_it(found, at=at, store=store)
    return found


def take_over(found: SchoolList, *, by: Actor, at: datetime, store: FileStore) -> SchoolList:
    """Import a checked list, all in this transaction; for short lists."""
    work.start(found, ListState.IMPORTING, by=by, at=at)
    _all_of_it(found, at=at, store=store)
    return found


def _all_of_it(found: SchoolList, *, at: datetime, store: FileStore) -> None:
    with closing(Memory(MOST_ROWS)) as memory:
        while work.go_on(found, memory, at=at, store=store):
            pass
