"""What all file stores have in common, whether in a folder or in a bucket."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol


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
