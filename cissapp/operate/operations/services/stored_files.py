"""Files left without a row by a crash, and rows whose file is missing."""

import hashlib
import logging
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select

from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.storage import FileStore
from cissapp.operate.operations.queries.of_files import file_columns, is_there

log = logging.getLogger("ciss")

# A file is written before its row: a younger one may still get its row.
ALONE = timedelta(hours=1)
# Files examined at once: those of a large country are too many to hold even their names.
AT_ONCE = 500


def remove_orphans(store: FileStore, *, at: datetime) -> int:
    """Remove files without a row that are older than an hour; return how many.

    Only folders of the store in which some row keeps a file are examined, so that whatever somebody else
    put into the same place stays.
    """
    removed, folders = 0, {"documents", "photographs", "uploads"}
    looked_at = set(folders)
    named = _shorts(key for key, _row in _named())
    release_transaction()
    # What was written since then is not known to have a row; the rows of these few files are read once more.
    old = (
        one.key
        for one in store.stored()
        if one.stored_at < at - ALONE and not _among(named, _short(one.key))
    )
    while keys := list(islice(old, AT_ONCE)):
        new = {_folder(key) for key in keys} - looked_at
        folders |= _folders_of_rows(new)
        looked_at |= new
        owned = _named_among(keys)
        alone = [key for key in keys if key not in owned and _folder(key) in folders]
        release_transaction()
        for key in alone:
            store.delete(key)
        removed += len(alone)
    return removed


def _named_among(keys: list[str]) -> set[str]:
    """Return which of these files are named by a row."""
    return {
        key
        for column in file_columns()
        for key in session.scalars(select(column).where(column.in_(keys)))
    }


def _folders_of_rows(folders: set[str]) -> set[str]:
    """Return which of these folders hold a file that a row names."""
    return {
        folder
        for folder in folders
        if any(
            session.scalar(
                select(column).where(column.startswith(f"{folder}/", autoescape=True)).limit(1)
            )
            for column in file_columns()
        )
    }


def report_missing(store: FileStore) -> int:
    """Log each row whose file is gone; return how many."""
    missing = missing_files(store)
    for key, row in missing:
        log.error("the file %s of %s is missing", key, row)
    return len(missing)


def missing_files(store: FileStore) -> list[tuple[str, str]]:
    """List the files that are gone, each with the name of its row."""
    there = _shorts(one.key for one in store.stored())
    alone = {key: row for key, row in _named() if not _among(there, _short(key))}
    # A file may have been added with its row after the store was listed.
    return [(key, row) for key, row in alone.items() if not is_there(store, key)]


def _shorts(keys: Iterable[str]) -> Sequence[int]:
    """Return the sorted hashes of names: those of a large country's files take too much memory themselves."""
    return array("Q", sorted(array("Q", map(_short, keys))))


def _short(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())


def _among(there: Sequence[int], short: int) -> bool:
    place = bisect_left(there, short)
    return place < len(there) and there[place] == short


def _folder(key: str) -> str:
    return key.partition("/")[0]


def _named() -> Iterator[tuple[str, str]]:
    """Yield every file that a row names, with the name of the row."""
    for column in file_columns():
        identity = next(iter(column.table.primary_key.columns))
        query = select(column, identity).where(column.is_not(None))
        rows = session.execute(query.execution_options(yield_per=AT_ONCE))
        for key, row in rows:
            yield key, f"{column.table.name} {row}"
