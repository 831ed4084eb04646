"""Files: stored once under a random key, durable before it is acknowledged, overwritten only by `replace`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, current_app

from cissapp.foundation.core.network.file_stores import FileStore, StorageEntry, StoreAway

__all__ = ["FileStore", "LocalStore", "StorageEntry", "StoreAway", "files", "init_app", "store_at"]


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


def store_at(url: str, **s3_settings: str) -> FileStore:
    """Open `file:///folder` or `s3://bucket/prefix`; raise ValueError for anything else.

    An S3 service is found by `endpoint`, `region`, `access_key_id` and `secret_access_key`.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return LocalStore(Path(parts.path))
    if parts.scheme == "s3" and parts.netloc:
        # A library of 4 MB, and few installations have a bucket.
        from cissapp.foundation.core.network.bucket import S3FileStore  # noqa: PLC0415 -- see above

        return S3FileStore(parts.netloc, parts.path.strip("/"), **s3_settings)
    raise ValueError("must begin with file:/// or s3://bucket")


def init_app(app: Flask, url: str, s3_settings: Mapping[str, str]) -> None:
    """Open the application's store."""
    app.extensions["ciss-files"] = store_at(url, **s3_settings)


def files() -> FileStore:
    """Return the application's store."""
    store: FileStore = current_app.extensions["ciss-files"]
    return store
