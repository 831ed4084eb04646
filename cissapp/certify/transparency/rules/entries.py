"""The entries of the log, which hide what they are about until someone reveals the salt."""

import base64
import binascii
import hashlib
from typing import Any

from msgspec import Struct

from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.transparency.rules.merkle import leaf_hash

FORMAT = "ciss-log-1"
SALT_LENGTH = 32
MOST_ENTRIES = 1000

# Events of existing certificates. That a number was reserved for one does not concern others.
LOGGED = frozenset(
    {
        RegisterEvent.ISSUED,
        RegisterEvent.SUSPENDED,
        RegisterEvent.REINSTATED,
        RegisterEvent.WITHDRAWN,
        RegisterEvent.REPLACED,
    }
)
# The fields that an entry repeats from its row of the register.
REPEATED = ("number", "event", "at", "facts_sha256", "file_sha256")


def commitment(salt: bytes, event: str) -> bytes:
    """Compute the data of an entry: without the salt nobody can guess the event by trying."""
    return hashlib.sha256(salt + event.encode()).digest()


class PublicEntry(Struct, frozen=True):
    """An entry as published; `stated` is the hash that came with it, if any."""

    index: int
    data: bytes
    stated: bytes | None = None

    @property
    def hash(self) -> bytes:
        """The hash of the entry in the tree."""
        return leaf_hash(self.data)


def base64_of(value: bytes) -> str:
    """Write bytes for JSON."""
    return base64.b64encode(value).decode()


def from_base64(value: Any) -> bytes:
    """Decode bytes from JSON; raise `ValueError`."""
    if not isinstance(value, str):
        raise ValueError("Base64 must be text")  # noqa: TRY004 -- callers treat all bad input alike
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("this is not Base64") from error


def hash_in(text: str) -> bytes:
    """Read a hash from an address, as 64 hexadecimal digits or as Base64; raise ValueError."""
    # A plus sign that was not encoded in an address arrives as a space.
    plain = text.strip("\n").replace(" ", "+").replace("-", "+").replace("_", "/")
    value = bytes.fromhex(text) if len(text) == 64 else from_base64(plain)
    if len(value) != 32:
        raise ValueError("a hash must have 32 bytes")
    return value
