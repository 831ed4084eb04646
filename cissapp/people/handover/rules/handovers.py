"""How a head hands over: two people agree, nothing changes before both have, either can stop it."""

from datetime import datetime, timedelta
from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.people.accounts.rules import Duty

HANDOVER_LASTS = timedelta(days=14)


class Afterwards(StrEnum):
    """What becomes of the account of the head who hands over."""

    CLOSED = "closed"
    DEPUTY = "deputy"
    DESIGNATED_PERSON = "designated_person"

    @property
    def duty(self) -> Duty | None:
        """The duty that the person has afterwards; None if the account is closed."""
        return None if self is Afterwards.CLOSED else Duty(self.value)


AFTERWARDS_NAMES = {
    Afterwards.CLOSED: N_("The account is closed because the head is leaving the school"),
    Afterwards.DEPUTY: N_("The head stays on as deputy head"),
    Afterwards.DESIGNATED_PERSON: N_("The head stays on as designated person for child protection"),
}


class HandoverOutcome(StrEnum):
    """How a handover ended."""

    DONE = "done"
    STOPPED = "stopped"
    LAPSED = "lapsed"


def is_open(ended_at: datetime | None, expires_at: datetime, at: datetime) -> bool:
    """Return whether a handover can still be confirmed."""
    return ended_at is None and at < expires_at
