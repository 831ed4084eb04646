"""Rules of accounts: duties, passwords, and how long things last."""

from cissapp.people.accounts.rules.addresses import (
    fold_address,
)
from cissapp.people.accounts.rules.duties import (
    DUTY_NAMES,
    Duty,
)
from cissapp.people.accounts.rules.passwords import (
    password_length,
    password_problems,
)
from cissapp.people.accounts.rules.sessions import (
    FAILURES_ALLOWED,
    FAILURES_WITHIN,
    HALF_OPEN_FOR,
    INVITATION_LASTS,
    RESET_LASTS,
    SEEN_EVERY,
    STAFF,
    PersonFacts,
    Proof,
    asks_second_proof,
    idle_and_absolute,
    is_session_over,
)

__all__ = [
    "DUTY_NAMES",
    "FAILURES_ALLOWED",
    "FAILURES_WITHIN",
    "HALF_OPEN_FOR",
    "INVITATION_LASTS",
    "RESET_LASTS",
    "SEEN_EVERY",
    "STAFF",
    "Duty",
    "PersonFacts",
    "Proof",
    "asks_second_proof",
    "fold_address",
    "idle_and_absolute",
    "is_session_over",
    "password_length",
    "password_problems",
]
