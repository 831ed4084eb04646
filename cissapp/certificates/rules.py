"""How long a certificate lasts, what it is worth today, and how its number and code are formed."""

from enum import StrEnum

from cissapp.core.errors import N_


class RegisterEvent(StrEnum):
    """What can happen to a certificate; each is a row of the register that is never changed."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Status(StrEnum):
    """What a certificate is worth, computed from its dates and its register rows."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


STATUS_NAMES = {
    Status.VALID: N_("Valid"),
    Status.EXPIRING: N_("Valid, expiring soon"),
    Status.EXPIRED: N_("Expired"),
    Status.SUSPENDED: N_("Suspended"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.REPLACED: N_("Replaced by a newer certificate"),
    Status.UNKNOWN: N_("Could not be checked"),
}
