"""A folder in the form of BagIt 1.0 (RFC 8493): written with the hash of everything, and read only if whole."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.review.briefs.archive.manifests import (
    DATA,
    DECLARATION,
    DECLARED,
    INFO,
    Payload,
    manifest,
    tag_manifest,
)

ALGORITHM = "sha256"
MANIFEST, TAGS = manifest(ALGORITHM), tag_manifest(ALGORITHM)
PIECE = 1 << 20


class BadBag(Exception):
    """An export is incomplete, or is not one; the message is a sentence."""


class BagWriter(Struct):
    """A bag that is written to a temporary folder, and moved into place when it is complete."""

    folder: Path
    payload: Payload = field(default_factory=lambda: Payload([ALGORITHM]))

    @property
    def beside(self) -> Path:
        """The folder in which the bag is written until it is complete."""
        return self.folder.with_name(f".{self.folder.name}.part")

    def begin(self) -> None:
        """Create the folder; refuse a place that is in use."""
        if self.folder.exists():
            raise BadBag(f"{self.folder} already exists. Name a new folder.")
        self.discard()
        (self.beside / DATA).mkdir(parents=True, mode=0o700)

    def discard(self) -> None:
        """Remove what was written of a bag that is not complete; it holds personal data."""
        shutil.rmtree(self.beside, ignore_errors=True)

    def write(self, path: str, pieces: Iterable[bytes]) -> str:
        """Write a file below `data/`, piece by piece; return its hash."""
        target = self.beside / DATA / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.writelines(self.payload.pass_on(path, pieces))
            file.flush()
            os.fsync(file.fileno())
        return self.payload.hashes[path][0]

    def has(self, path: str) -> bool:
        """Return whether a file is there already."""
        return path in self.payload.hashes

    def close(self, *, at: datetime, info: Mapping[str, str]) -> str:
        """Write the manifests and put the bag into its place; return its seal."""
        payload = replace(self.payload, hashes=dict(sorted(self.payload.hashes.items())))
        tags = payload.tag_files(
            {"Bagging-Date": at.date().isoformat(), "Payload-Oxum": payload.oxum, **info}
        )
        for name, text in tags.items():
            (self.beside / name).write_bytes(text.encode())
        self.beside.rename(self.folder)
        return seal_of(tags[TAGS])


def seal_of(tags: str) -> str:
    """Return the hash that identifies a whole bag."""
    return hashlib.sha256(tags.encode()).hexdigest()


# --- reading -----------------------------------------------------------------------------------


class ExportBag(Struct, frozen=True):
    """A bag whose every file was compared with its hash."""

    folder: Path
    payload: Mapping[str, str]
    seal: str

    def read(self, path: str) -> bytes:
        """Read a file below `data/`; raise `BadBag` if it has changed since it was compared."""
        if path not in self.payload:
            raise BadBag(f"The export does not contain {DATA}{path}.")
        content = (self.folder / DATA / path).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.payload[path]:
            raise BadBag(f"{DATA}{path} changed while it was being read. Nothing was imported.")
        return content

    def lines(self, path: str) -> Iterator[bytes]:
        """Yield a file line by line."""
        if path not in self.payload:
            raise BadBag(f"The export does not contain {DATA}{path}.")
        with (self.folder / DATA / path).open("rb") as file:
            yield from file


def opened(folder: Path) -> ExportBag:
    """Open a bag and compare every file with its hash; raise `BadBag` with what is wrong first."""
    if _text(folder, DECLARED) != DECLARATION:
        raise BadBag(f"{folder} is not an export: its {DECLARED} does not declare one.")
    tags = _text(folder, TAGS)
    for name, sha256 in _manifest(tags, TAGS).items():
        _compare(folder, name, sha256)
    if _names(tags) != {DECLARED, INFO, MANIFEST}:
        raise BadBag(f"{TAGS} does not list {DECLARED}, {INFO} and {MANIFEST}.")
    payload = _manifest(_text(folder, MANIFEST), MANIFEST)
    there = set(_there(folder))
    for name in sorted(there - payload.keys()):
        raise BadBag(f"{name} is not in the list of files. It was added after the export.")
    for name, sha256 in payload.items():
        _compare(folder, name, sha256)
    inner = {name.removeprefix(DATA): sha256 for name, sha256 in payload.items()}
    return ExportBag(folder, inner, seal_of(tags))


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadBag(f"{folder} is not a complete export: {name} cannot be read.") from error


def _names(text: str) -> set[str]:
    return set(_manifest(text, TAGS))


def _manifest(text: str, name: str) -> dict[str, str]:
    """Parse a manifest; raise `BadBag` if a path leads out of the bag."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        sha256, _, path = line.partition("  ")
        inside = PurePosixPath(path)
        wrong = inside.is_absolute() or ".." in inside.parts or path != str(inside)
        outside = name == MANIFEST and not path.startswith(DATA)
        if len(sha256) != 64 or not path or wrong or outside or path in found:
            raise BadBag(f"{name} contains a line that cannot be read: {line[:120]}")
        found[path] = sha256
    return found


def _there(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder / DATA):
        for name in [*folders, *names]:
            path = Path(parent, name)
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise BadBag(f"{shown} is a link. An export contains only files.")
            if path.is_file():
                yield shown


def _compare(folder: Path, name: str, sha256: str) -> None:
    digest = hashlib.sha256()
    try:
        with (folder / name).open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError as error:
        raise BadBag(f"{name} is missing. Copy the export again.") from error
    if digest.hexdigest() != sha256:
        raise BadBag(
            f"{name} was changed after the export: its SHA-256 differs. Copy the export again."
        )
