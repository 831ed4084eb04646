"""The displayed names of certificate statuses and register events."""

from cissapp.certify.certificates.rules import RegisterEvent, Status
from cissapp.foundation.core.errors import N_

STATUS_NAMES = {
    Status.VALID: N_("Valid"),
    Status.EXPIRING: N_("Valid, expiring soon"),
    Status.EXPIRED: N_("Expired"),
    Status.SUSPENDED: N_("Suspended"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.REPLACED: N_("Replaced by a newer certificate"),
    Status.UPCOMING: N_("Not yet valid: it begins on a later date"),
    Status.UNKNOWN: N_("Could not be checked"),
}


EVENT_NAMES = {
    RegisterEvent.RESERVED: N_("Decided, file being prepared"),
    RegisterEvent.VOIDED: N_("Ended before it was issued"),
    RegisterEvent.ISSUED: N_("Issued"),
    RegisterEvent.SUSPENDED: N_("Suspended"),
    RegisterEvent.REINSTATED: N_("Suspension ended"),
    RegisterEvent.WITHDRAWN: N_("Withdrawn"),
    RegisterEvent.REPLACED: N_("Replaced by a newer certificate"),
}
