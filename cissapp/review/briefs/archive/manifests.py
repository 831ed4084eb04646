"""The tag files of a bag according to BagIt 1.0 (RFC 8493), for a ZIP file and for a folder.

The library `bagit` only checks our bags in the tests. It does not write them: it handles folders only,
reads every file a second time for its hash, and declares an older version.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

DATA = "data/"
DECLARED, INFO = "bagit.txt", "bag-info.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Payload(Struct):
    """The files below `data/` in their order, with a hash for each of the algorithms."""

    algorithms: Sequence[str]
    hashes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    octets: int = 0

    def pass_on(self, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file, and record its hashes once the last one has passed."""
        digests = [hashlib.new(name) for name in self.algorithms]
        for piece in pieces:
            for digest in digests:
                digest.update(piece)
            self.octets += len(piece)
            yield piece
        self.hashes[path] = tuple(digest.hexdigest() for digest in digests)

    @property
    def oxum(self) -> str:
        """The number of bytes and files, which exposes an incomplete bag at once."""
        return f"{self.octets}.{len(self.hashes)}"

    def tag_files(self, info: Mapping[str, str]) -> dict[str, str]:
        """Return the tag files by name: declaration, lines of `info`, manifests, and tag manifests."""
        tags = {
            DECLARED: DECLARATION,
            INFO: "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info.items()),
        }
        for place, name in enumerate(self.algorithms):
            tags[manifest(name)] = _lines(
                (found[place], f"{DATA}{path}") for path, found in self.hashes.items()
            )
        return tags | {tag_manifest(name): _of_texts(name, tags) for name in self.algorithms}


def manifest(algorithm: str) -> str:
    """Return the name of the manifest of payload files."""
    return f"manifest-{algorithm}.txt"


def tag_manifest(algorithm: str) -> str:
    """Return the name of the manifest of all other files."""
    return f"tagmanifest-{algorithm}.txt"


def _of_texts(algorithm: str, texts: Mapping[str, str]) -> str:
    return _lines(
        (hashlib.new(algorithm, text.encode()).hexdigest(), path) for path, text in texts.items()
    )


def _lines(found: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {path}\n" for digest, path in found)
