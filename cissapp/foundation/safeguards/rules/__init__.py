"""Signs that a text names a child, holds an identity number, or tells what happened to a person."""

from cissapp.foundation.safeguards.rules.finding_signs import find_signs
from cissapp.foundation.safeguards.rules.signs import (
    KIND_NAMES,
    Sign,
    SignKind,
    counts_of,
    kinds_of,
)
from cissapp.foundation.safeguards.rules.tombstones import (
    EXPIRED,
    REASON_NAMES,
    TOMBSTONE,
    RemovalReason,
)

__all__ = [
    "EXPIRED",
    "KIND_NAMES",
    "REASON_NAMES",
    "TOMBSTONE",
    "RemovalReason",
    "Sign",
    "SignKind",
    "counts_of",
    "find_signs",
    "kinds_of",
]
