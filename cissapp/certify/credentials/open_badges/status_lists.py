"""Status lists as signed credentials (W3C Bitstring Status List 1.0)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cissapp.certify.credentials.open_badges.linked_data import V2
from cissapp.certify.credentials.open_badges.proofs import (
    NoProof,
    add_proof,
    format_moment,
    is_signed_by,
    proof_of,
    read_moment,
)
from cissapp.certify.credentials.rules.addresses import did_of, list_address, method_of
from cissapp.certify.credentials.rules.status_bits import (
    BYTES,
    ListPurpose,
    decode_bits,
    encode_bits,
)
from cissapp.certify.credentials.rules.strict_json import UnreadableCredential, read_json
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring, PublicKey

# Long enough to miss some days of `ciss daily`, short enough that an old list is soon refused.
LASTS = timedelta(days=7)
# How long a copy may be used before it is asked for again, in milliseconds.
TTL = 60_000


def sign_list(
    name: str,
    purpose: ListPurpose,
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
        "validFrom": format_moment(at),
        "validUntil": format_moment(at + LASTS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode_bits(bits),
            "ttl": TTL,
        },
    }
    return canonical(add_proof(document, did=did, ring=ring, key=key, at=at))


class ListState(StrEnum):
    """Whether a status list can be relied on."""

    GOOD = "good"
    STALE = "stale"
    TAMPERED = "tampered"


class StatusListContent(Struct, frozen=True):
    """A status list as it was read; no bits, if it cannot be relied on at all."""

    state: ListState
    bits: bytes = b""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


TAMPERED_LIST = StatusListContent(ListState.TAMPERED)


def read_list(
    content: bytes | str, ring: Keyring, *, address: str, purpose: str, issuer: str, at: datetime
) -> StatusListContent:
    """Read a status list; it counts as tampered unless it is ours, intact and the one asked for."""
    try:
        document = read_json(content)
        expected = {"id": address, "issuer": issuer, "@context": [V2]}
        if any(document.get(name) != value for name, value in expected.items()):
            return TAMPERED_LIST
        if not _is_ours(document, ring, issuer):
            return TAMPERED_LIST
        return _read_signed(document, purpose, at)
    except (UnreadableCredential, NoProof, KeyError, TypeError, ValueError):
        return TAMPERED_LIST


def _is_ours(document: dict[str, Any], ring: Keyring, issuer: str) -> bool:
    proof = proof_of(document)
    key = next((one for one in ring.keys if method_of(issuer, one.id) == proof.method), None)
    if key is None or key.ed25519 is None or not key.from_at <= proof.created < key.until_at:
        return False
    # A thief could backdate a list, so a compromised key no longer vouches for any.
    if key.compromised_at is not None:
        return False
    return is_signed_by(document, proof, key.ed25519)


def _read_signed(document: dict[str, Any], purpose: str, at: datetime) -> StatusListContent:
    subject = document["credentialSubject"]
    if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != purpose:
        return TAMPERED_LIST
    since, until = read_moment(document["validFrom"]), read_moment(document["validUntil"])
    bits = decode_bits(subject["encodedList"], BYTES[ListPurpose(purpose)])
    state = ListState.GOOD if since <= at <= until else ListState.STALE
    return StatusListContent(state, bits, since, until)
