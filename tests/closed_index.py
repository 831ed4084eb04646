"""Closes the index of words of an SQLite file, as an SQLite that was built without FTS5 would find it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def close_index(path: Path) -> None:
    """Name a module that this SQLite does not have in the schema: whatever opens the index fails from now on."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        changed = connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'fts5', 'not_built_in') WHERE sql LIKE '%USING fts5%'"
        )
        assert changed.rowcount == 1
        connection.commit()
