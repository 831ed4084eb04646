"""Caches content that was read and checked, so the next start need not read a thousand texts again.

A cached entry is valid only for the exact files and code it was built from: its name is a digest of them.
It is signed with the installation's secret, because unpickling it executes whatever it contains.
"""

import hashlib
import hmac
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from cissapp.foundation.content.values import Content

CODE = Path(__file__).parent
MARK = hashlib.sha256().digest_size


class KeptContent(Struct, frozen=True):
    """A folder in which content is cached, and the key that signs it."""

    folder: Path
    key: bytes

    def read(self, name: str) -> Content | None:
        """Return the content cached under a name; None if it is missing or not signed by us."""
        try:
            signed = (self.folder / name).read_bytes()
        except OSError:
            return None
        mark, packed = signed[:MARK], signed[MARK:]
        if not hmac.compare_digest(mark, self._mark(name, packed)):
            return None
        found = pickle.loads(packed)  # noqa: S301 -- signed with our key
        return found if isinstance(found, Content) else None

    def write(self, name: str, content: Content) -> None:
        """Cache content under a name and remove older entries; an unwritable folder only costs time."""
        packed = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = self.folder / f"{name}.{os.getpid()}"
            beside.write_bytes(self._mark(name, packed) + packed)
            beside.replace(self.folder / name)
            for older in self.folder.glob("content-*"):
                if older.name != name:
                    older.unlink(missing_ok=True)

    def _mark(self, name: str, packed: bytes) -> bytes:
        return hmac.digest(self.key, b"content|" + name.encode() + b"|" + packed, "sha256")


def name_of(root: Path) -> str:
    """Return the name under which a folder's content is cached: a digest of everything it depends on."""
    written_with = (sys.version, version("pydantic"), version("msgspec"))
    digest = hashlib.sha256("|".join(written_with).encode())
    for folder in (CODE, root):
        for entry in sorted(files_in(folder), key=lambda one: one.path):
            content = Path(entry.path).read_bytes()
            digest.update(f"|{entry.path[len(str(folder)) :]}:{len(content)}:".encode() + content)
    return f"content-{digest.hexdigest()[:32]}"


def files_in(folder: str | Path) -> Iterator["os.DirEntry[str]"]:
    """List the files in a folder and the folders in it, without compiled code."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from files_in(entry.path)
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield entry
