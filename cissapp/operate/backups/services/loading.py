"""Loads rows of a backup into the tables of PostgreSQL, inside a transaction of the caller."""

from typing import Any

from psycopg import Error
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection

from cissapp.foundation.core.engines.snapshots import table_names
from cissapp.operate.backups.archive.tar_stream import OpenMember
from cissapp.operate.backups.rules import TABLES, BadBackup, Manifest
from cissapp.operate.backups.services.dumping import COLUMNS, copy_statement

REVISIONS = "alembic_version"
FUNCTIONS = """SELECT p.oid::regprocedure::text FROM pg_proc AS p
  WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS
    (SELECT 1 FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')"""


def count_rows(connection: Connection) -> int:
    """Count the rows of all tables but that of the migrations."""
    return sum(_count(connection, name) for name in table_names(connection) if name != REVISIONS)


def _count(connection: Connection, table: str) -> int:
    raw: Any = connection.connection.driver_connection
    found = raw.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
    return int(found[0])


def drop_everything(connection: Connection) -> None:
    """Drop the tables and functions of the schema; those of an extension stay."""
    raw: Any = connection.connection.driver_connection
    for name in table_names(connection):
        raw.execute(SQL("DROP TABLE {} CASCADE").format(Identifier(name)))
    for (signature,) in connection.exec_driver_sql(FUNCTIONS).fetchall():
        connection.exec_driver_sql(f"DROP FUNCTION {signature} CASCADE")


class TableLoader:
    """Fills the tables of an empty schema, with their triggers disabled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw: Any = connection.connection.driver_connection
        self._columns: dict[str, list[str]] = {}
        self._tables: list[str] = []

    def begin(self) -> None:
        """Disable the triggers."""
        self._tables = [name for name in table_names(self._connection) if name != REVISIONS]
        self._guards("DISABLE")

    def load(self, member: OpenMember) -> None:
        """Write a piece of a table; raise `BadBackup`."""
        table = member.name.removeprefix(TABLES).partition("/")[0]
        if not member.name.startswith(TABLES) or table not in {*self._tables, REVISIONS}:
            raise BadBackup(f"{member.name} does not belong to any table of this version.")
        if table == REVISIONS:  # the migrations themselves have written it
            return
        try:
            with self._raw.cursor() as cursor:
                if table not in self._columns:
                    rows = cursor.execute(COLUMNS, [table]).fetchall()
                    self._columns[table] = [name for (name,) in rows]
                with cursor.copy(copy_statement(table, self._columns[table], "FROM STDIN")) as copy:
                    for piece in member.pieces():
                        copy.write(piece)
        except Error as error:
            raise BadBackup(f"{member.name} could not be written: {error}") from error

    def end(self, manifest: Manifest) -> None:
        """Enable the triggers, set the sequences, and compare the numbers of rows; raise `BadBackup`."""
        self._guards("ENABLE")
        for name, value in manifest.sequences.items():
            self._raw.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, value])
        for table, count in manifest.tables.items():
            if table != REVISIONS and _count(self._connection, table) != count:
                raise BadBackup(
                    f"{table} does not have the {count} rows that it had in the backup."
                )

    def _guards(self, change: str) -> None:
        for name in self._tables:
            self._raw.execute(
                SQL("ALTER TABLE {} {} TRIGGER USER").format(Identifier(name), SQL(change))
            )
