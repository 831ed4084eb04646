"""The duties of the people of a school."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class Duty(StrEnum):
    """The duty of a school manager."""

    HEAD = "head"
    DEPUTY = "deputy"
    DESIGNATED_PERSON = "designated_person"


DUTY_NAMES = {
    Duty.HEAD: N_("Head"),
    Duty.DEPUTY: N_("Deputy head"),
    Duty.DESIGNATED_PERSON: N_("Designated person for child protection"),
}
