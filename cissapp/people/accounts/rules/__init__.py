"""Rules of accounts: duties, passwords, and how long things last."""

from cissapp.people.accounts.rules.addresses import (
    fold_address,
)
from cissapp.people.accounts.rules.devices import (
    BETWEEN,
    OTHER,
    device_of,
    is_new_device,
)
from cissapp.people.accounts.rules.duties import (
    DUTY_NAMES,
    Duty,
)
from cissapp.people.accounts.rules.limits import (
    ADDRESS_LINK_LASTS,
    INVITATIONS,
    LEAVING,
    LINK_COUNTS_FOR,
    NEW_ADDRESSES,
    NEW_NAMES,
    OWN_PASSWORD,
    RESET_MAILS,
    SIGN_IN_BY_LINK,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_FROM_DEVICE,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_IN_ALL,
    SIGN_IN_OF_ACCOUNT,
    AttemptLimit,
)
from cissapp.people.accounts.rules.passwords import (
    password_length,
    password_problems,
)
from cissapp.people.accounts.rules.sessions import (
    HALF_OPEN_FOR,
    INVITATION_LASTS,
    RESET_LASTS,
    SCHOOL_ABSOLUTE,
    SEEN_EVERY,
    STAFF,
    PersonFacts,
    Proof,
    ReaderFacts,
    asks_second_proof,
    idle_and_absolute,
    is_session_over,
)

__all__ = [
    "ADDRESS_LINK_LASTS",
    "BETWEEN",
    "DUTY_NAMES",
    "HALF_OPEN_FOR",
    "INVITATIONS",
    "INVITATION_LASTS",
    "LEAVING",
    "LINK_COUNTS_FOR",
    "NEW_ADDRESSES",
    "NEW_NAMES",
    "OTHER",
    "OWN_PASSWORD",
    "RESET_LASTS",
    "RESET_MAILS",
    "SCHOOL_ABSOLUTE",
    "SEEN_EVERY",
    "SIGN_IN_BY_LINK",
    "SIGN_IN_FROM_ADDRESS",
    "SIGN_IN_FROM_DEVICE",
    "SIGN_IN_FROM_NETWORK",
    "SIGN_IN_IN_ALL",
    "SIGN_IN_OF_ACCOUNT",
    "STAFF",
    "AttemptLimit",
    "Duty",
    "PersonFacts",
    "Proof",
    "ReaderFacts",
    "asks_second_proof",
    "device_of",
    "fold_address",
    "idle_and_absolute",
    "is_new_device",
    "is_session_over",
    "password_length",
    "password_problems",
]
