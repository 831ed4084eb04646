"""The file of a backup under way: locked while it is written, so that another run can tell it from one that was left."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import time

from cissapp.operate.backups.rules import BadBackup

# No file of a run under way has rested for longer: systemd ends a run by then (`TimeoutStartSec` of its unit).
LONGEST = timedelta(hours=6)
# A file system without locks, or one that refuses this lock to the way in which the file is opened.
NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF})


def created(path: Path) -> int:
    """Create a file, locked for as long as it is open, and return its descriptor; raise `BadBackup`, leaving none."""
    with another_run_in_words():
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            lock(opened)
            _check_at(path, opened)
        except BaseException:
            if _is_at(path, opened):
                path.unlink(missing_ok=True)
            os.close(opened)
            raise
    return opened


def _check_at(path: Path, opened: int) -> None:
    """Raise `BlockingIOError` if another run took it for one that was left, before it was locked."""
    if not _is_at(path, opened):
        raise BlockingIOError(errno.EAGAIN, "removed by another run", str(path))


def _is_at(path: Path, opened: int) -> bool:
    """Check that a file still has its name; on NFS an unlinked one that is open keeps a hidden one."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(opened))
    return False


def lock(opened: int) -> None:
    """Lock an open file, without waiting; raise `BlockingIOError`. Goes on unlocked where there are no locks."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise


@contextmanager
def another_run_in_words() -> Iterator[None]:
    """Raise `BadBackup` if another run has the file."""
    try:
        yield
    except (FileExistsError, BlockingIOError) as error:
        raise BadBackup(
            "Another backup is being made, so this one did nothing. Try again later."
        ) from error


def remove_left(path: Path) -> None:
    """Remove the file of a run that was killed, not that of one under way; one that cannot be removed stays.

    Where no lock can tell them apart, as with a file of another user, it is one that has rested for long.
    """
    with suppress(OSError):
        try:
            with path.open(
                "r+b"
            ) as file:  # NFS locks for one reader alone only what is open for writing
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
        except BlockingIOError:
            return
        except OSError:
            if time() - path.stat().st_mtime > LONGEST.total_seconds():
                path.unlink(missing_ok=True)
