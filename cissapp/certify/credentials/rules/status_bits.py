"""The bit string of a status list: W3C Bitstring Status List 1.0, sections 2.2 and 3.

The first bit is the highest of the first byte. At least 131,072 places hide one in a crowd.

A list of messages has two bits per place, so that it can tell suspended, withdrawn and replaced apart. Many
programs do not know `statusSize` and read one bit, at the number of the place itself. So such a list is twice
as long, and only the places of its upper half are assigned: their pairs of bits lie in the upper half of the
string, the single bits at their numbers in its second quarter, which no pair uses. There a bit is set for
whatever is not valid. Both ways of reading then give the right answer.
"""

import gzip
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

ENTRIES = 131_072
# A list counts as full early: a free place must be found at random, within a few attempts.
FULL = ENTRIES * 3 // 4
LONGEST = 200_000


class ListPurpose(StrEnum):
    """The purpose of a list. Revocation and suspension are used by credentials of the first edition."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    MESSAGE = "message"


class StatusMessage(IntEnum):
    """What the two bits of a place say."""

    VALID = 0
    SUSPENDED = 1
    WITHDRAWN = 2
    REPLACED = 3


MESSAGE_BITS = 2
# The places of each kind of list that are given out, and the length of its string.
PLACES = {
    ListPurpose.REVOCATION: range(ENTRIES),
    ListPurpose.SUSPENSION: range(ENTRIES),
    ListPurpose.MESSAGE: range(ENTRIES, 2 * ENTRIES),
}
BYTES = {
    ListPurpose.REVOCATION: ENTRIES // 8,
    ListPurpose.SUSPENSION: ENTRIES // 8,
    ListPurpose.MESSAGE: 2 * ENTRIES * MESSAGE_BITS // 8,
}


def bits_of(places: Iterable[int], *, size: int = ENTRIES // 8) -> bytes:
    """Return a string of `size` bytes with the bits at these places set."""
    content = bytearray(size)
    for place in places:
        content[place // 8] |= 0x80 >> (place % 8)
    return bytes(content)


def bits_of_messages(messages: Mapping[int, StatusMessage]) -> bytes:
    """Return the string of a list of messages, by the places that are not valid."""
    return bits_of(
        (bit for place, message in messages.items() for bit in _bits_of(place, message)),
        size=BYTES[ListPurpose.MESSAGE],
    )


def _bits_of(place: int, message: StatusMessage) -> Iterable[int]:
    if message is not StatusMessage.VALID:
        yield place
    if message & 2:
        yield MESSAGE_BITS * place
    if message & 1:
        yield MESSAGE_BITS * place + 1


def is_set(bits: bytes, place: int) -> bool:
    """Return whether the bit at a place is set."""
    return bool(bits[place // 8] & (0x80 >> (place % 8)))


def message_at(bits: bytes, place: int) -> StatusMessage:
    """Return what a list of messages says of a place."""
    first = MESSAGE_BITS * place
    return StatusMessage(2 * is_set(bits, first) + is_set(bits, first + 1))


def encode_bits(bits: bytes) -> str:
    """Pack a bit string: GZIP, base64url without padding, with the "u" of multibase."""
    packed = gzip.compress(bits, 9, mtime=0)
    return "u" + urlsafe_b64encode(packed).decode().rstrip("=")


def decode_bits(text: str, size: int) -> bytes:
    """Decode a bit string; raise `ValueError` unless it has `size` bytes."""
    if not text.startswith("u") or len(text) > LONGEST:
        raise ValueError("this is no bit string")
    packed = urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError("this bit string cannot be unpacked") from error
    if len(bits) != size or not unpacking.eof or unpacking.unused_data:
        raise ValueError("this bit string has another length")
    return bits
