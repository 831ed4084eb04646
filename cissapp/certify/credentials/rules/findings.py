"""The findings about a credential: yes, no or unknown for each part, and never valid by default."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from cissapp.certify.credentials.rules.status_bits import ListPurpose, StatusMessage


class PartOutcome(StrEnum):
    """Return the outcome of checking a part."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CredentialPart(StrEnum):
    """The parts that are checked, in this order."""

    FORM = "form"
    TERMS = "terms"
    PROOF = "proof"
    ISSUER = "issuer"
    KEY = "key"
    DATES = "dates"
    STATUS = "status"


class Carrier(StrEnum):
    """The format that the credential came in."""

    JSON = "json"
    JWT = "jwt"
    SVG = "svg"
    PNG = "png"


class FindingReason(StrEnum):
    """The reason for an outcome."""

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
    """The overall result."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


class PartFinding(Struct, frozen=True):
    """The outcome of one part and its reason; `values` are for the sentence."""

    outcome: PartOutcome
    reason: FindingReason
    values: Mapping[str, Any] = field(default_factory=dict)


NOT_LOOKED_AT = PartFinding(PartOutcome.UNKNOWN, FindingReason.NOT_LOOKED_AT)


class CredentialFindings(Struct, frozen=True):
    """All findings about a credential.

    `document` is the credential without proof and claims; it may be relied on only where PROOF is yes.
    `made_at` is the signing time that the signature states. `as_of` is the time of the oldest status list
    that was checked.
    """

    parts: Mapping[CredentialPart, PartFinding]
    carrier: Carrier | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    key_id: str | None = None
    made_at: datetime | None = None
    as_of: datetime | None = None

    def outcome(self, part: CredentialPart) -> PartOutcome:
        """Return the outcome of checking a part."""
        return self.parts.get(part, NOT_LOOKED_AT).outcome

    def reason(self, part: CredentialPart) -> FindingReason:
        """Return the reason for the outcome of a part."""
        return self.parts.get(part, NOT_LOOKED_AT).reason

    @property
    def genuine(self) -> bool:
        """Whether one of our keys signed exactly this, while the key was valid."""
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
        """The overall result: valid only if every single part is yes."""
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

# The reason for a set bit in a list of the first edition, and for a message in a current list.
REASON_OF_BIT = {
    ListPurpose.REVOCATION: FindingReason.REVOKED,
    ListPurpose.SUSPENSION: FindingReason.SUSPENDED,
}
REASON_OF_MESSAGE = {
    StatusMessage.SUSPENDED: FindingReason.SUSPENDED,
    StatusMessage.WITHDRAWN: FindingReason.WITHDRAWN,
    StatusMessage.REPLACED: FindingReason.REPLACED,
}
# Reasons that are final; a suspension can end.
FINAL = frozenset({FindingReason.REVOKED, FindingReason.WITHDRAWN, FindingReason.REPLACED})
