"""Signed notes, checkpoints and the cosignatures of witnesses.

The formats are those of C2SP: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint and
https://c2sp.org/tlog-cosignature (`cosignature/v1`, Ed25519).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from msgspec import Struct
from msgspec.structs import replace

from cissapp.certify.transparency.rules.merkle import LENGTH

DASH = "— "
ID_LENGTH, SIGNATURE_LENGTH, TIME_LENGTH = 4, 64, 8
MOST_SIGNATURES = 100
LONGEST = 200_000
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
LATEST = 2**63


class BadNote(ValueError):
    """A text is not a valid signed note, checkpoint or key."""


class KeyKind(IntEnum):
    """How a signature is made: the first byte of a key's public part."""

    SIGNATURE = 1
    COSIGNATURE = 4


class Signature(Struct, frozen=True):
    """A signature line of a note: the key's name and id, and what it signed with."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        """The line as it appears in the note, including its newline."""
        return f"{DASH}{self.name} {_b64(self.key_id + self.content)}\n"


class SignedNote(Struct, frozen=True):
    """A text, including its final newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"

    def signed_also(self, signatures: Iterable[Signature]) -> "SignedNote":
        """Return the note with those of the signatures that it lacks."""
        known = dict.fromkeys((*self.signatures, *signatures))
        return replace(self, signatures=tuple(known))


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _from_b64(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("this is not Base64") from error
    if _b64(value) != text:
        raise BadNote("this is not canonical Base64")
    return value


def read_note(raw: str) -> SignedNote:
    """Read a signed note; raise `BadNote`."""
    if len(raw) > LONGEST or any(mark < " " and mark != "\n" for mark in raw):
        raise BadNote("a note may only contain plain lines")
    text, blank, signatures = raw.rpartition("\n\n")
    if not blank or not text or not signatures.endswith("\n"):
        raise BadNote("a note must have a text, an empty line and signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("this note has too many signatures")
    return SignedNote(f"{text}\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, blank, content = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not blank or not is_name(name):
        raise BadNote("this is not a signature line")
    value = _from_b64(content)
    if len(value) <= ID_LENGTH:
        raise BadNote("this signature is too short")
    return Signature(name, value[:ID_LENGTH], value[ID_LENGTH:])


def is_name(name: str) -> bool:
    """Check that a name is valid for a key: no blanks and no plus."""
    return bool(name) and "+" not in name and not re.search(r"\s", name) and name.isprintable()


# --- keys ----------------------------------------------------------------------------------------


class Verifier(Struct, frozen=True):
    """The public key of a log or a witness, and the name under which it signs."""

    name: str
    kind: KeyKind
    public: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise BadNote("the name of a key must not contain spaces or a plus sign")
        if len(self.public) != LENGTH:
            raise BadNote("a public key must have 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes that identify the key in a signature line."""
        parts = (self.name.encode(), b"\n", bytes([self.kind]), self.public)
        return hashlib.sha256(b"".join(parts)).digest()[:ID_LENGTH]

    @property
    def vkey(self) -> str:
        """The key as one line for others: name, id and public part."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.public)}"

    def of(self, note: SignedNote) -> list[Signature]:
        """List the lines of a note that claim to be by this key."""
        return [
            one for one in note.signatures if (one.name, one.key_id) == (self.name, self.key_id)
        ]

    def made(self, signature: Signature, text: str) -> bool:
        """Check whether a signature is by this key, over this text."""
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            return False
        content, message = signature.content, text.encode()
        if self.kind is KeyKind.COSIGNATURE:
            if len(content) != TIME_LENGTH + SIGNATURE_LENGTH:
                return False
            seconds, content = _seconds(signature), content[TIME_LENGTH:]
            message = _cosigned(text, seconds)
            if seconds >= LATEST:
                return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(content, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def signed(self, note: SignedNote) -> bool:
        """Check whether this key signed the note; any false claim to be by it makes the answer no."""
        lines = self.of(note)
        return bool(lines) and all(self.made(line, note.text) for line in lines)


def read_vkey(line: str) -> Verifier:
    """Read a key that was written as one line; raise `BadNote`."""
    parts = line.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("a public key must have the form name+id+key")
    value = _from_b64(parts[2])
    if not value or value[0] not in set(KeyKind):
        raise BadNote("this is not an Ed25519 key of a log or a witness")
    found = Verifier(parts[0], KeyKind(value[0]), value[1:])
    if found.key_id.hex() != parts[1]:
        raise BadNote("the id of this key does not match it")
    return found


def _seconds(signature: Signature) -> int:
    return int.from_bytes(signature.content[:TIME_LENGTH], "big")


def cosigned_at(signature: Signature) -> datetime:
    """Return when a witness signed, by its own account."""
    return datetime.fromtimestamp(min(_seconds(signature), 253_402_300_799), UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosign(text: str, name: str, private: Ed25519PrivateKey, *, at: datetime) -> Signature:
    """Sign the text of a checkpoint as a witness."""
    seconds = int(at.timestamp())
    key = Verifier(name, KeyKind.COSIGNATURE, private.public_key().public_bytes_raw())
    content = seconds.to_bytes(TIME_LENGTH, "big") + private.sign(_cosigned(text, seconds))
    return Signature(name, key.key_id, content)


# --- checkpoints ---------------------------------------------------------------------------------


class Checkpoint(Struct, frozen=True):
    """A log's statement about itself: its name, its number of entries, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Parse the text of a checkpoint, ignoring lines after the third. Raise `BadNote`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise BadNote("a checkpoint must have at least three lines")
    if not NUMBER.fullmatch(lines[1]) or int(lines[1]) >= LATEST:
        raise BadNote("the size of a checkpoint must be a whole number")
    root = _from_b64(lines[2])
    if len(root) != LENGTH:
        raise BadNote("the root of a checkpoint must have 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def read_signed_checkpoint(raw: str, logs: Sequence[Verifier]) -> tuple[SignedNote, Checkpoint]:
    """Read a checkpoint that one of a log's keys signed; raise `BadNote` that says what is wrong."""
    note = read_note(raw)
    checkpoint = read_checkpoint(note.text)
    known = [key for key in logs if key.name == checkpoint.origin]
    if not known:
        raise BadNote(f"this checkpoint is from another log: {checkpoint.origin}")
    if not any(key.signed(note) for key in known):
        raise BadNote("this checkpoint is not signed with the log's key")
    return note, checkpoint
