"""The statement as a compact JSON Web Signature (RFC 7515, 8037): EdDSA over the one text of the statement.

Its type is named in the header (RFC 8725, 3.11), so that nobody takes it for a school's credential.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.learn.statements.document.facts import LearningStatement
from cissapp.learn.statements.rules import LARGEST, read_json

ALGORITHM = "EdDSA"
KIND = "ciss-statement+jwt"
PARTS = 3


class StatementToken(Struct, frozen=True):
    """A token as it was read; nobody has looked at its signature yet."""

    signed: bytes
    signature: bytes
    key_id: str
    text: str


def sign_token(statement: LearningStatement, *, ring: Keyring, key: PublicKey) -> str:
    """Sign a statement; raise `NoKeys`, if the key cannot."""
    header = canonical({"alg": ALGORITHM, "kid": key.id, "typ": KIND})
    text = f"{_packed(header.encode())}.{_packed(statement.text().encode())}"
    return f"{text}.{_packed(ring.sign_credential(key, text.encode()))}"


def read_token(text: str) -> StatementToken:
    """Take a token apart; raise ValueError, unless its header is exactly that of one of ours."""
    parts = text.split(".")
    if len(parts) != PARTS or len(text) > 2 * LARGEST:
        raise ValueError("it is no token")
    header = read_json(_unpacked(parts[0]).decode())
    if set(header) != {"alg", "kid", "typ"} or (header["alg"], header["typ"]) != (ALGORITHM, KIND):
        raise ValueError("its header is not that of one of ours")
    if not isinstance(header["kid"], str):
        raise ValueError("its header names no key")  # noqa: TRY004 -- a document is wrong, not a type
    signed = f"{parts[0]}.{parts[1]}".encode()
    return StatementToken(signed, _unpacked(parts[2]), header["kid"], _unpacked(parts[1]).decode())


def is_signed_by(token: StatementToken, public: Ed25519PublicKey) -> bool:
    """Check whether this key signed this token."""
    try:
        public.verify(token.signature, token.signed)
    except InvalidSignature:
        return False
    return True


def _packed(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _unpacked(part: str) -> bytes:
    """Read base64url without padding; each content has exactly one way to be written."""
    content = urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    if _packed(content) != part:
        raise ValueError("it is no token")
    return content
