"""Status lists as signed credentials (W3C Bitstring Status List 1.0)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cissapp.certify.credentials.linked import V2
from cissapp.certify.credentials.proofs import (
    NoProof,
    add_proof,
    is_signed_by,
    moment,
    proof_of,
    read_moment,
)
from cissapp.certify.credentials.rules.bits import BYTES, Purpose, decoded, encoded
from cissapp.certify.credentials.rules.places import did_of, list_address, method_of
from cissapp.certify.credentials.rules.reading import Unreadable, read_json
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring, PublicKey

# Long enough to miss some days of `ciss daily`, short enough that an old list is soon refused.
LASTS = timedelta(days=7)
# How long a copy may be used before it is asked for again, in milliseconds.
TTL = 60_000


def signed_list(
    name: str,
    purpose: Purpose,
    bits: bytes,
    *,
    base_url: str,
    ring: Keyring,
    key: PublicKey,
    at: datetime,
) -> str:
    """Write and sign a status list."""
    address = list_address(base_url, name)
    did = did_of(base_url)
    document = {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": moment(at),
        "validUntil": moment(at + LASTS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded(bits),
            "ttl": TTL,
        },
    }
    return canonical(add_proof(document, did=did, ring=ring, key=key, at=at))


class State(StrEnum):
    """Whether a status list can be relied on."""

    GOOD = "good"
    STALE = "stale"
    TAMPERED = "tampered"


@dataclass(frozen=True)
class ReadList:
    """A status list as it was read; no bits, if it cannot be relied on at all."""

    state: State
    bits: bytes = b""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


TAMPERED = ReadList(State.TAMPERED)


def read_list(
    content: bytes | str, ring: Keyring, *, address: str, purpose: str, issuer: str, at: datetime
) -> ReadList:
    """Read a status list; tampered with is whatever is not ours, whole, and the one that was asked for."""
    try:
        document = read_json(content)
        expected = {"id": address, "issuer": issuer, "@context": [V2]}
        if any(document.get(name) != value for name, value in expected.items()):
            return TAMPERED
        if not _is_ours(document, ring, issuer):
            return TAMPERED
        return _weighed(document, purpose, at)
    except (Unreadable, NoProof, KeyError, TypeError, ValueError):
        return TAMPERED


def _is_ours(document: dict[str, Any], ring: Keyring, issuer: str) -> bool:
    proof = proof_of(document)
    key = next((one for one in ring.keys if method_of(issuer, one.id) == proof.method), None)
    if key is None or key.ed25519 is None or not key.from_at <= proof.created < key.until_at:
        return False
    # A thief of the key could date a list back, so a compromised key vouches for no list any more.
    if key.compromised_at is not None:
        return False
    return is_signed_by(document, proof, key.ed25519)


def _weighed(document: dict[str, Any], purpose: str, at: datetime) -> ReadList:
    subject = document["credentialSubject"]
    if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != purpose:
        return TAMPERED
    since, until = read_moment(document["validFrom"]), read_moment(document["validUntil"])
    bits = decoded(subject["encodedList"], BYTES[Purpose(purpose)])
    state = State.GOOD if since <= at <= until else State.STALE
    return ReadList(state, bits, since, until)
