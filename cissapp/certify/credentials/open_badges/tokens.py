"""The credential as a JSON Web Token (Open Badges 3.0, section 8.2; RFC 7515, 7519, 8037), with EdDSA.

It is written and parsed here: the keys sign but are not handed out, only one algorithm and one form of header
is accepted, and JWT libraries warn about the name "EdDSA", which readers of Open Badges still want.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from cissapp.certify.credentials.open_badges.proofs import read_moment
from cissapp.certify.credentials.rules.addresses import method_of
from cissapp.certify.credentials.rules.strict_json import LARGEST, UnreadableCredential, read_json
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring, PublicKey

ALGORITHM = "EdDSA"
KIND = "JWT"
CLAIMS = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat"})
PARTS = 3


def _packed(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def claims_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the registered claims that a credential without its proof must come with."""
    return {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": _seconds(document["validFrom"]),
        "exp": _seconds(document["validUntil"]),
    }


def _seconds(text: object) -> int:
    return int(read_moment(text).timestamp())


def sign_token(
    document: dict[str, Any], *, did: str, ring: Keyring, key: PublicKey, at: datetime
) -> str:
    """Write and sign a credential as a token."""
    header = {"alg": ALGORITHM, "kid": method_of(did, key.id), "typ": KIND}
    payload = {**document, **claims_of(document), "iat": int(at.timestamp())}
    text = f"{_packed(canonical(header).encode())}.{_packed(canonical(payload).encode())}"
    return f"{text}.{_packed(ring.sign_credential(key, text.encode()))}"


class CredentialToken(Struct, frozen=True):
    """A token as it was parsed; its signature has not been checked yet."""

    signed: bytes
    signature: bytes
    method: str
    document: dict[str, Any]
    claims: dict[str, Any]


def read_token(text: str) -> CredentialToken:
    """Parse a token; raise `UnreadableCredential` unless its header and claims are exactly like ours."""
    parts = text.split(".")
    if len(parts) != PARTS or len(text) > LARGEST:
        raise UnreadableCredential("it is no token")
    header, payload = read_json(_unpacked(parts[0])), read_json(_unpacked(parts[1]))
    if set(header) != {"alg", "kid", "typ"} or (header["alg"], header["typ"]) != (ALGORITHM, KIND):
        raise UnreadableCredential("its header is not that of one of ours")
    claims = {name: payload.pop(name) for name in CLAIMS if name in payload}
    if set(claims) != CLAIMS or not isinstance(header["kid"], str):
        raise UnreadableCredential("its claims are not those of one of ours")
    signed = ".".join(parts[:2]).encode()
    return CredentialToken(signed, _unpacked(parts[2]), header["kid"], payload, claims)


def _unpacked(part: str) -> bytes:
    """Decode base64url without padding; refuse any spelling but the canonical one."""
    try:
        content = urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except ValueError as error:
        raise UnreadableCredential("it is no token") from error
    if _packed(content) != part:
        raise UnreadableCredential("it is no token")
    return content


def is_signed_by(token: CredentialToken, public: Ed25519PublicKey) -> bool:
    """Check whether this key signed this token."""
    try:
        public.verify(token.signature, token.signed)
    except InvalidSignature:
        return False
    return True


def made_at(token: CredentialToken) -> datetime | None:
    """Return the time at which a token says that it was made."""
    try:
        return datetime.fromtimestamp(token.claims["iat"], UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
