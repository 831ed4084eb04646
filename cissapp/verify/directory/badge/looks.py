"""How the live badge looks for each answer of the public check."""

from msgspec import Struct

from cissapp.certify.certificates.rules import Status
from cissapp.foundation.core.errors import N_


class BadgeLook(Struct, frozen=True):
    """The word of a badge, its sign, and its two colours; the word can be read without the colour."""

    word: str
    sign: str
    ink: str
    ground: str


GOOD, WARN = ("#14532D", "#DCF3E3"), ("#6B3A00", "#FFEBC2")
BAD, NONE = ("#8A1C15", "#FBE3E0"), ("#37474F", "#E6EAEC")

LOOKS = {
    Status.VALID: BadgeLook(N_("valid"), "✓", *GOOD),
    Status.EXPIRING: BadgeLook(N_("valid, expires soon"), "✓", *GOOD),
    Status.EXPIRED: BadgeLook(N_("expired"), "✕", *BAD),
    Status.SUSPENDED: BadgeLook(N_("suspended"), "!", *WARN),
    Status.WITHDRAWN: BadgeLook(N_("withdrawn"), "✕", *BAD),
    Status.REPLACED: BadgeLook(N_("replaced by a newer one"), "→", *NONE),
    Status.UPCOMING: BadgeLook(N_("begins later"), "…", *NONE),
    Status.UNKNOWN: BadgeLook(N_("could not be checked"), "?", *NONE),
}
NOT_KNOWN = BadgeLook(N_("not known"), "✕", *BAD)


def look_of(answer: str) -> BadgeLook:
    """Return the look for an answer of the public check; anything but a status is shown as not known."""
    known = {status.value: look for status, look in LOOKS.items()}
    return known.get(answer, NOT_KNOWN)
