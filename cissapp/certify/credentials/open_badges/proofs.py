"""Data Integrity proofs of the kind eddsa-rdfc-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0, 3.2)."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from cissapp.certify.credentials.open_badges.learned_form import own_form
from cissapp.certify.credentials.open_badges.linked_data import canonical_form
from cissapp.certify.credentials.rules.addresses import method_of
from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.foundation.signing.keys.multibase import base58, from_base58

SUITE = "eddsa-rdfc-2022"
KIND = "DataIntegrityProof"
PURPOSE = "assertionMethod"
NAMES = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
SIGNATURE_BYTES = 64
SIGNATURE_MARKS = 90
# Returns the canonical form of a document.
Form = Callable[[dict[str, Any]], bytes]


class NoProof(ValueError):
    """The document has no proof of our kind."""


class CredentialProof(Struct, frozen=True):
    """A proof as it appears in a document."""

    raw: dict[str, str]
    created: datetime

    @property
    def method(self) -> str:
        """The name of the key."""
        return self.raw["verificationMethod"]


def format_moment(at: datetime) -> str:
    """Format a timestamp as proofs and credentials do: UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_moment(text: object) -> datetime:
    """Parse a timestamp as `format_moment` writes it; raise `ValueError` for anything else."""
    if not isinstance(text, str):
        raise ValueError("this is no moment")  # noqa: TRY004 -- a document is wrong, not a type
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _signed_bytes(document: dict[str, Any], options: dict[str, str], form: Form) -> bytes:
    """Hash the canonical form of the proof's options, then that of the document."""
    with_context = {"@context": document["@context"], **options}
    return hashlib.sha256(form(with_context)).digest() + hashlib.sha256(form(document)).digest()


def add_proof(
    document: dict[str, Any], *, did: str, ring: Keyring, key: PublicKey, at: datetime
) -> dict[str, Any]:
    """Sign a document; return it with its proof, as a list of one (Open Badges 3.0 wants a list)."""
    options = {
        "type": KIND,
        "cryptosuite": SUITE,
        "created": format_moment(at),
        "verificationMethod": method_of(did, key.id),
        "proofPurpose": PURPOSE,
    }
    signature = ring.sign_credential(key, _signed_bytes(document, options, own_form))
    return {**document, "proof": [{**options, "proofValue": f"z{base58(signature)}"}]}


def proof_of(document: dict[str, Any]) -> CredentialProof:
    """Return the one proof of a document, given as an object or as a list of one; raise `NoProof`."""
    raw = document.get("proof")
    if isinstance(raw, list):
        raw = raw[0] if len(raw) == 1 else None
    if not isinstance(raw, dict) or set(raw) != NAMES:
        raise NoProof("it has no proof of our kind")
    if not all(isinstance(one, str) for one in raw.values()):
        raise NoProof("its proof is not written as proofs are")
    if (raw["type"], raw["cryptosuite"], raw["proofPurpose"]) != (KIND, SUITE, PURPOSE):
        raise NoProof("its proof is of another kind")
    try:
        return CredentialProof(raw, read_moment(raw["created"]))
    except ValueError as error:
        raise NoProof("its proof has no moment") from error


def is_signed_by(
    document: dict[str, Any],
    proof: CredentialProof,
    public: Ed25519PublicKey,
    form: Form = canonical_form,
) -> bool:
    """Check whether this key signed this document; raise what `form` raises."""
    text = proof.raw["proofValue"]
    if not text.startswith("z") or len(text) > SIGNATURE_MARKS:
        return False
    try:
        signature = from_base58(text[1:])
    except ValueError:
        return False
    if len(signature) != SIGNATURE_BYTES or f"z{base58(signature)}" != text:
        return False
    options = {name: value for name, value in proof.raw.items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    try:
        public.verify(signature, _signed_bytes(unsigned, options, form))
    except InvalidSignature:
        return False
    return True
