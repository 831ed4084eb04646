"""The statement as a compact JSON Web Signature (RFC 7515, 8037): EdDSA over its one text.

The header names its type (RFC 8725, 3.11), so that it is not mistaken for a school's credential.
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
    """A parsed token whose signature has not been checked yet."""

    signed: bytes
    signature: bytes
    key_id: str
    text: str


def sign_token(statement: LearningStatement, *, ring: Keyring, key: PublicKey) -> str:
    """Sign a statement; raise `NoKeys` if the key cannot sign."""
    header = canonical({"alg": ALGORITHM, "kid": key.id, "typ": KIND})
    text = f"{_packed(header.encode())}.{_packed(statement.text().encode())}"
    return f"{text}.{_packed(ring.sign_credential(key, text.encode()))}"


def read_token(text: str) -> StatementToken:
    """Parse a token; raise ValueError unless its header is exactly like that of ours."""
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
    """Decode base64url without padding; raise ValueError unless the encoding is canonical."""
    content = urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    if _packed(content) != part:
        raise ValueError("it is no token")
    return content
