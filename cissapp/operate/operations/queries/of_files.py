"""Compares the rows that name a stored file with the file store."""

from sqlalchemy import Column, Text, select

from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.storage import FileStore


def file_columns() -> list[Column[str]]:
    """Find the columns that name a stored file, by the naming convention of all rooms."""
    return [
        column
        for table in db.metadatas[None].tables.values()
        for column in table.columns
        if column.name.endswith("file_key") and isinstance(column.type, Text)
    ]


def is_there(store: FileStore, key: str) -> bool:
    """Return whether a file is in the store."""
    try:
        store.get(key)
    except FileNotFoundError:
        return False
    return True


def missing_of_sample(store: FileStore) -> tuple[int, int]:
    """Try one file of each table that has some; return how many are gone, and how many were tried.

    This is enough to tell that the folder or bucket is not the one that the rows are about.
    """
    tried = [
        key
        for column in file_columns()
        if (key := session.scalar(select(column).where(column.is_not(None)).limit(1)))
    ]
    return sum(not is_there(store, key) for key in tried), len(tried)
