"""The root's statements on keys that X.509 cannot certify, as signed JSON.

The statement is canonical JSON: keys sorted, no whitespace, UTF-8. The signature is ECDSA on P-256 with
SHA-256 over exactly these bytes, in DER, as base 64. `openssl dgst -sha256 -verify` checks it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

FORMAT = "ciss-endorsement-1"
CREDENTIALS, LOG = "credentials", "log"


class Endorsement(Struct, frozen=True):
    """A statement of the root on a key, and the root's signature on it (DER, base 64)."""

    statement: str
    signature: str

    def public(self) -> dict[str, str]:
        """Return the endorsement as stored in `keys.json`."""
        return {"statement": self.statement, "signature": self.signature}

    @classmethod
    def read(cls, raw: Mapping[str, str]) -> "Endorsement":
        """Parse an endorsement from `keys.json`."""
        return cls(raw["statement"], raw["signature"])

    def refuse_wrong(self, expected: str, root: x509.Certificate) -> None:
        """Raise `ValueError`, unless it says exactly what is expected and the root signed it."""
        public = root.public_key()
        if self.statement != expected:
            raise ValueError("the root's statement is about another key")
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise ValueError("the root is not an elliptic-curve key")  # noqa: TRY004 -- a file is wrong, not a type
        try:
            signature = b64decode(self.signature, validate=True)
            public.verify(signature, self.statement.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise ValueError("the root did not sign the statement on this key") from error


def endorse(statement: str, private: ec.EllipticCurvePrivateKey) -> Endorsement:
    """Sign a statement with the root."""
    signature = private.sign(statement.encode(), ec.ECDSA(hashes.SHA256()))
    return Endorsement(statement, b64encode(signature).decode())


def on_credentials(
    key_id: str,
    group: str | None,
    multibase: str,
    certificate: x509.Certificate,
    root: x509.Certificate,
) -> str:
    """Build the statement on the part of an issuing key that signs credentials."""
    return _canonical(
        {
            "certificate_sha256": fingerprint(certificate),
            "for": CREDENTIALS,
            "format": FORMAT,
            "from": _moment(certificate.not_valid_before_utc),
            "group": group,
            "id": key_id,
            "publicKeyMultibase": multibase,
            "root_sha256": fingerprint(root),
            "until": _moment(certificate.not_valid_after_utc),
        }
    )


def on_log(name: str, multibase: str, root: x509.Certificate) -> str:
    """Build the statement on the key that signs the log's checkpoints."""
    return _canonical(
        {
            "for": LOG,
            "format": FORMAT,
            "name": name,
            "publicKeyMultibase": multibase,
            "root_sha256": fingerprint(root),
        }
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate, in hexadecimal: what is pinned and read out."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _canonical(values: Mapping[str, str | None]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.isoformat()
