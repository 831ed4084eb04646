"""Keeps what is costly to make: the rows of a database, and its files, to be laid back as often as it is wanted."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, text

FOLDERS = ("files", "mail")
TABLES = (
    "SELECT quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
COUNTED = (
    "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"
)
EMPTY = 21  # bytes of a copy without one row: its head and its end


class Snapshot:
    """An installation at one moment; its database is a file in its folder, or behind a connection."""

    def __init__(
        self, folder: Path, store: Path, connection: Callable[[], Connection] | None
    ) -> None:
        self.folder, self.store, self.connection = folder, store, connection
        self.keys = _contents(folder / "keys")
        store.mkdir()
        for name in FOLDERS:
            if (folder / name).exists():
                shutil.copytree(folder / name, store / name)
        if connection:
            self._read(connection())
        else:
            shutil.copy(folder / "test.db", store / "test.db")

    def has_its_keys(self) -> bool:
        """Return whether what was signed can still be checked: no test took a key away, or another in its place."""
        return self.keys.items() <= _contents(self.folder / "keys").items()

    def put_back(self) -> None:
        """Fill the empty database, and the empty folders."""
        for name in FOLDERS:
            if (self.store / name).exists():
                shutil.copytree(self.store / name, self.folder / name)
        if self.connection:
            self._write(self.connection())
        else:
            shutil.copy(self.store / "test.db", self.folder / "test.db")

    def _read(self, connection: Connection) -> None:
        cursor = connection.connection.cursor()
        self.rows: dict[str, bytes] = {}
        for name in connection.execute(text(TABLES)).scalars().all():
            with cursor.copy(f"COPY public.{name} TO STDOUT (FORMAT binary)") as parts:
                content = b"".join(bytes(part) for part in parts)
            if len(content) > EMPTY:
                self.rows[name] = content
        self.counted = [tuple(row) for row in connection.execute(text(COUNTED))]

    def _write(self, connection: Connection) -> None:
        cursor = connection.connection.cursor()
        # The rows were looked at when they were made: neither foreign keys nor triggers look again.
        connection.execute(text("SET session_replication_role = replica"))
        for name, content in self.rows.items():
            with cursor.copy(f"COPY public.{name} FROM STDIN (FORMAT binary)") as parts:
                parts.write(content)
        if self.counted:
            parts = ", ".join(f"setval('{name}', {value})" for name, value in self.counted)
            connection.execute(text(f"SELECT {parts}"))


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
