"""Files of keys: for their owner only, kept through power loss, changed by one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cissapp.foundation.signing.keys.errors import ExposedKeys

FOLDER_MODE = 0o700
FILE_MODE = 0o600
# What others on the machine may never do: access a secret, or write a public file.
OTHERS = 0o077
OTHERS_WRITE = 0o022


def make_folder(folder: Path) -> None:
    """Create the folder of the keys, for its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)


def write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, and that survives power loss."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _keep_names(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Replace a file: readers see the old one or the new one, whole."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    write(beside, content)
    beside.replace(path)
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Sync the names in a folder, so that they survive power loss as well."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold a lock, so that other processes and threads wait before they change the keys."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def refuse_exposed(path: Path, *, secret: bool = True) -> None:
    """Refuse a folder or a file that others can read (or write, where it holds no secret)."""
    mode = path.stat().st_mode
    if mode & (OTHERS if secret else OTHERS_WRITE):
        allowed = FOLDER_MODE if path.is_dir() else FILE_MODE
        what = "read" if secret else "change"
        raise ExposedKeys(
            f"Other users of this machine can {what} {path}. Nothing is signed until this is"
            f" fixed. Run `chmod {allowed:o} {path}`."
        )
