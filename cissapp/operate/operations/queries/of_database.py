"""Checks the database over a separate connection: it may be away, or older than the software."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from cissapp.database_versions import known
from cissapp.foundation.core import clock
from cissapp.foundation.core.engines.word_indexes import broken_triggers
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.probes import (
    READ_ONLY,
    SECONDS,
    Fault,
    database_fault,
    fault_of,
)
from cissapp.operate.operations.rules import Finding, State
from config import MIGRATIONS, Config

OLDEST_POSTGRES = 150000
MOST_APART = timedelta(seconds=5)
# As deploy/postgresql-roles.sql revokes them; a row of `submission` is replaced after a removal.
APPEND_ONLY = text(
    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE NOT t.tgisinternal AND t.tgqual IS NULL AND p.proname IN ('append_only', 'submission_amended')"
    " GROUP BY c.oid, c.relname HAVING bool_or((t.tgtype & 8) <> 0 AND"
    " (has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')))"
    " OR bool_or((t.tgtype & 16) <> 0 AND p.proname = 'append_only' AND has_table_privilege(c.oid, 'UPDATE'))"
    " ORDER BY 1"
)


def reach(config: Config) -> Fault | None:
    """Return why the database cannot be reached; None if it can. A missing SQLite file is created."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return database_fault(error)
    try:
        with _connected(config) as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return database_fault(error)
    return None


def _connected(config: Config) -> Connection:
    waits = "connect_timeout" if config.database_url.startswith("postgresql") else "timeout"
    engine = create_engine(config.database_url, poolclass=NullPool, connect_args={waits: SECONDS})
    return engine.connect()


def database(config: Config) -> Iterator[Finding]:
    """Check the database: whether it answers, how it is set up, which migrations it has."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        said = f"{url.database} does not exist."
        yield Finding(
            "database",
            State.WRONG,
            said,
            "Run `ciss setup` if this installation is new. Otherwise correct CISS_DATABASE_URL.",
        )
        return
    try:
        with _connected(config) as connection:
            if url.get_backend_name() == "sqlite":
                yield from _sqlite(connection)
            else:
                yield from _postgres(connection)
            yield from _migrations(connection)
    except SQLAlchemyError as error:
        fault = database_fault(error)
        yield Finding("database", State.WRONG, f"Cannot be used: {fault.said}.", fault.mend)


def _sqlite(connection: Connection) -> Iterator[Finding]:
    mode = connection.scalar(text("PRAGMA journal_mode"))
    damage = connection.scalar(text("PRAGMA quick_check(1)"))
    version = connection.scalar(text("SELECT sqlite_version()"))
    if damage != "ok":
        yield Finding(
            "database",
            State.WRONG,
            "The database file is damaged.",
            "Stop the service and restore the last backup with `ciss restore` (docs/incidents.md).",
        )
        return
    if broken_triggers(connection):
        yield Finding(
            "database",
            State.WRONG,
            f"SQLite {version} cannot open the search index, so schools cannot be added or"
            " changed.",
            "Run `ciss db upgrade`. Searches will then be slower, because they read every school.",
        )
        return
    if read_only := list(_writable(connection)):
        yield from read_only
        return
    # Set with the first connection of the service, and kept in the file.
    journal = "WAL" if mode == "wal" else f"{mode}, WAL once the service starts"
    yield Finding("database", State.OK, f"SQLite {version}, {journal}, intact.")


def _writable(connection: Connection) -> Iterator[Finding]:
    """Check that the service could write: a file of another owner can be read and looks intact."""
    try:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except SQLAlchemyError as error:
        fault = database_fault(error)
        if fault.said == READ_ONLY:
            yield Finding("database", State.WRONG, f"Cannot be used: {fault.said}.", fault.mend)
    finally:
        connection.rollback()


def _postgres(connection: Connection) -> Iterator[Finding]:
    number = int(connection.scalar(text("SHOW server_version_num")) or 0)
    version = connection.scalar(text("SHOW server_version"))
    if number < OLDEST_POSTGRES:
        yield Finding(
            "database",
            State.WRONG,
            f"PostgreSQL {version} is too old.",
            "Upgrade to PostgreSQL 15 or newer.",
        )
    else:
        yield Finding("database", State.OK, f"PostgreSQL {version}.")
    if connection.scalar(text("SHOW transaction_read_only")) == "on":
        fault = fault_of(READ_ONLY, "CISS_DATABASE_URL")
        yield Finding("database", State.WRONG, f"Cannot be used: {fault.said}.", fault.mend)
    if connection.scalar(text("SHOW synchronous_commit")) == "off":
        yield Finding(
            "database",
            State.WRONG,
            "synchronous_commit is off: work that people were told is saved can be lost in a"
            " power cut.",
            "In psql, as the database administrator, run: ALTER SYSTEM SET synchronous_commit ="
            " on; SELECT pg_reload_conf();",
        )
    apart = abs((connection.scalar(text("SELECT now()")) or clock.now()) - clock.now())
    if apart > MOST_APART:
        yield Finding(
            "clock",
            State.WRONG,
            "The database server's clock differs from this machine's by"
            f" {apart.total_seconds():.0f} s.",
            "Synchronise both with a time server (chrony or systemd-timesyncd).",
        )
    yield from _rights(connection)


def _rights(connection: Connection) -> Iterator[Finding]:
    """Check what the user of the service may do to append-only tables."""
    open_tables = list(connection.scalars(APPEND_ONLY))
    if open_tables:
        yield Finding(
            "database",
            State.ATTENTION,
            "The service's database user is allowed to change"
            f" {counted(len(open_tables), 'append-only table')} ({', '.join(open_tables[:3])} …);"
            " only triggers prevent it.",
            "Give the service a database user without these rights (docs/operating.md).",
        )


def _migrations(connection: Connection) -> Iterator[Finding]:
    current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    revisions, head = known(MIGRATIONS)
    if current and current not in revisions:
        yield Finding(
            "migrations",
            State.WRONG,
            f"The database is at {current}, which is newer than this version of the software"
            f" ({head}).",
            "Use the release that migrated it, or go back as docs/upgrading.md describes.",
        )
    elif current == head:
        yield Finding("migrations", State.OK, f"Up to date ({head}).")
    else:
        yield Finding(
            "migrations",
            State.WRONG,
            f"The database is at {current}; this version of the software needs {head}.",
            "Make a backup, then run `ciss db upgrade`.",
        )
