"""The bit string of a status list: W3C Bitstring Status List 1.0, sections 2.2 and 3.

The first bit is the highest of the first byte. 131,072 bits at least, so that a bit hides in a herd.
"""

import gzip
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from enum import StrEnum

ENTRIES = 131_072
BYTES = ENTRIES // 8
# A list counts as full before it is: a free place must be found by drawing, in a few draws.
FULL = ENTRIES * 3 // 4
LONGEST = 200_000


class Purpose(StrEnum):
    """What a set bit says."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def bits_of(places: Iterable[int]) -> bytes:
    """Set the bits at these places, of `ENTRIES`."""
    content = bytearray(BYTES)
    for place in places:
        content[place // 8] |= 0x80 >> (place % 8)
    return bytes(content)


def is_set(bits: bytes, place: int) -> bool:
    """Say whether the bit at a place is set."""
    return bool(bits[place // 8] & (0x80 >> (place % 8)))


def encoded(bits: bytes) -> str:
    """Pack a bit string: GZIP, base64url without padding, with the "u" of multibase."""
    packed = gzip.compress(bits, 9, mtime=0)
    return "u" + urlsafe_b64encode(packed).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Unpack a bit string; `ValueError`, unless it is one of `ENTRIES` bits."""
    if not text.startswith("u") or len(text) > LONGEST:
        raise ValueError("this is no bit string")
    packed = urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = unpacking.decompress(packed, BYTES + 1)
    except zlib.error as error:
        raise ValueError("this bit string cannot be unpacked") from error
    if len(bits) != BYTES or not unpacking.eof or unpacking.unused_data:
        raise ValueError("this bit string has another length")
    return bits
