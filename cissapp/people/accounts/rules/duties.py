"""What the people of a school are there."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class Duty(StrEnum):
    """What a school manager is at the school."""

    HEAD = "head"
    DEPUTY = "deputy"
    DESIGNATED_PERSON = "designated_person"


DUTY_NAMES = {
    Duty.HEAD: N_("Head"),
    Duty.DEPUTY: N_("Deputy head"),
    Duty.DESIGNATED_PERSON: N_("Designated person for child protection"),
}
