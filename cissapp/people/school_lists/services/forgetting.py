"""Deletes lists and their rows, a few parts in each transaction: a long list has a gigabyte of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from cissapp.foundation.core.bulk.long_work import is_time_over
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.models import SchoolList, SchoolListPart
from cissapp.people.school_lists.rules import NEEDS_ROWS, ListState
from cissapp.people.school_lists.services import storing

# So many parts of fifty rows are deleted at once. On SQLite others wait meanwhile.
PARTS_AT_ONCE = 100


def forget_some(list_id: UUID) -> bool:
    """Delete the next parts of a list with their results; return whether any are left."""
    first, last = queries.first_place(list_id), queries.last_place(list_id)
    if first is None:
        return False
    ends = first + PARTS_AT_ONCE
    mine = SchoolListPart.list_id == list_id, SchoolListPart.place < ends
    session.execute(delete(SchoolListPart).where(*mine))
    return ends <= last


def begin_discarding(list_id: UUID, *, at: datetime, store: FileStore) -> bool:
    """Discard a list that has nothing in the register; return whether its rows are still to be deleted.

    Raise `Refused` if it is being processed. Nobody finds the list any more; `go_on_discarding` deletes the rest.
    """
    found = storing.lock_kept(list_id)
    storing.require_open(found)
    storing.forget_file(found, store=store)
    found.state, found.moved_at = ListState.DISCARDING, at
    return _discard_some(found)


def go_on_discarding(list_id: UUID, *, at: datetime) -> bool:
    """Delete the next rows of a discarded list, and at last the list; return whether more is left."""
    kept = storing.lock_list(list_id)
    if kept is None:
        return False
    kept.moved_at = at
    return _discard_some(kept)


def _discard_some(found: SchoolList) -> bool:
    more = forget_some(found.id)
    if not more:
        session.delete(found)
    session.flush()
    return more


def forget(list_id: UUID, *, store: FileStore) -> bool:
    """Delete the file and rows of an old list; return False if somebody has begun to undo it meanwhile.

    Nobody can begin once it has no rows by its own account. What is left after the time is over, another run deletes.
    """
    with unit_of_work():
        found = storing.lock_list(list_id)
        if found is None or found.state in NEEDS_ROWS:
            return False
        storing.forget_file(found, store=store)
        found.first_rows, found.to_look_at, found.rows = [], [], 0
        more = forget_some(list_id)
    while more and not is_time_over():
        with unit_of_work():
            more = forget_some(list_id)
    return True
