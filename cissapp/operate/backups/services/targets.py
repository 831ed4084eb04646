"""The database into which a backup is restored, usable only once all of it is there and was checked."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from cissapp.factory import create_app
from cissapp.foundation.core.db import close_connections, db, session, unit_of_work
from cissapp.foundation.core.engines.snapshots import without_time_limits
from cissapp.operate.backups.archive.places import sync_folder
from cissapp.operate.backups.archive.tar_stream import OpenMember
from cissapp.operate.backups.rules import SQLITE_FILE, BadBackup, Manifest
from cissapp.operate.backups.services import loading
from cissapp.operate.backups.services.dumping import sqlite_counts
from config import Config


class Target(Protocol):
    """A database that is restored."""

    def rows(self) -> int:
        """Count the existing rows."""
        ...

    def receiving(self, manifest: Manifest) -> AbstractContextManager[None]:
        """Open it for the members of a backup; it becomes usable only at the end of this context."""
        ...

    def receive(self, member: OpenMember) -> None:
        """Write a member of the backup."""
        ...

    def completed(self, manifest: Manifest) -> AbstractContextManager[None]:
        """Migrate it, and open it for checks and changes as the application makes them."""
        ...


def target_of(config: Config, *, stamp: str) -> Target:
    """Return the database of the settings; a file that is replaced is kept under a name with this stamp."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite":
        return SqliteTarget(Path(url.database or ""), config, stamp)
    return PostgresTarget(db.engine)


# --- SQLite --------------------------------------------------------------------------------------


class SqliteTarget:
    """A file that is written and checked under another name, and renamed at the end."""

    def __init__(self, path: Path, config: Config, stamp: str) -> None:
        self.path, self.config, self.stamp = path, config, stamp
        self.part = path.with_name(f".{path.name}.restoring")

    def rows(self) -> int:
        """Count the rows of the file that is there; 0, if there is none."""
        if not self.path.exists():
            return 0
        with closing(sqlite3.connect(self.path)) as connection:
            counts = sqlite_counts(connection)
        return sum(count for name, count in counts.items() if name != "alembic_version")

    @contextmanager
    def receiving(self, manifest: Manifest) -> Iterator[None]:
        """Write to a temporary file; move it into place at the end."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._forget_part()
        if self.path.exists():
            _fold_log(self.path)
        try:
            yield
            self._into_place()
        finally:
            self._forget_part()

    def receive(self, member: OpenMember) -> None:
        """Write the file of the database."""
        if member.name != SQLITE_FILE:
            raise BadBackup(f"{member.name} is for another kind of database.")
        self.part.touch(mode=0o600)
        with self.part.open("wb") as file:
            file.writelines(member.pieces())

    @contextmanager
    def completed(self, manifest: Manifest) -> Iterator[None]:
        """Use it through an application of its own while it is still a temporary file."""
        _require_counts(self.part, manifest)
        app = create_app(replace(self.config, database_url=f"sqlite:///{self.part}"))
        with app.app_context():
            upgrade()
            try:
                with unit_of_work():
                    yield
            finally:
                close_connections()

    def _into_place(self) -> None:
        with closing(sqlite3.connect(self.part)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
        if self.path.exists():
            _fold_log(self.path)
            if self.rows():  # it stays beside the new one
                self.path.with_name(f"{self.path.name}.before-{self.stamp}").hardlink_to(self.path)
        for end in ("-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        self.part.replace(self.path)
        sync_folder(self.path.parent)

    def _forget_part(self) -> None:
        for left in self.part.parent.glob(f"{self.part.name}*"):
            left.unlink(missing_ok=True)


def _fold_log(path: Path) -> None:
    """Fold the write-ahead log of a database into its file, so that the file alone is complete.

    Raise `BadBackup` while someone has it open: what a running service writes meanwhile would be lost.
    """
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BadBackup(f"{path} is in use. Stop the service, and restore again.") from error


def _require_counts(path: Path, manifest: Manifest) -> None:
    if not path.exists():
        raise BadBackup("The backup does not contain a database.")
    with closing(sqlite3.connect(path)) as connection:
        of_modules = connection.execute("SELECT name FROM sqlite_master WHERE rootpage = 0")
        # Earlier backups counted an index of words, too, which not every SQLite can open.
        uncounted = {name for (name,) in of_modules}
        counted = {name: n for name, n in manifest.tables.items() if name not in uncounted}
        if sqlite_counts(connection) != counted:
            raise BadBackup("The database does not have the rows that it had in the backup.")


# --- PostgreSQL ------------------------------------------------------------------------------------


class PostgresTarget:
    """A database that gets everything in one transaction: schema, rows, what follows from them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.loader: loading.TableLoader | None = None

    def rows(self) -> int:
        """Count the existing rows."""
        with self.engine.connect() as connection:
            return loading.count_rows(connection)

    @contextmanager
    def receiving(self, manifest: Manifest) -> Iterator[None]:
        """Start with an empty schema as of the backup's migration; commit everything, or nothing."""
        with unit_of_work():
            without_time_limits(session.connection())
            loading.drop_everything(session.connection())
            self._migrate(manifest.migration)
            self.loader = loading.TableLoader(session.connection())
            self.loader.begin()
            yield

    def receive(self, member: OpenMember) -> None:
        """Write a piece of a table."""
        if self.loader is None:
            raise BadBackup("No restore is under way.")
        self.loader.load(member)

    @contextmanager
    def completed(self, manifest: Manifest) -> Iterator[None]:
        """Bring the schema up to date, in the same transaction."""
        if self.loader is None:
            raise BadBackup("No restore is under way.")
        self.loader.end(manifest)
        self._migrate("head")
        session.expire_all()
        yield

    def _migrate(self, revision: str) -> None:
        from alembic import command  # noqa: PLC0415 -- slow import, and only a restore needs it

        migrations: Any = current_app.extensions["migrate"]
        config = migrations.migrate.get_config(migrations.directory)
        config.attributes["connection"] = session.connection()
        command.upgrade(config, revision)
