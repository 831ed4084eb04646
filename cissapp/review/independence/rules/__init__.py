"""Words of independence: the seats at a case, and when a case can be read. Who may do what stands beside."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.prepare.applications.rules import ApplicationState

# Where the contents of a dossier can be looked at; what a school took back is closed again.
READABLE = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.CHANGES_REQUESTED,
        ApplicationState.DECIDED,
    }
)

# Where there is work for an assessor or for who decides.
AT_WORK = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


class Seat(StrEnum):
    """What a person is in a case; one person holds one seat of a case, for ever."""

    MENTOR = "mentor"
    ASSESSOR = "assessor"
    SECOND_ASSESSOR = "second_assessor"
    THIRD_ASSESSOR = "third_assessor"
    DECIDER = "decider"
    PANEL = "panel"


SEAT_NAMES = {
    Seat.MENTOR: N_("Mentor"),
    Seat.ASSESSOR: N_("Assessor"),
    Seat.SECOND_ASSESSOR: N_("Second assessor"),
    Seat.THIRD_ASSESSOR: N_("Third assessor"),
    Seat.DECIDER: N_("Person who decides"),
    Seat.PANEL: N_("Member of the appeal panel"),
}

ASSESSING = frozenset({Seat.ASSESSOR, Seat.SECOND_ASSESSOR, Seat.THIRD_ASSESSOR})

# Seats that several people may hold at a time.
SHARED = frozenset({Seat.MENTOR, Seat.PANEL})

# Whom a case needs from the start; who else is needed, the review says.
NEEDED = (Seat.ASSESSOR, Seat.DECIDER)

# What a coordinator gives by hand.
ASSIGNABLE = (Seat.ASSESSOR, Seat.SECOND_ASSESSOR, Seat.DECIDER)

# Seats with work that somebody else can go on with.
WORKING = ASSESSING | {Seat.DECIDER}


class HintKind(StrEnum):
    """Why a person may have a tie to a school; only a hint, for the person to answer."""

    DOMAIN = "domain"
    PHONE = "phone"
    EMPLOYER = "employer"
    EMPLOYER_PLACE = "employer_place"
    LOCALITY = "locality"


HINT_NAMES = {
    HintKind.DOMAIN: N_("Same e-mail domain as people of the school"),
    HintKind.PHONE: N_("Same phone number as a contact of the school"),
    HintKind.EMPLOYER: N_("Employer and school have the same name"),
    HintKind.EMPLOYER_PLACE: N_("Employer named after the town of the school"),
    HintKind.LOCALITY: N_("Same town or village"),
}


class Answer(StrEnum):
    """What a person says to a hint."""

    TRUE = "true"
    UNTRUE = "untrue"
