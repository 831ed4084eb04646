"""Makes a backup of the whole installation, and removes those that are too old."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from msgspec import Struct, field
from sqlalchemy.exc import SQLAlchemyError

from cissapp.certify.transparency.checking.log_keys import WITNESSES
from cissapp.foundation.core.db import db
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.command_faults import in_one_line, is_of_machine
from cissapp.foundation.core.installation.figures import software_version
from cissapp.foundation.core.storage import FileStore, StorageEntry
from cissapp.foundation.signing import keys
from cissapp.operate.backups import rules
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.places import Place
from cissapp.operate.backups.archive.tar_stream import BLOCK, Source, archive_of
from cissapp.operate.backups.rules import BadBackup, Manifest, Member
from cissapp.operate.backups.services import dumping
from cissapp.operate.backups.services.checking import check
from cissapp.operate.backups.services.dumping import DatabaseDump
from config import Config

Tell = Callable[[str], None]
EVERY = 1000


class BackupOrder(Struct, frozen=True):
    """What to back up, for whom, and where to."""

    place: Place
    name: str
    recipients: Sequence[encryption.Recipient]
    settings_file: Path | None
    private_keys: bool = True
    verify: bool = True


class BackupResult(Struct, frozen=True):
    """The backup that was made."""

    manifest: Manifest
    verified: bool


def make(
    order: BackupOrder, config: Config, store: FileStore, *, at: datetime, tell: Tell
) -> BackupResult:
    """Write a backup, and read it back from its place; raise `BadBackup`, leaving nothing, if either fails.

    The database is copied as of a single point in time. Files never change, so they are listed after that.
    """
    tell("Reading the database as it is now …")
    with _in_words(), dumping.held_still(db.engine) as dump:
        listed = _listed(store)
        needed = dump.size + sum(one.size + 2 * BLOCK for one in listed)
        tell(f"About {needed:,} bytes are needed for the backup.")
        order.place.room_for(needed)
        # A throwaway key, stored nowhere, with which the backup is read back at once.
        reader = encryption.new_identity()
        made = _write(_Backup(order, config, store, dump, listed, at, tell), reader)
    if order.verify:
        tell("Reading the backup back …")
        try:
            with _in_words():
                _verify(order, made, reader)
        except Exception:
            order.place.delete(order.name)
            raise
    return BackupResult(made, order.verify)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn an error of a disk, the store or the database into a `BadBackup`; any other is a bug, and stays."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:
        if not is_of_machine(error):
            raise
        raise BadBackup(
            f"The backup could not be made: {in_one_line(error)}. Nothing was kept of it. Fix the cause and"
            " back up again."
        ) from error


def _verify(order: BackupOrder, made: Manifest, reader: encryption.Identity) -> None:
    with order.place.reading(order.name) as file:
        found = check(file, [reader])
    if found.manifest.seal != made.seal:
        raise BadBackup(
            "The backup that was read back is not the one that was written. Make the backup again."
        )


def _listed(store: FileStore) -> list[StorageEntry]:
    """List the stored files, except those half written and those that a restore writes again."""
    found = (one for one in store.stored() if not one.key.startswith(rules.EXTENTS))
    whole = (one for one in found if not one.key.rpartition("/")[2].startswith("."))
    return sorted(whole, key=lambda one: one.key)


class _Backup(Struct):
    """A backup under way."""

    order: BackupOrder
    config: Config
    store: FileStore
    dump: DatabaseDump
    listed: list[StorageEntry]
    at: datetime
    tell: Tell
    missing: list[str] = field(default_factory=list)

    def sources(self) -> Iterator[Source]:
        """Yield the sources of the members, in order."""
        if self.order.settings_file:
            yield _of_file(rules.SETTINGS, self.order.settings_file)
        for path in self._key_files():
            yield _of_file(f"{rules.KEYS}{path.name}", path)
        yield from self.dump.sources
        self.tell(f"The database is in the backup. Writing {counted(len(self.listed), 'file')} …")
        for number, entry in enumerate(self.listed, start=1):
            try:
                content = self.store.get(entry.key)
            except FileNotFoundError:
                self.missing.append(entry.key)
                continue
            yield Source(f"{rules.FILES}{entry.key}", len(content), [content])
            if number % EVERY == 0:
                self.tell(f"{number:,} of {counted(len(self.listed), 'file')}")

    def _key_files(self) -> Iterator[Path]:
        folder = self.config.keys_dir
        public = {keys.PUBLIC, WITNESSES}
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            wanted = self.order.private_keys or path.name in public
            if wanted and path.is_file() and not path.name.startswith("."):
                yield path

    def manifest(self, members: list[Member]) -> Manifest:
        """Return the manifest: what the backup holds, and as of which time."""
        return Manifest(
            made_at=self.at,
            base_url=self.config.base_url,
            software=software_version(),
            migration=self.dump.migration,
            engine=self.dump.engine,
            secret_mark=rules.secret_mark(self.config.secret_key),
            private_keys=self.order.private_keys,
            log_entries=self.dump.log_entries,
            trail_last_id=self.dump.trail_last_id,
            tables=self.dump.tables,
            sequences=self.dump.sequences,
            missing=tuple(self.missing),
            members=tuple(members),
        ).marked(self.config.secret_key)


def _of_file(name: str, path: Path) -> Source:
    content = path.read_bytes()
    return Source(name, len(content), [content])


def _write(backup: _Backup, reader: encryption.Identity) -> Manifest:
    made: list[Manifest] = []

    def manifest_of(members: list[Member]) -> bytes:
        made.append(backup.manifest(members))
        return made[0].text.encode()

    pieces = archive_of(backup.sources(), manifest_of)
    with backup.order.place.writing(backup.order.name) as file:
        if backup.order.recipients:
            encryption.encrypt(pieces, file, [*backup.order.recipients, reader.to_public()])
        else:
            for piece in pieces:
                file.write(piece)
    return made[0]


def remove_old(place: Place, *, at: datetime, keep_days: int, tell: Tell) -> list[str]:
    """Remove the backups that are too old; return their names, and tell which are kept because of a doubt."""
    found = rules.ages_of((one.name for one in place.names()), at=at, keep_days=keep_days)
    for name in found.too_old:
        place.delete(name)
    if found.in_doubt:
        tell(
            f"Kept although more than {keep_days} days old by this clock:"
            f" {counted(len(found.in_doubt), 'backup')}. None was made for more than"
            f" {rules.MOST_APART.days} days after them, so the clock may be wrong. They will be"
            f" deleted once there are backups of {keep_days} days after that pause."
        )
    if found.of_the_future:
        tell(
            f"Dated in the future: {', '.join(found.of_the_future)}. Check this machine's clock."
            f" If it was wrong before, delete these backups by hand within {keep_days} days."
        )
    return found.too_old
