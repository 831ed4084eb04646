"""A consistent copy of the database during writes: as a file (SQLite), or table by table (PostgreSQL)."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine

from cissapp.foundation.core.engines import snapshots
from cissapp.operate.backups.archive.part_files import another_run_in_words, lock
from cissapp.operate.backups.archive.places import require_room
from cissapp.operate.backups.archive.tar_stream import PIECE, Source
from cissapp.operate.backups.rules import SQLITE_FILE, TABLES, BadBackup

# The size of a piece of a table, whose length must be known before it is written.
CHUNK = 4 << 20
BUSY_SECONDS = 60

Ask = Callable[[str], list[tuple[Any, ...]]]

COLUMNS = """SELECT column_name FROM information_schema.columns
  WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
  ORDER BY ordinal_position"""
POINTS_TO = """SELECT child.relname, parent.relname FROM pg_constraint AS c
  JOIN pg_class AS child ON child.oid = c.conrelid JOIN pg_class AS parent ON parent.oid = c.confrelid
  WHERE c.contype = 'f' AND child.relnamespace = current_schema()::regnamespace"""
SEQUENCES = """SELECT sequencename, last_value FROM pg_sequences
  WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename"""


class DatabaseDump(Struct):
    """The database as of a single point in time: its metadata, and the sources of the backup's members.

    The row counts of PostgreSQL's tables are known once all sources have been read.
    """

    engine: str
    migration: str
    log_entries: int
    trail_last_id: int
    size: int
    sources: Iterable[Source]
    tables: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)


@contextmanager
def held_still(engine: Engine) -> Iterator[DatabaseDump]:
    """Keep a consistent view of the database for as long as the backup takes, without blocking anyone."""
    if engine.dialect.name == "postgresql":
        with _snapshot(engine) as dump:
            yield dump
    else:
        with _copy(Path(engine.url.database or "")) as dump:
            yield dump


def _ends(ask: Ask) -> dict[str, Any]:
    """Return how far the migrations, public log and audit trail go."""
    return {
        "migration": str(_first(ask, "SELECT version_num FROM alembic_version") or ""),
        "log_entries": int(_first(ask, "SELECT max(leaf_index) + 1 FROM log_leaf") or 0),
        "trail_last_id": int(_first(ask, "SELECT max(id) FROM audit_entry") or 0),
    }


def _first(ask: Ask, question: str) -> Any:
    rows = ask(question)
    return rows[0][0] if rows else None


# --- SQLite --------------------------------------------------------------------------------------


@contextmanager
def _copy(database: Path) -> Iterator[DatabaseDump]:
    """Copy the database beside itself, without its free pages; the copy is deleted at the end."""
    if not database.is_file():
        raise BadBackup(f"The database {database} does not exist.")
    copy = database.with_name(f".{database.name}.backup")
    with _alone(database.with_name(f"{database.name}-backup")):
        copy.unlink(missing_ok=True)  # of a run that was killed
        size = database.stat().st_size
        require_room(database.parent, size)
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as connection:
                connection.execute("VACUUM INTO ?", [str(copy)])
            yield _dump_of(copy)
        finally:
            copy.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of the copy, whoever made its file: reading is enough for that."""
    with another_run_in_words(), os.fdopen(os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)) as file:
        lock(file.fileno())
        yield


def _dump_of(copy: Path) -> DatabaseDump:
    with closing(sqlite3.connect(copy)) as connection:
        faults = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if faults != "ok":
            raise BadBackup(
                f"The database is damaged: {faults}. Stop the service and restore the last backup"
                " (docs/incidents.md)."
            )
        tables = sqlite_counts(connection)
        ends = _ends(lambda question: connection.execute(question).fetchall())
    size = copy.stat().st_size
    return DatabaseDump(
        "sqlite", **ends, size=size, tables=tables, sources=[Source(SQLITE_FILE, size, _read(copy))]
    )


def sqlite_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of each table; those of an index of words are in tables of its own."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- names of tables
        for (name,) in names.fetchall()
    }


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


# --- PostgreSQL ------------------------------------------------------------------------------------


@contextmanager
def _snapshot(engine: Engine) -> Iterator[DatabaseDump]:
    """Read everything in one transaction that sees the database as it was when it began."""
    with engine.connect() as connection:

        def ask(question: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.exec_driver_sql(question)]

        def begin() -> Connection:
            connection.rollback()
            return connection

        snapshots.hold_still(begin)
        ends = _ends(ask)
        size = int(_first(ask, "SELECT pg_database_size(current_database())"))
        dump = DatabaseDump("postgresql", **ends, size=size, sources=())
        order = in_order(snapshots.table_names(connection), [(a, b) for a, b in ask(POINTS_TO)])
        dump.tables = dict.fromkeys(order, 0)
        dump.sequences = {name: int(value) for name, value in ask(SEQUENCES)}
        dump.sources = _table_pieces(connection, dump.tables)
        yield dump


def in_order(tables: list[str], points_to: list[tuple[str, str]]) -> list[str]:
    """Sort tables so that each comes after those that its rows point to."""
    graph: dict[str, set[str]] = {name: set() for name in tables}
    for child, parent in points_to:
        if child != parent:
            graph[child].add(parent)
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise BadBackup(f"These tables refer to each other: {error.args[1]}") from error


def _table_pieces(connection: Connection, counts: dict[str, int]) -> Iterator[Source]:
    """Yield each table in pieces of the text that COPY writes, recording how many rows it has."""
    for table in counts:
        for number, piece in enumerate(_chunks(_copied(connection, table, counts))):
            yield Source(f"{TABLES}{table}/{number:06}", len(piece), [piece])


def _copied(connection: Connection, table: str, counts: dict[str, int]) -> Iterator[bytes]:
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor:
        names = [name for (name,) in cursor.execute(COLUMNS, [table]).fetchall()]
        with cursor.copy(copy_statement(table, names, "TO STDOUT")) as copy:
            for block in copy:
                yield bytes(block)
        counts[table] = cursor.rowcount


def copy_statement(table: str, columns: Iterable[str], where: str) -> Any:
    """Write the statement that copies a table."""
    named = SQL(", ").join(map(Identifier, columns))
    return SQL("COPY {} ({}) {}").format(Identifier(table), named, SQL(where))


def _chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Join blocks into pieces large enough to be members."""
    held, size = [], 0
    for block in blocks:
        held.append(block)
        size += len(block)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
