"""Examines a credential that someone brings: JSON, token, or a picture that carries one.

Knows no database and fetches nothing: keys and status lists are handed in. What could not be looked
at is unknown, and what is unknown is never valid.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cissapp.certify.credentials.open_badges import proofs, tokens
from cissapp.certify.credentials.open_badges.baking import extract_credential
from cissapp.certify.credentials.open_badges.claims import CredentialClaim, made_at, parse_claim
from cissapp.certify.credentials.open_badges.linked_data import (
    TooComplex,
    UnknownTerms,
    canonical_form,
)
from cissapp.certify.credentials.open_badges.proofs import Form, NoProof, read_moment
from cissapp.certify.credentials.open_badges.status_lists import (
    ListState,
    StatusListContent,
    read_list,
)
from cissapp.certify.credentials.rules.findings import (
    FINAL,
    NOT_LOOKED_AT,
    REASON_OF_BIT,
    REASON_OF_MESSAGE,
    CredentialFindings,
    CredentialPart,
    FindingReason,
    PartFinding,
    PartOutcome,
)
from cissapp.certify.credentials.rules.status_bits import (
    PLACES,
    ListPurpose,
    StatusMessage,
    is_set,
    message_at,
)
from cissapp.certify.credentials.rules.strict_json import UnreadableCredential
from cissapp.foundation.signing.keys import Keyring, PublicKey, counts

YES, NO, UNKNOWN = PartOutcome.YES, PartOutcome.NO, PartOutcome.UNKNOWN


class StatusListSource(Protocol):
    """Status lists by their address; a dictionary will do."""

    def get(self, address: str, /) -> bytes | str | None:
        """Fetch the list at an address; None, if it is not available."""
        ...


def examine(
    content: bytes,
    ring: Keyring,
    *,
    lists: StatusListSource | None,
    at: datetime,
    issuer: str | None = None,
    signed_at: datetime | None = None,
    form: Form = canonical_form,
) -> CredentialFindings:
    """Examine a credential, part by part.

    `issuer` is the did:web of this installation, where known. `signed_at` is when the certificate was issued
    according to the register or the log; without it, a signature by a key stolen later stays unknown, since
    the thief could have backdated it. `form` is for credentials that we have just written.
    """
    try:
        carrier, text = extract_credential(content)
        claim = parse_claim(carrier, text)
    except NoProof:
        return CredentialFindings(
            {
                CredentialPart.FORM: _yes(FindingReason.READ),
                CredentialPart.PROOF: PartFinding(NO, FindingReason.NO_PROOF),
            }
        )
    except UnreadableCredential as why:
        return CredentialFindings(
            {CredentialPart.FORM: PartFinding(NO, FindingReason.NO_CREDENTIAL, {"why": str(why)})}
        )
    key = _key_of(claim, ring)
    parts = {CredentialPart.FORM: _yes(FindingReason.READ), **_signature(claim, key, issuer, form)}
    found = CredentialFindings(
        parts,
        claim.carrier,
        claim.document,
        key.id if key else None,
        made_at(claim) if key else None,
    )
    if key is None or found.outcome(CredentialPart.PROOF) is not YES:
        return found
    return _with_key_dates_and_status(found, key, ring, lists=lists, at=at, signed_at=signed_at)


def _yes(reason: FindingReason, **values: Any) -> PartFinding:
    return PartFinding(YES, reason, values)


# --- signature ---------------------------------------------------------------------------------


def _key_of(claim: CredentialClaim, ring: Keyring) -> PublicKey | None:
    """Find the key that is said to have signed; it must carry the issuer's name."""
    did, mark, key_id = claim.method.partition("#")
    found = ring.by_id(key_id) if mark and did == claim.document["issuer"]["id"] else None
    return found if found and found.multibase else None


def _signature(
    claim: CredentialClaim, key: PublicKey | None, issuer: str | None, form: Form
) -> dict[CredentialPart, PartFinding]:
    """Judge terms, signature and issuer. Nothing is computed for an unknown key."""
    claimed = str(claim.document["issuer"]["id"])[:200]
    foreign = issuer is not None and claimed != issuer
    other = PartFinding(NO if foreign else UNKNOWN, FindingReason.OTHER_ISSUER, {"issuer": claimed})
    if key is None:
        unknown = PartFinding(UNKNOWN, FindingReason.UNKNOWN_KEY, {"key": claim.method[:200]})
        return {CredentialPart.PROOF: unknown, CredentialPart.ISSUER: other}
    try:
        signed = _is_signed(claim, key, form)
    except (UnknownTerms, TooComplex) as why:
        terms = PartFinding(NO, FindingReason.UNKNOWN_TERMS, {"why": str(why)})
        return {
            CredentialPart.TERMS: terms,
            CredentialPart.ISSUER: other if foreign else NOT_LOOKED_AT,
        }
    known = {CredentialPart.TERMS: _yes(FindingReason.KNOWN_TERMS)}
    if not signed:
        broken = PartFinding(NO, FindingReason.BROKEN, {"key": key.id})
        return {
            **known,
            CredentialPart.PROOF: broken,
            CredentialPart.ISSUER: other if foreign else NOT_LOOKED_AT,
        }
    ours = _yes(FindingReason.OURS, name=key.organisation, issuer=claimed)
    return {
        **known,
        CredentialPart.PROOF: _yes(FindingReason.SIGNED, key=key.id),
        CredentialPart.ISSUER: ours,
    }


