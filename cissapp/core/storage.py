"""Files: stored once under a random key, durable before it is acknowledged, never overwritten."""

import os
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app
from obstore.store import S3Store


class FileStore(Protocol):
    """A place for files."""

    def put(self, key: str, content: bytes) -> None:
        """Store a file that survives power loss; raise FileExistsError if the key is taken."""
        ...

    def get(self, key: str) -> bytes:
        """Read a file; raise FileNotFoundError if there is none."""
        ...

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""
        ...

    def check(self) -> None:
        """Raise OSError if the store cannot be reached."""
        ...


class LocalStore:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        """Write beside, sync, link into place, sync the folder: a crash leaves the whole file or none."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        finally:
            beside.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, key: str) -> bytes:
        """Read a file."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def check(self) -> None:
        """Make sure that the folder is there and can be written."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK):
            raise PermissionError(f"{self.root} cannot be written")

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError("a key stays inside the store")
        return path


class S3FileStore:
    """A bucket of an S3-compatible service; credentials come from the environment as AWS names them."""

    def __init__(self, bucket: str, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        self.store = S3Store(bucket, **options)

    def put(self, key: str, content: bytes) -> None:
        """Create an object; an existing one is refused."""
        self.store.put(self._key(key), content, mode="create")

    def get(self, key: str) -> bytes:
        """Read an object."""
        return bytes(self.store.get(self._key(key)).bytes())

    def delete(self, key: str) -> None:
        """Remove an object."""
        self.store.delete(self._key(key))

    def check(self) -> None:
        """Ask the bucket for one key."""
        next(iter(self.store.list(self.prefix or None, chunk_size=1)), None)

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key


def store_at(url: str) -> FileStore:
    """Open `file:///folder` or `s3://bucket/prefix`; raise ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return LocalStore(Path(parts.path))
    if parts.scheme == "s3" and parts.netloc:
        return S3FileStore(parts.netloc, parts.path.strip("/"))
    raise ValueError("must begin with file:/// or s3://bucket")


def init_app(app: Flask, url: str) -> None:
    """Open the application's store."""
    app.extensions["ciss-files"] = store_at(url)


def files() -> FileStore:
    """Give the application's store."""
    store: FileStore = current_app.extensions["ciss-files"]
    return store
