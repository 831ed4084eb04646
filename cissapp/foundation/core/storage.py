"""Files: stored once under a random key, durable before it is acknowledged, overwritten only by `replace`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, current_app
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from cissapp.foundation.core.engines.outages import Outage

RETRIES: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=10)}
# The largest upload takes seconds. A service that hangs holds up each waiting thread for this long.
PATIENCE: Any = {"connect_timeout": "3s", "timeout": "15s"}
# A long file is read in requests of this size, since the timeout is for a whole request.
PIECE_BYTES = 8_000_000
AWAY_FOR = 3.0
# This many threads of a process may wait for the service; the others answer requests that need no file.
AT_ONCE, TURN_SECONDS = 4, 2.0


class StoreAway(OSError):
    """Raised when the file store is not answering now; the same request may be repeated."""


@dataclass(frozen=True)
class StorageEntry:
    """A stored file: its key, when it was written, and its size in bytes."""

    key: str
    stored_at: datetime
    size: int = field(default=0, compare=False)


class FileStore(Protocol):
    """A place for files."""

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Store a file that survives power loss; raise FileExistsError if the key is taken."""
        ...

    def replace(self, key: str, content: bytes) -> None:
        """Replace the file with this key atomically; for data of which only the newest version counts."""
        ...

    def get(self, key: str) -> bytes:
        """Read a file; raise FileNotFoundError if there is none."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a file that is too large to hold in memory; raise FileNotFoundError if there is none."""
        ...

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""
        ...

    def stored(self) -> Iterator[StorageEntry]:
        """List every file, including those that a crash left half written."""
        ...

    def check(self) -> None:
        """Raise OSError if the store cannot be reached."""
        ...


