"""The public keys of an installation as a DID document (W3C DID 1.0, did:web; Multikey)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cissapp.certify.credentials.rules.addresses import method_of
from cissapp.foundation.signing.keys import PublicKey

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def did_document(did: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """List all keys that ever signed credentials.

    A retired key stays trusted: what it signed goes on verifying. A compromised key stays in the list,
    marked, but nothing it signed is trusted any more: other programs cannot tell whether the thief dated
    it back. This service can: its register knows when a certificate was issued.
    """
    known = [key for key in keys if key.multibase]
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": [_method(did, key) for key in known],
        "assertionMethod": [method_of(did, key.id) for key in known if key.compromised_at is None],
    }


def _method(did: str, key: PublicKey) -> dict[str, Any]:
    method = {
        "id": method_of(did, key.id),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.multibase,
        "expires": _moment(key.until_at),
    }
    if key.compromised_at:
        method["revoked"] = _moment(key.compromised_at)
    return method


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
