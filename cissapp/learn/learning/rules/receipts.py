"""Receipts of saved answers: short, signed, and verifiable only by us.

A receipt holds attempt, question, number of the save, time and a digest of the answer, with 80 bits of
HMAC-SHA-256. It proves to both sides what was acknowledged; it does not hold the answer itself.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

VERSION = 1
SHAPE = struct.Struct(">B16sBIQ6s")
MAC_BYTES = 10
GROUP = 8


class Receipt(Struct, frozen=True):
    """What a receipt says."""

    attempt_id: UUID
    position: int
    sequence: int
    saved_at: datetime
    digest: bytes


def digest_of(chosen: Sequence[str]) -> bytes:
    """Hash an answer to six bytes."""
    return hashlib.sha256("\x1f".join(chosen).encode()).digest()[:6]


def receipt_of_answer(
    attempt_id: UUID, position: int, sequence: int, saved_at: datetime, chosen: Sequence[str]
) -> Receipt:
    """Describe a saved answer; moments are kept to the microsecond."""
    return Receipt(attempt_id, position, sequence, saved_at.astimezone(UTC), digest_of(chosen))


def write_receipt(receipt: Receipt, key: bytes) -> str:
    """Write and sign a receipt, in groups of eight letters and digits."""
    micro = int(receipt.saved_at.timestamp()) * 1_000_000 + receipt.saved_at.microsecond
    packed = SHAPE.pack(
        VERSION, receipt.attempt_id.bytes, receipt.position, receipt.sequence, micro, receipt.digest
    )
    text = base64.b32encode(packed + _mac(packed, key)).decode().rstrip("=")
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def read_receipt(text: str, key: bytes) -> Receipt | None:
    """Read a receipt; None, if we did not write it or a character is wrong."""
    plain = "".join(text.split()).replace("-", "").upper()
    try:
        whole = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        return None
    if base64.b32encode(whole).decode().rstrip("=") != plain:
        return None  # the last character has bits that say nothing: they must not be changed either
    packed, mac = whole[: SHAPE.size], whole[SHAPE.size :]
    if len(packed) != SHAPE.size or not hmac.compare_digest(mac, _mac(packed, key)):
        return None
    version, attempt, position, sequence, micro, digest = SHAPE.unpack(packed)
    if version != VERSION:
        return None
    seconds, rest = divmod(micro, 1_000_000)
    saved_at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return Receipt(UUID(bytes=attempt), position, sequence, saved_at, digest)


def _mac(packed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, packed, "sha256")[:MAC_BYTES]


@lru_cache(maxsize=4)
def receipt_key(secret: str) -> bytes:
    """Derive the key that only signs receipts from the installation's secret."""
    return hmac.digest(secret.encode(), b"receipts of saved answers", "sha256")