class LocalStore:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Write a temporary file, sync, link, sync the folder: a crash leaves the whole file or none."""
        with self._written_beside(key, content) as (beside, path):
            os.link(beside, path)

    def replace(self, key: str, content: bytes) -> None:
        """Write a temporary file, sync, rename, sync the folder: a crash leaves the old file or the new."""
        with self._written_beside(key, content) as (beside, path):
            beside.replace(path)

    @contextmanager
    def _written_beside(self, key: str, content: bytes | BinaryIO) -> Iterator[tuple[Path, Path]]:
        path = self._path(key)
        fresh = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with beside.open("wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
            yield beside, path
        finally:
            beside.unlink(missing_ok=True)
        for folder in [path.parent, *(one.parent for one in fresh)]:
            _sync(folder)

    def get(self, key: str) -> bytes:
        """Read a file."""
        return self._path(key).read_bytes()

    def open(self, key: str) -> BinaryIO:
        """Open a file."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def stored(self) -> Iterator[StorageEntry]:
        """List the files in the folder, skipping any that are deleted meanwhile."""
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue
                yield StorageEntry(
                    path.relative_to(self.root).as_posix(),
                    datetime.fromtimestamp(found.st_mtime, UTC),
                    found.st_size,
                )

    def check(self) -> None:
        """Check that the folder is writable, creating it if needed."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK):
            raise PermissionError(f"{self.root} cannot be written")

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError("a key must not lead out of the store")
        return path


def _sync(folder: Path) -> None:
    """Sync a folder, so that what was linked into it survives power loss."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class S3FileStore:
    """A bucket of an S3-compatible service; missing settings come from the AWS environment variables."""

    def __init__(self, bucket: str, prefix: str, **options: Any) -> None:
        self.bucket = bucket
        self.prefix = prefix
        if options.get("endpoint", "").startswith("http://"):  # in a network of its own
            options["allow_http"] = "true"
        self.store = S3Store(bucket, retry_config=RETRIES, **PATIENCE, **options)
        self.outage = Outage(AWAY_FOR)
        self.turns = BoundedSemaphore(AT_ONCE)

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Create an object; raise FileExistsError if it exists. Large files go in pieces, each with a timeout."""
        with self._as_on_a_disk(key):
            if isinstance(content, bytes):
                self.store.put(self._key(key), content, mode="create")
            elif self._is_there(key):
                raise FileExistsError(key)
            else:
                self.store.put(self._key(key), content)

    def replace(self, key: str, content: bytes) -> None:
        """Write an object, whether or not it exists."""
        with self._as_on_a_disk(key):
            self.store.put(self._key(key), content, mode="overwrite")

    def get(self, key: str) -> bytes:
        """Read an object."""
        with self._as_on_a_disk(key):
            return bytes(self.store.get(self._key(key)).bytes())

    def open(self, key: str) -> BinaryIO:
        """Copy an object into a temporary file, which is removed when closed. Each piece has a timeout of its own."""
        file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 -- whoever asked for it closes it
        try:
            with self._as_on_a_disk(key):
                whole = self.store.get(self._key(key))
                size = whole.meta["size"]
                if size <= PIECE_BYTES:
                    file.write(whole.bytes())
            del whole  # what was not read of it is not sent
            for start in range(0, size if size > PIECE_BYTES else 0, PIECE_BYTES):
                with self._as_on_a_disk(key):
                    end = min(start + PIECE_BYTES, size)
                    piece = self.store.get_range(self._key(key), start=start, end=end)
                file.write(piece)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def delete(self, key: str) -> None:
        """Remove an object."""
        with self._as_on_a_disk(key):
            self.store.delete(self._key(key))

    def stored(self) -> Iterator[StorageEntry]:
        """List the objects under the prefix."""
        with self._as_on_a_disk(self.bucket):
            for one in (one for some in self.store.list(self.prefix or None) for one in some):
                key = one["path"].removeprefix(f"{self.prefix}/" if self.prefix else "")
                yield StorageEntry(key, one["last_modified"].astimezone(UTC), one["size"])

    def check(self) -> None:
        """Ask the bucket for one key."""
        with self._as_on_a_disk(self.bucket):
            next(iter(self.store.list(self.prefix or None, chunk_size=1)), None)

    def _is_there(self, key: str) -> bool:
        try:
            self.store.head(self._key(key))
        except (NotFoundError, FileNotFoundError) as error:
            if "NoSuchBucket" in str(error):
                raise
            return False
        return True

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    @contextmanager
    def _as_on_a_disk(self, key: str) -> Iterator[None]:
        """Translate errors to those of a folder, and raise `StoreAway` if the service itself fails."""
        if not self.outage.may_ask():
            raise StoreAway(f"{self.bucket}: does not answer")
        if not self.turns.acquire(timeout=TURN_SECONDS):
            raise StoreAway(f"{self.bucket}: too many requests are waiting")
        try:
            yield
        except (AlreadyExistsError, FileExistsError) as error:
            self.outage.end()
            raise FileExistsError(key) from error
        except (NotFoundError, FileNotFoundError) as error:
            # Otherwise every file would appear lost, and a failed write would look like our own fault.
            if "NoSuchBucket" in str(error):
                raise StoreAway(f"{self.bucket}: the bucket does not exist") from error
            self.outage.end()
            raise FileNotFoundError(f"{self.bucket}: {key}") from error
        except BaseError as error:
            self.outage.begin()
            raise StoreAway(f"{self.bucket}: {error}") from error
        else:
            self.outage.end()
        finally:
            self.turns.release()


def store_at(url: str, **s3_settings: str) -> FileStore:
    """Open `file:///folder` or `s3://bucket/prefix`; raise ValueError for anything else.

    An S3 service is found by `endpoint`, `region`, `access_key_id` and `secret_access_key`.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return LocalStore(Path(parts.path))
    if parts.scheme == "s3" and parts.netloc:
        return S3FileStore(parts.netloc, parts.path.strip("/"), **s3_settings)
    raise ValueError("must begin with file:/// or s3://bucket")


def init_app(app: Flask, url: str, s3_settings: Mapping[str, str]) -> None:
    """Open the application's store."""
    app.extensions["ciss-files"] = store_at(url, **s3_settings)


def files() -> FileStore:
    """Return the application's store."""
    store: FileStore = current_app.extensions["ciss-files"]
    return store
