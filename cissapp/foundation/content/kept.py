"""Keeps the content that was read and checked, so that the next start need not read a thousand texts again.

What is kept counts for exactly the files, and the code, that it was made from: their digests are its name. It is
signed with the secret of the installation, since reading it back runs whatever it says.
"""

import hashlib
import hmac
import os
import pickle
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from cissapp.foundation.content.values import Content

CODE = Path(__file__).parent
MARK = hashlib.sha256().digest_size


class KeptContent(Struct, frozen=True):
    """A folder where content is kept, and the key that signs it."""

    folder: Path
    key: bytes

    def read(self, name: str) -> Content | None:
        """Return what is kept under a name; None if it is not there, or not ours."""
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
        """Keep content under a name, and nothing older; a folder that cannot be written to only costs time."""
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
    """Return the name under which the content of a folder is kept: a digest of all that it depends on."""
    written_with = (sys.version, version("pydantic"), version("msgspec"))
    digest = hashlib.sha256("|".join(written_with).encode())
    for folder in (CODE, root):
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"|{path.relative_to(folder)}:{content}".encode())
    return f"content-{digest.hexdigest()[:32]}"
