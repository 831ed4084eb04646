"""What stands in the log, and how an entry hides what it is about until somebody shows the salt."""

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

# What happens to a certificate that exists. That a number was set aside for one is no news for others.
LOGGED = frozenset(
    {
        RegisterEvent.ISSUED,
        RegisterEvent.SUSPENDED,
        RegisterEvent.REINSTATED,
        RegisterEvent.WITHDRAWN,
        RegisterEvent.REPLACED,
    }
)
# What the text of an entry repeats of the row of the register that it stands for.
REPEATED = ("number", "event", "at", "facts_sha256", "file_sha256")


def commitment(salt: bytes, event: str) -> bytes:
    """Compute the data of an entry: without the salt nobody can try events until one fits."""
    return hashlib.sha256(salt + event.encode()).digest()


class PublicEntry(Struct, frozen=True):
    """An entry as everybody may see it; `stated` is the hash that was given beside it, if one was."""

    index: int
    data: bytes
    stated: bytes | None = None

    @property
    def hash(self) -> bytes:
        """The hash that stands in the tree."""
        return leaf_hash(self.data)


def base64_of(value: bytes) -> str:
    """Write bytes for JSON."""
    return base64.b64encode(value).decode()


def from_base64(value: Any) -> bytes:
    """Read bytes from JSON; raise ValueError."""
    if not isinstance(value, str):
        raise ValueError("Base64 is a text")  # noqa: TRY004 -- callers treat all bad input alike
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("this is not Base64") from error


def hash_in(text: str) -> bytes:
    """Read a hash from an address, as 64 hexadecimal digits or as Base64; raise ValueError."""
    # In an address a plus that nobody encoded arrives as a blank.
    plain = text.strip("\n").replace(" ", "+").replace("-", "+").replace("_", "/")
    value = bytes.fromhex(text) if len(text) == 64 else from_base64(plain)
    if len(value) != 32:
        raise ValueError("a hash has 32 bytes")
    return value
