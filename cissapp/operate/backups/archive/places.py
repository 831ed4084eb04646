"""Where backups are stored: a folder, or an S3-compatible bucket. Only complete files have a name there."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol, cast
from urllib.parse import urlsplit

import obstore
from msgspec import Struct
from obstore.exceptions import BaseError

from cissapp.foundation.core.network.bucket import S3FileStore
from cissapp.operate.backups.archive.part_files import created, remove_left
from cissapp.operate.backups.rules import BadBackup, moment_of

SUFFIXES = (".age", ".tar")


class StoredBackup(Struct, frozen=True):
    """A stored backup."""

    name: str
    size: int


class Place(Protocol):
    """A place for backups."""

    def names(self) -> list[StoredBackup]:
        """List the stored backups, by name."""
        ...

    def room_for(self, size: int) -> None:
        """Raise `BadBackup` if there is no room for this many bytes."""
        ...

    def writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a new file for writing, as a context manager; it appears only once it is complete."""
        ...

    def reading(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file for reading, as a context manager."""
        ...

    def delete(self, name: str) -> None:
        """Remove a file."""
        ...


class FolderPlace:
    """A folder that only its owner can access."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[StoredBackup]:
        """List the backups of the folder."""
        if not self.folder.is_dir():
            return []
        found = (one for one in self.folder.iterdir() if one.is_file() and moment_of(one.name))
        return sorted((StoredBackup(one.name, one.stat().st_size) for one in found), key=_by_name)

    def room_for(self, size: int) -> None:
        """Raise `BadBackup` if the disk lacks room; the folder is created if it is missing."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        require_room(self.folder, size)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Write to a temporary file, sync and rename it, then sync the folder."""
        path, beside = self.folder / name, self.folder / f".{name}.part"
        if path.exists():
            raise BadBackup(f"{path} already exists.")
        for left in self.folder.glob(".ciss-*.part"):
            remove_left(left)
        with os.fdopen(created(beside), "wb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                beside.rename(path)
                sync_folder(self.folder)
            finally:
                beside.unlink(missing_ok=True)

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file."""
        try:
            with (self.folder / name).open("rb") as file:
                yield file
        except FileNotFoundError as error:
            raise BadBackup(f"{self.folder / name} does not exist.") from error

    def delete(self, name: str) -> None:
        """Remove a file."""
        (self.folder / name).unlink(missing_ok=True)


class BucketPlace:
    """A bucket, where an object exists only once its last part has arrived."""

    def __init__(self, store: S3FileStore) -> None:
        self.store = store

    def names(self) -> list[StoredBackup]:
        """List the backups of the bucket."""
        with _told():
            found = [StoredBackup(one.key, one.size) for one in self.store.stored()]
        return sorted((one for one in found if moment_of(one.name)), key=_by_name)

    def room_for(self, size: int) -> None:
        """Check that the bucket can be reached; how much room it has cannot be known."""
        with _told():
            self.store.check()

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Upload part by part; nothing exists until the last step."""
        with _told():
            file = obstore.open_writer(self.store.store, self._key(name))
            yield cast("IO[bytes]", file)
            file.close()

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        """Fetch part by part."""
        with _told():
            yield cast("IO[bytes]", obstore.open_reader(self.store.store, self._key(name)))

    def delete(self, name: str) -> None:
        """Remove an object."""
        with _told():
            self.store.delete(name)

    def _key(self, name: str) -> str:
        return f"{self.store.prefix}/{name}" if self.store.prefix else name


def _by_name(one: StoredBackup) -> str:
    return one.name


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise BadBackup(f"The backup store cannot be used: {error}") from error


def require_room(folder: Path, size: int) -> None:
    """Raise `BadBackup` if the disk of a folder has fewer free bytes than this."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BadBackup(
            f"{folder} has {free:,} bytes free, but {size:,} are needed. Nothing was written. Free"
            " some space or use another folder."
        )


def sync_folder(folder: Path) -> None:
    """Sync the names of a folder, so that they survive power loss."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):
        os.fsync(opened)
    os.close(opened)


def place_of(to: str, s3_settings: Mapping[str, str]) -> tuple[Place, str | None]:
    """Return the place that a folder, file or `s3://bucket/prefix` names, and the name of the file, if any."""
    if not to.startswith("s3://"):
        path = Path(to)
        is_file = path.suffix in SUFFIXES and not path.is_dir()
        return (FolderPlace(path.parent), path.name) if is_file else (FolderPlace(path), None)
    parts = urlsplit(to)
    folder, _, name = parts.path.strip("/").rpartition("/")
    if not name.endswith(SUFFIXES):
        folder, name = parts.path.strip("/"), ""
    if not parts.netloc:
        raise BadBackup(f"{to}: must have the form s3://bucket or s3://bucket/prefix")
    return BucketPlace(S3FileStore(parts.netloc, folder, **s3_settings)), name or None
