"""What a look at a credential finds: part by part, each yes, no or unknown; never valid by default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cissapp.certify.credentials.rules.bits import Message, Purpose


class Outcome(StrEnum):
    """How a part came out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Part(StrEnum):
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


class Reason(StrEnum):
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


class Worth(StrEnum):
    """The one word that it comes to."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judged:
    """How one part came out, and why; `values` are for the sentence."""

    outcome: Outcome
    reason: Reason
    values: Mapping[str, Any] = field(default_factory=dict)


NOT_LOOKED_AT = Judged(Outcome.UNKNOWN, Reason.NOT_LOOKED_AT)


@dataclass(frozen=True)
class Found:
    """All that was found.

    `document` is the credential without proof and claims; it may be relied on only where PROOF is yes.
    `made_at` is what the signature says of its own moment. `as_of` is the moment of the oldest status
    list that was looked at.
    """

    parts: Mapping[Part, Judged]
    carrier: Carrier | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    key_id: str | None = None
    made_at: datetime | None = None
    as_of: datetime | None = None

    def outcome(self, part: Part) -> Outcome:
        """How a part came out."""
        return self.parts.get(part, NOT_LOOKED_AT).outcome

    def reason(self, part: Part) -> Reason:
        """Why it did."""
        return self.parts.get(part, NOT_LOOKED_AT).reason

    @property
    def genuine(self) -> bool:
        """Whether one of our keys signed exactly this, in its time."""
        parts = (Part.FORM, Part.TERMS, Part.PROOF, Part.ISSUER, Part.KEY)
        return all(self.outcome(part) is Outcome.YES for part in parts)

    @property
    def worth(self) -> Worth:
        """What it comes to: valid only where every single part is yes."""
        return next((worth for worth, applies in WORTHS if applies(self)), Worth.VALID)


def _no(*parts: Part) -> Any:
    return lambda found: any(found.outcome(part) is Outcome.NO for part in parts)


def _because(part: Part, *reasons: Reason) -> Any:
    return lambda found: found.genuine and found.reason(part) in reasons


def _doubtful(found: Found) -> bool:
    return any(found.outcome(part) is not Outcome.YES for part in Part)


# The first that applies.
WORTHS = (
    (Worth.NOT_OURS, _no(Part.FORM, Part.ISSUER)),
    (Worth.ALTERED, _no(Part.TERMS, Part.PROOF)),
    (Worth.NOT_OURS, _no(Part.KEY)),
    (Worth.WITHDRAWN, _because(Part.STATUS, Reason.REVOKED, Reason.WITHDRAWN)),
    (Worth.REPLACED, _because(Part.STATUS, Reason.REPLACED)),
    (Worth.SUSPENDED, _because(Part.STATUS, Reason.SUSPENDED)),
    (Worth.EXPIRED, _because(Part.DATES, Reason.OVER)),
    (Worth.UNKNOWN, _doubtful),
)

# A set bit of each list of the first edition, and each message of the one list of now.
SET = {Purpose.REVOCATION: Reason.REVOKED, Purpose.SUSPENSION: Reason.SUSPENDED}
MEANS = {
    Message.SUSPENDED: Reason.SUSPENDED,
    Message.WITHDRAWN: Reason.WITHDRAWN,
    Message.REPLACED: Reason.REPLACED,
}
# What never ends: a suspension can.
FINAL = frozenset({Reason.REVOKED, Reason.WITHDRAWN, Reason.REPLACED})
