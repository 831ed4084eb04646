"""Reads a backup from its first byte to its last, and compares every hash, without writing anything."""

import hashlib
from collections.abc import Callable, Sequence
from typing import IO

from msgspec import Struct

from cissapp.certify.transparency.checking.log_keys import WITNESSES
from cissapp.foundation.signing import keys
from cissapp.operate.backups import rules
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.tar_stream import OpenMember, Readable, members_of
from cissapp.operate.backups.rules import BadBackup, Manifest, Member, read_manifest

# Public, small, and needed before anything is written.
LOOKED_AT = frozenset({f"{rules.KEYS}{keys.PUBLIC}", f"{rules.KEYS}{WITNESSES}"})
LARGEST_SMALL = 10_000_000

# Processes a member of a backup while it is being read.
Receive = Callable[[OpenMember], None]


class CheckedBackup(Struct, frozen=True):
    """A backup with every member verified; `small` holds its public keys."""

    manifest: Manifest
    small: dict[str, bytes]


def check(file: IO[bytes], identities: Sequence[encryption.Identity]) -> CheckedBackup:
    """Decrypt a backup and compare every hash; raise `BadBackup` with the first thing that is wrong."""
    found: list[Member] = []
    small: dict[str, bytes] = {}
    with encryption.opened(file, identities) as plain:
        for member in members_of(plain):
            if member.name == rules.MANIFEST or (
                member.name in LOOKED_AT and member.size < LARGEST_SMALL
            ):
                small[member.name] = content = member.file.read()
                found.append(Member(member.name, hashlib.sha256(content).hexdigest(), len(content)))
            else:
                found.append(_hashed(member))
    if not found or found[-1].name != rules.MANIFEST:
        raise BadBackup(
            "The file has no list of contents. It is not a backup, or it is incomplete."
        )
    manifest = read_manifest(small.pop(rules.MANIFEST))
    _compare(found[:-1], manifest)
    return CheckedBackup(manifest, small)


def _hashed(member: OpenMember) -> Member:
    digest, size = hashlib.sha256(), 0
    for piece in member.pieces():
        digest.update(piece)
        size += len(piece)
    return Member(member.name, digest.hexdigest(), size)


def _compare(found: list[Member], manifest: Manifest) -> None:
    if len({one.name for one in found}) != len(found):
        raise BadBackup("The backup contains a file twice.")
    for there, wanted in zip(found, manifest.members, strict=False):
        if there != wanted:
            raise BadBackup(f"{there.name} was changed after the backup was made.")
    if len(found) != len(manifest.members):
        raise BadBackup("The backup does not contain all the files in its list of contents.")


def read_again(
    file: IO[bytes],
    identities: Sequence[encryption.Identity],
    manifest: Manifest,
    receive: Receive,
) -> None:
    """Read a checked backup again, and pass each member on; raise `BadBackup` if it changed meanwhile."""
    wanted = iter(manifest.members)
    with encryption.opened(file, identities) as plain:
        for member in members_of(plain):
            if member.name == rules.MANIFEST:
                if read_manifest(member.file.read()) != manifest:
                    raise BadBackup("The backup changed while it was being read.")
                continue
            expected = next(wanted, None)
            hashing = HashingFile(member.file)
            receive(OpenMember(member.name, member.size, hashing))
            hashing.drain()
            if expected != Member(member.name, hashing.sha256, hashing.size):
                raise BadBackup(f"{member.name} changed while it was being read.")


class HashingFile:
    """A file that hashes what is read from it."""

    def __init__(self, file: Readable) -> None:
        self._file, self._digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        """Read the next bytes."""
        piece = self._file.read(size)
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    def drain(self) -> None:
        """Read the rest."""
        while self.read(1 << 20):
            pass

    @property
    def sha256(self) -> str:
        """The hash of everything read so far."""
        return self._digest.hexdigest()