def _is_signed(claim: CredentialClaim, key: PublicKey, form: Form) -> bool:
    """Check whether the key signed the claim; raise if a signature would not cover all of its terms."""
    public = key.ed25519
    if public is None:
        return False
    if claim.proof:
        return proofs.is_signed_by(claim.document, claim.proof, public, form)
    # A token's signature covers every character of it, so there are no terms that it could miss.
    return claim.token is not None and _token_holds(claim.token, public)


def _token_holds(token: tokens.CredentialToken, public: Ed25519PublicKey) -> bool:
    """Check whether a token is signed, and its claims match the credential in it."""
    if not tokens.is_signed_by(token, public):
        return False
    claims = {name: value for name, value in token.claims.items() if name != "iat"}
    return claims == tokens.claims_of(token.document)


# --- key, dates, status ------------------------------------------------------------------------


def _with_key_dates_and_status(
    found: CredentialFindings,
    key: PublicKey,
    ring: Keyring,
    *,
    lists: StatusListSource | None,
    at: datetime,
    signed_at: datetime | None,
) -> CredentialFindings:
    status, as_of = _status(found.document, ring, lists, at)
    parts = {
        **found.parts,
        CredentialPart.KEY: _key_time(key, found.made_at, signed_at),
        CredentialPart.DATES: _dates(found.document, at),
        CredentialPart.STATUS: status,
    }
    return CredentialFindings(parts, found.carrier, found.document, key.id, found.made_at, as_of)


def _key_time(key: PublicKey, made_at: datetime | None, signed_at: datetime | None) -> PartFinding:
    """Judge whether the key's signature counts at the time it was made."""
    values = {"key": key.id}
    if made_at is None or not key.from_at <= made_at < key.until_at:
        return PartFinding(NO, FindingReason.OUTSIDE_KEY_TIME, values)
    if key.compromised_at is None:
        return _yes(FindingReason.IN_KEY_TIME, **values)
    if not counts(key, made_at) or (signed_at and not counts(key, signed_at)):
        return PartFinding(NO, FindingReason.AFTER_THEFT, values)
    if signed_at is None:
        return PartFinding(UNKNOWN, FindingReason.PERHAPS_AFTER_THEFT, values)
    return _yes(FindingReason.IN_KEY_TIME, **values)


def _dates(document: Mapping[str, Any], at: datetime) -> PartFinding:
    since, until = read_moment(document["validFrom"]), read_moment(document["validUntil"])
    values = {"from": since.date(), "until": until.date()}
    if at > until:
        return PartFinding(NO, FindingReason.OVER, values)
    if at < since:
        return PartFinding(UNKNOWN, FindingReason.NOT_YET, values)
    return _yes(FindingReason.IN_TIME, **values)


def _status(
    document: Mapping[str, Any], ring: Keyring, lists: StatusListSource | None, at: datetime
) -> tuple[PartFinding, datetime | None]:
    """Judge each list; a final or bad result takes precedence over an unknown one.

    There is one list now; a credential of the first edition has a place in two.
    """
    judged, moments = [], []
    entries = document["credentialStatus"]
    for entry in entries if isinstance(entries, list) else [entries]:
        one = _read_list_of(entry, document["issuer"]["id"], ring, lists, at)
        judged.append(_judge_place(entry, one))
        if one and one.valid_from:
            moments.append(one.valid_from)
    order = (
        FindingReason.REVOKED,
        FindingReason.WITHDRAWN,
        FindingReason.REPLACED,
        FindingReason.SUSPENDED,
        FindingReason.TAMPERED,
        FindingReason.STALE,
        FindingReason.UNREACHABLE,
        FindingReason.NOT_LISTED,
    )
    return min(judged, key=lambda one: order.index(one.reason)), min(moments, default=None)


def _read_list_of(
    entry: Mapping[str, Any],
    issuer: str,
    ring: Keyring,
    lists: StatusListSource | None,
    at: datetime,
) -> StatusListContent | None:
    address = entry["statusListCredential"]
    content = lists.get(address) if lists is not None else None
    if content is None:
        return None
    purpose = entry["statusPurpose"]
    return read_list(content, ring, address=address, purpose=purpose, issuer=issuer, at=at)


def _judge_place(entry: Mapping[str, Any], found: StatusListContent | None) -> PartFinding:
    if found is None:
        return PartFinding(UNKNOWN, FindingReason.UNREACHABLE)
    purpose, place = ListPurpose(entry["statusPurpose"]), int(entry["statusListIndex"])
    if found.state is ListState.TAMPERED or place not in PLACES[purpose]:
        return PartFinding(UNKNOWN, FindingReason.TAMPERED)
    values = {"moment": found.valid_from}
    reason = _reason_in_list(found.bits, purpose, place)
    # A final status is as certain in an old list as in a new one.
    if reason and (reason in FINAL or found.state is ListState.GOOD):
        return PartFinding(NO, reason, values)
    if found.state is ListState.STALE:
        return PartFinding(UNKNOWN, FindingReason.STALE, values)
    return _yes(FindingReason.NOT_LISTED, **values)


def _reason_in_list(bits: bytes, purpose: ListPurpose, place: int) -> FindingReason | None:
    """Return what a list says about a place, or None if it says that all is well."""
    if purpose is not ListPurpose.MESSAGE:
        return REASON_OF_BIT[purpose] if is_set(bits, place) else None
    message = message_at(bits, place)
    return None if message is StatusMessage.VALID else REASON_OF_MESSAGE[message]
