"""Writes many rows at once: COPY on PostgreSQL, one prepared statement a table on SQLite."""

import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from cissapp.foundation.core.db import Base, session
from cissapp.foundation.core.storage import FileStore, LocalStore
from cissapp.operate.load.services.patterns import written_columns

# A trigger looks whether the way to report is one of the school's; no foreign key says so.
LAST = frozenset({"drill", "drill_step", "drill_result"})
TableRows = dict[Table, list[Sequence[Any]]]


def write_rows(rows: TableRows) -> int:
    """Write rows, ordered so that tables come after those they name; return the number of rows.

    The values are as the database stores them, so column types are not involved.
    """
    for table in sorted(Base.metadata.sorted_tables, key=lambda one: one.name in LAST):
        if table in rows:
            _write(table, rows[table])
    return sum(map(len, rows.values()))


def _write(table: Table, rows: Iterable[Sequence[Any]]) -> None:
    connection = session.connection()
    columns = ", ".join(f'"{name}"' for name in written_columns(table))
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(written_columns(table)))
    driver: Any = connection.connection.driver_connection
    # A row may name a later one of its table; PostgreSQL checks at the end of a COPY.
    driver.execute("PRAGMA defer_foreign_keys = ON")
    driver.executemany(
        f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})',  # noqa: S608 -- names of our own tables
        rows,
    )


def share_files(store: FileStore, stored: Iterable[tuple[str, str]]) -> None:
    """Link the copies' keys to the files of their patterns; in a bucket, copies have no files.

    Invented files need not survive power loss, so nothing is synced.
    """
    if isinstance(store, LocalStore):
        for key, copy in stored:
            target = store.root / copy
            target.parent.mkdir(parents=True, exist_ok=True)
            # The same seed makes the same names: a database that was dropped left its files behind.
            target.unlink(missing_ok=True)
            _link(store.root / key, target)


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError as error:
        if error.errno != errno.EMLINK:
            raise
        # A file has only so many names, 65,000 on ext4: the next ones are those of a copy.
        fresh = file.with_name(f"{file.name}.fresh")
        shutil.copyfile(file, fresh)
        fresh.replace(file)
        os.link(file, target)
