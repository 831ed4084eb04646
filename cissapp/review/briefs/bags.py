"""Writes a bag: files with their hashes, as BagIt 1.0 (RFC 8493) has it, streamed as a ZIP file."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from cissapp.prepare.evidence.stored_files import Damaged

ALGORITHMS = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MISSING = "not-included.txt"
# What is packed already does not get smaller.
PACKED = (".pdf", ".docx", ".odt")
READABLE_FILE = 0o644 << 16


@dataclass(frozen=True)
class Entry:
    """A file of a bag: its path below `data/`, and how its bytes are got when their turn comes."""

    path: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Bag:
    """What is put into a bag: its name, its files, and lines for `bag-info.txt`."""

    name: str
    entries: Sequence[Entry]
    info: Mapping[str, str]
    at: datetime


def text_entry(path: str, text: str) -> Entry:
    """Make a file of a text."""
    return Entry(path, text.encode)


def streamed(bag: Bag) -> Iterator[bytes]:
    """Give the ZIP file piece by piece: at no time more than one file is in memory.

    A stored file that is gone or damaged is left out and named in `data/not-included.txt`, so that
    the bag stays whole and says what it lacks.
    """
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:
        packing = _Packing(archive, bag)
        for entry in bag.entries:
            packing.add(entry)
            yield from pipe.taken()
        packing.close()
        yield from pipe.taken()
    yield from pipe.taken()


class _Pipe:
    """Takes what a ZIP file writes, for the answer to take it on."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Take a piece."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Keep nothing back."""

    def close(self) -> None:
        """Have nothing to close."""

    def taken(self) -> list[bytes]:
        """Give what came since the last time."""
        pieces, self.pieces = self.pieces, []
        return pieces


@dataclass
class _Packing:
    """A bag that is being written: the hashes so far."""

    archive: ZipFile
    bag: Bag
    payload: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, list[str]] = field(default_factory=lambda: {one: [] for one in ALGORITHMS})
    octets: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Write a file, or remember that it is missing."""
        try:
            content = entry.read()
        except Damaged:
            self.missing.append(entry.path)
            return
        path = f"data/{entry.path}"
        self._write(path, content)
        for algorithm, lines in self.manifests.items():
            lines.append(f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n")
        self.octets, self.files = self.octets + len(content), self.files + 1

    def close(self) -> None:
        """Write what says of the files what they are."""
        if self.missing:
            self.add(text_entry(MISSING, "".join(f"{path}\n" for path in self.missing)))
        tags = {
            "bagit.txt": DECLARATION,
            "bag-info.txt": self._info(),
            **{f"manifest-{name}.txt": "".join(lines) for name, lines in self.manifests.items()},
        }
        for path, text in tags.items():
            self._write(path, text.encode())
        for name in ALGORITHMS:
            lines = [
                f"{hashlib.new(name, text.encode()).hexdigest()}  {path}\n"
                for path, text in tags.items()
            ]
            self._write(f"tagmanifest-{name}.txt", "".join(lines).encode())

    def _info(self) -> str:
        own = {
            "Bagging-Date": self.bag.at.date().isoformat(),
            "Bag-Software-Agent": "CISS",
            "Payload-Oxum": f"{self.octets}.{self.files}",
        }
        lines = {**self.bag.info, **own}.items()
        return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines)

    def _write(self, path: str, content: bytes) -> None:
        info = ZipInfo(f"{self.bag.name}/{path}", self.bag.at.timetuple()[:6])
        info.external_attr = READABLE_FILE
        info.compress_type = ZIP_STORED if path.endswith(PACKED) else ZIP_DEFLATED
        self.archive.writestr(info, content)
