"""Takes apart what may be a credential of ours: a document with a proof, or a token."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from cissapp.certify.credentials.open_badges import proofs, tokens
from cissapp.certify.credentials.open_badges.linked_data import BADGES, V2
from cissapp.certify.credentials.rules.findings import Carrier
from cissapp.certify.credentials.rules.strict_json import UnreadableCredential, read_json

KINDS = ["VerifiableCredential", "OpenBadgeCredential"]


class CredentialClaim(Struct, frozen=True):
    """What claims to be one of our credentials, parsed."""

    carrier: Carrier
    document: dict[str, Any]
    proof: proofs.CredentialProof | None = None
    token: tokens.CredentialToken | None = None

    @property
    def method(self) -> str:
        """The key that is said to have signed it."""
        if self.token:
            return self.token.method
        return self.proof.method if self.proof else ""


def parse_claim(carrier: Carrier, text: str) -> CredentialClaim:
    """Read a credential in either form; raise `UnreadableCredential` or `NoProof`."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        document = read_json(text)
        _refuse_other_kinds(document)
        proof = proofs.proof_of(document)
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        return CredentialClaim(carrier, unsigned, proof=proof)
    token = tokens.read_token(text.strip())
    _refuse_other_kinds(token.document)
    if "proof" in token.document:
        raise UnreadableCredential("it is signed twice")
    return CredentialClaim(
        Carrier.JWT if carrier is Carrier.JSON else carrier, token.document, token=token
    )


def _refuse_other_kinds(document: dict[str, Any]) -> None:
    if document.get("@context") != [V2, BADGES] or document.get("type") != KINDS:
        raise UnreadableCredential("it is no credential of the kind that we make")
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    if not isinstance(issuer, dict) or not isinstance(subject, dict):
        raise UnreadableCredential("it names no issuer or no school")
    if not all(isinstance(one.get("id"), str) for one in (document, issuer, subject)):
        raise UnreadableCredential("something in it has no name")


def made_at(claim: CredentialClaim) -> datetime | None:
    """Return the time at which a claim says that it was signed."""
    if claim.proof:
        return claim.proof.created
    return tokens.made_at(claim.token) if claim.token else None
