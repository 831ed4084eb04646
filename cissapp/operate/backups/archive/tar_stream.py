"""A tar archive as a stream: written piece by piece with a hash of each member, and read in one go."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Protocol

from msgspec import Struct

from cissapp.operate.backups.rules import MANIFEST, BadBackup, Member, is_member

PIECE = 1 << 20
BLOCK = 512
END = bytes(2 * BLOCK)
NOT_WHOLE = "The file is not a backup, or it is incomplete."


class Source(Struct, frozen=True):
    """The source of a member: its name, its size, and where its bytes come from."""

    name: str
    size: int
    pieces: Iterable[bytes]


def archive_of(
    sources: Iterable[Source], manifest_of: Callable[[list[Member]], bytes]
) -> Iterator[bytes]:
    """Yield the archive in pieces; its last member lists the others."""
    written: list[Member] = []
    for source in sources:
        digest, size = hashlib.sha256(), 0
        yield _header(source.name, source.size)
        for piece in source.pieces:
            digest.update(piece)
            size += len(piece)
            yield piece
        if size != source.size:
            raise BadBackup(
                f"{source.name} changed while it was being read. Make the backup again."
            )
        yield _padding(size)
        written.append(Member(source.name, digest.hexdigest(), size))
    manifest = manifest_of(written)
    yield _header(MANIFEST, len(manifest))
    yield manifest
    yield _padding(len(manifest)) + END


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8")


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


class PieceReader(io.RawIOBase):
    """A file object that reads pieces of bytes from beginning to end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer
        """Fill a buffer with the next bytes; return the number, 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class Readable(Protocol):
    """A source from which bytes are read in order."""

    def read(self, size: int = -1, /) -> bytes:
        """Read the next bytes; return none at the end."""
        ...


class OpenMember(Struct, frozen=True):
    """A member whose bytes must be read before the next member."""

    name: str
    size: int
    file: Readable

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes."""
        while piece := self.file.read(PIECE):
            yield piece


class _Inside:
    """The bytes of a member; reading raises `BadBackup` if the archive ends inside it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Read the next bytes."""
        try:
            return self._file.read(size)
        except (tarfile.TarError, EOFError) as error:
            raise BadBackup(NOT_WHOLE) from error


def members_of(file: IO[bytes]) -> Iterator[OpenMember]:
    """Yield each member of an archive; raise `BadBackup` if one does not belong in a backup."""
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for info in tar:
                opened = tar.extractfile(info) if info.isreg() else None
                if opened is None or not is_member(info.name):
                    raise BadBackup(
                        f"The backup contains something that does not belong in one: {info.name}"
                    )
                yield OpenMember(info.name, info.size, _Inside(opened))
                tar.members.clear()  # type: ignore[attr-defined]  # or the list of all would stay in memory
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup(NOT_WHOLE) from error
