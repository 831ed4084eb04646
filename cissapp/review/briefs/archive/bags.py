"""Writes a bag: files with their hashes in the format BagIt 1.0 (RFC 8493), streamed as a ZIP file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from msgspec import Struct, field

from cissapp.foundation.core.errors import Missing
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.review.briefs.archive.manifests import DATA, Payload

ALGORITHMS = ("sha256", "sha512")
MISSING = "not-included.txt"
# These formats are compressed already and would not get smaller.
PACKED = (".pdf", ".docx", ".odt")
READABLE_FILE = 0o644 << 16


class BagFile(Struct, frozen=True):
    """A file of a bag: its path below `data/`, and a function that reads its bytes when they are needed."""

    path: str
    read: Callable[[], bytes]


class BagContents(Struct, frozen=True):
    """The contents of a bag: its name, its files, and the lines of `bag-info.txt`."""

    name: str
    entries: Sequence[BagFile]
    info: Mapping[str, str]
    at: datetime


def text_file(path: str, text: str) -> BagFile:
    """Return a text as a file of a bag."""
    return BagFile(path, text.encode)


def stream_bag(bag: BagContents) -> Iterator[bytes]:
    """Stream the ZIP file piece by piece, with no more than one file in memory at any time.

    A stored file that is missing, damaged or was removed for good is left out and named in
    `data/not-included.txt`, so that the bag stays valid and lists what it lacks.
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
    """A file-like object that collects the output of a ZIP file for the response to pass on."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Store a piece until it is read."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: no piece is held back."""

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def taken(self) -> list[bytes]:
        """Return the pieces stored since the last call, and discard them."""
        pieces, self.pieces = self.pieces, []
        return pieces


class _Packing(Struct):
    """A bag that is being written."""

    archive: ZipFile
    bag: BagContents
    payload: Payload = field(default_factory=lambda: Payload(ALGORITHMS))
    missing: list[str] = field(default_factory=list)

    def add(self, entry: BagFile) -> None:
        """Write a file, or note that it is missing."""
        try:
            content = entry.read()
        except (DamagedFile, Missing):
            self.missing.append(entry.path)
            return
        for piece in self.payload.pass_on(entry.path, [content]):
            self._write(f"{DATA}{entry.path}", piece)

    def close(self) -> None:
        """Write the tag files, and the list of missing files if there are any."""
        if self.missing:
            self.add(text_file(MISSING, "".join(f"{path}\n" for path in self.missing)))
        info = {
            **self.bag.info,
            "Bagging-Date": self.bag.at.date().isoformat(),
            "Bag-Software-Agent": "CISS",
            "Payload-Oxum": self.payload.oxum,
        }
        for path, text in self.payload.tag_files(info).items():
            self._write(path, text.encode())

    def _write(self, path: str, content: bytes) -> None:
        info = ZipInfo(f"{self.bag.name}/{path}", self.bag.at.timetuple()[:6])
        info.external_attr = READABLE_FILE
        info.compress_type = ZIP_STORED if path.endswith(PACKED) else ZIP_DEFLATED
        self.archive.writestr(info, content)
