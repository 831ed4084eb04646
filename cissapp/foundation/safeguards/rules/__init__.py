"""Signs that a text names a child, a number of a person, or what happened to somebody."""

from cissapp.foundation.safeguards.rules.looking import look
from cissapp.foundation.safeguards.rules.signs import KIND_NAMES, Kind, Sign, counts_of, kinds_of
from cissapp.foundation.safeguards.rules.tombstones import REASON_NAMES, TOMBSTONE, Reason

__all__ = [
    "KIND_NAMES",
    "REASON_NAMES",
    "TOMBSTONE",
    "Kind",
    "Reason",
    "Sign",
    "counts_of",
    "kinds_of",
    "look",
]
