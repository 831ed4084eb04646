"""What a list is narrowed to, what a badge says for an answer, and which certificates a bulk holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cissapp.certify.certificates.rules import Status
from cissapp.foundation.core.errors import N_

LEVELS = (1, 2, 3)


class Wanted(StrEnum):
    """Which of the certificates in force are looked for."""

    VALID = "valid"
    EXPIRING = "expiring"


WANTED_NAMES = {
    Wanted.VALID: N_("In force, not near its end"),
    Wanted.EXPIRING: N_("In force, ends soon"),
}


@dataclass(frozen=True)
class Search:
    """What a visitor looks for in the list of certified schools."""

    words: str = ""
    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: Wanted | None = None


@dataclass(frozen=True)
class Bulk:
    """Which certificates are fetched together; the days are those of the issue, both included."""

    country_code: str = ""
    region_code: str = ""
    level: int | None = None
    status: Status | None = None
    from_on: date | None = None
    to_on: date | None = None

    def takes(self, issued_on: date, status: Status) -> bool:
        """Say whether a certificate with this day of issue and this status is among them."""
        return (
            (self.status is None or self.status is status)
            and (self.from_on is None or self.from_on <= issued_on)
            and (self.to_on is None or issued_on <= self.to_on)
        )


# --- the badge ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """The word of a badge, its sign, and its two colours; the word can be read without the colour."""

    word: str
    sign: str
    ink: str
    ground: str


GOOD, WARN = ("#14532D", "#DCF3E3"), ("#6B3A00", "#FFEBC2")
BAD, NONE = ("#8A1C15", "#FBE3E0"), ("#37474F", "#E6EAEC")

LOOKS = {
    Status.VALID: Look(N_("valid"), "✓", *GOOD),
    Status.EXPIRING: Look(N_("valid, ends soon"), "✓", *GOOD),
    Status.EXPIRED: Look(N_("expired"), "✕", *BAD),
    Status.SUSPENDED: Look(N_("suspended"), "!", *WARN),
    Status.WITHDRAWN: Look(N_("withdrawn"), "✕", *BAD),
    Status.REPLACED: Look(N_("replaced by a newer one"), "→", *NONE),
    Status.UPCOMING: Look(N_("begins later"), "…", *NONE),
    Status.UNKNOWN: Look(N_("could not be checked"), "?", *NONE),
}
NOT_KNOWN = Look(N_("not known"), "✕", *BAD)


def look_of(answer: str) -> Look:
    """Give the look for an answer of the public check; one that is no status is not known."""
    known = {status.value: look for status, look in LOOKS.items()}
    return known.get(answer, NOT_KNOWN)


# What a list that a machine reads calls the fields of a school; they stay.
FIELDS = (
    "name",
    "locality",
    "country",
    "region",
    "level",
    "status",
    "valid_from",
    "valid_until",
    "number",
    "code",
    "verify",
)
FORMAT = "ciss-certified-schools-1"
