"""Writes an Ed25519 public key as one word, as the W3C's multikeys do: `z6Mk…`.

The text is "z" and the base 58 (Bitcoin's alphabet) of the two bytes ED 01 and the 32 bytes of the key
(W3C Controlled Identifiers 1.0, sections 2.2.2 and 2.4).
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# No 0, O, I or l: they are mistaken for each other on paper.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58 = "z"
ED25519 = b"\xed\x01"
KEY_BYTES = 32


def base58(content: bytes) -> str:
    """Write bytes in base 58; each leading zero byte is a "1"."""
    number, marks = int.from_bytes(content, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        marks = ALPHABET[rest] + marks
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + marks


def from_base58(text: str) -> bytes:
    """Decode what `base58` encoded; raise `ValueError` for a character outside the alphabet."""
    number = 0
    for mark in text:
        number = number * 58 + ALPHABET.index(mark)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase(public: Ed25519PublicKey) -> str:
    """Write a public key."""
    return BASE58 + base58(ED25519 + public.public_bytes_raw())


def from_multibase(text: str) -> Ed25519PublicKey:
    """Decode a public key; raise `ValueError` if it is not an Ed25519 key."""
    content = from_base58(text.removeprefix(BASE58)) if len(text) <= 2 * KEY_BYTES else b""
    if not text.startswith(BASE58) or not content.startswith(ED25519):
        raise ValueError("this is not a multibase Ed25519 key")
    if len(content) != len(ED25519) + KEY_BYTES:
        raise ValueError("the multibase key has the wrong length")
    return Ed25519PublicKey.from_public_bytes(content[len(ED25519) :])
