"""What a look at a credential finds: part by part, each yes, no or unknown; never valid by default."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from cissapp.certify.credentials.rules.status_bits import ListPurpose, StatusMessage


class PartOutcome(StrEnum):
    """How a part came out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CredentialPart(StrEnum):
    """What is looked at, in this order."""

    FORM = "form"
    TERMS = "terms"
    PROOF = "proof"
    ISSUER = "issuer"
    KEY = "key"
    DATES = "dates"
    STATUS = "status"


class Carrier(StrEnum):
    """What the credential came in."""

    JSON = "json"
    JWT = "jwt"
    SVG = "svg"
    PNG = "png"


class FindingReason(StrEnum):
    """Why a part came out as it did; `phrases.REASONS` has the sentence for each."""

    READ = "read"
    NO_CREDENTIAL = "no_credential"
    KNOWN_TERMS = "known_terms"
    UNKNOWN_TERMS = "unknown_terms"
    SIGNED = "signed"
    BROKEN = "broken"
    NO_PROOF = "no_proof"
    UNKNOWN_KEY = "unknown_key"
    OURS = "ours"
    OTHER_ISSUER = "other_issuer"
    IN_KEY_TIME = "in_key_time"
    OUTSIDE_KEY_TIME = "outside_key_time"
    AFTER_THEFT = "after_theft"
    PERHAPS_AFTER_THEFT = "perhaps_after_theft"
    IN_TIME = "in_time"
    NOT_YET = "not_yet"
    OVER = "over"
    NOT_LISTED = "not_listed"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    UNREACHABLE = "unreachable"
    STALE = "stale"
    TAMPERED = "tampered"
    NOT_LOOKED_AT = "not_looked_at"


class CredentialWorth(StrEnum):
    """The one word that it comes to."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


class PartFinding(Struct, frozen=True):
    """How one part came out, and why; `values` are for the sentence."""

    outcome: PartOutcome
    reason: FindingReason
    values: Mapping[str, Any] = field(default_factory=dict)


NOT_LOOKED_AT = PartFinding(PartOutcome.UNKNOWN, FindingReason.NOT_LOOKED_AT)


class CredentialFindings(Struct, frozen=True):
    """All that was found.

    `document` is the credential without proof and claims; it may be relied on only where PROOF is yes.
    `made_at` is what the signature says of its own moment. `as_of` is the moment of the oldest status
    list that was looked at.
    """

    parts: Mapping[CredentialPart, PartFinding]
    carrier: Carrier | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    key_id: str | None = None
    made_at: datetime | None = None
    as_of: datetime | None = None

    def outcome(self, part: CredentialPart) -> PartOutcome:
        """How a part came out."""
        return self.parts.get(part, NOT_LOOKED_AT).outcome

    def reason(self, part: CredentialPart) -> FindingReason:
        """Why it did."""
        return self.parts.get(part, NOT_LOOKED_AT).reason

    @property
    def genuine(self) -> bool:
        """Whether one of our keys signed exactly this, in its time."""
        parts = (
            CredentialPart.FORM,
            CredentialPart.TERMS,
            CredentialPart.PROOF,
            CredentialPart.ISSUER,
            CredentialPart.KEY,
        )
        return all(self.outcome(part) is PartOutcome.YES for part in parts)

    @property
    def worth(self) -> CredentialWorth:
        """What it comes to: valid only where every single part is yes."""
        return next((worth for worth, applies in WORTHS if applies(self)), CredentialWorth.VALID)


def _no(*parts: CredentialPart) -> Any:
    return lambda found: any(found.outcome(part) is PartOutcome.NO for part in parts)


def _genuine_because(part: CredentialPart, *reasons: FindingReason) -> Any:
    return lambda found: found.genuine and found.reason(part) in reasons


def _doubtful(found: CredentialFindings) -> bool:
    return any(found.outcome(part) is not PartOutcome.YES for part in CredentialPart)


# The first that applies.
WORTHS = (
    (CredentialWorth.NOT_OURS, _no(CredentialPart.FORM, CredentialPart.ISSUER)),
    (CredentialWorth.ALTERED, _no(CredentialPart.TERMS, CredentialPart.PROOF)),
    (CredentialWorth.NOT_OURS, _no(CredentialPart.KEY)),
    (
        CredentialWorth.WITHDRAWN,
        _genuine_because(CredentialPart.STATUS, FindingReason.REVOKED, FindingReason.WITHDRAWN),
    ),
    (CredentialWorth.REPLACED, _genuine_because(CredentialPart.STATUS, FindingReason.REPLACED)),
    (CredentialWorth.SUSPENDED, _genuine_because(CredentialPart.STATUS, FindingReason.SUSPENDED)),
    (CredentialWorth.EXPIRED, _genuine_because(CredentialPart.DATES, FindingReason.OVER)),
    (CredentialWorth.UNKNOWN, _doubtful),
)

# A set bit of each list of the first edition, and each message of the one list of now.
REASON_OF_BIT = {
    ListPurpose.REVOCATION: FindingReason.REVOKED,
    ListPurpose.SUSPENSION: FindingReason.SUSPENDED,
}
REASON_OF_MESSAGE = {
    StatusMessage.SUSPENDED: FindingReason.SUSPENDED,
    StatusMessage.WITHDRAWN: FindingReason.WITHDRAWN,
    StatusMessage.REPLACED: FindingReason.REPLACED,
}
# What never ends: a suspension can.
FINAL = frozenset({FindingReason.REVOKED, FindingReason.WITHDRAWN, FindingReason.REPLACED})
