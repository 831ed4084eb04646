"""Words of independence: the roles at a case, and when a case can be read. Who may do what stands beside."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.prepare.applications.rules import ApplicationState

# Where the contents of an application can be looked at; what a school withdrew is closed again.
READABLE = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.CHANGES_REQUESTED,
        ApplicationState.DECIDED,
    }
)

# Where there is work for a reviewer or for the decider.
UNDER_REVIEW = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)

# Where whoever holds a role may be asked again: nobody of them mentors the school meanwhile.
UNDECIDED = (*UNDER_REVIEW, ApplicationState.CHANGES_REQUESTED)


class CaseRole(StrEnum):
    """What a person is in a case; one person holds one role of a case, forever."""

    MENTOR = "mentor"
    REVIEWER = "assessor"
    SECOND_REVIEWER = "second_assessor"
    THIRD_REVIEWER = "third_assessor"
    DECIDER = "decider"
    PANEL_MEMBER = "panel"


CASE_ROLE_NAMES = {
    CaseRole.MENTOR: N_("Mentor"),
    CaseRole.REVIEWER: N_("Reviewer"),
    CaseRole.SECOND_REVIEWER: N_("Second reviewer"),
    CaseRole.THIRD_REVIEWER: N_("Third reviewer"),
    CaseRole.DECIDER: N_("Person who decides"),
    CaseRole.PANEL_MEMBER: N_("Member of the appeal panel"),
}

REVIEWING_ROLES = frozenset({CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER, CaseRole.THIRD_REVIEWER})

# Roles that several people may hold at a time.
SHARED_ROLES = frozenset({CaseRole.MENTOR, CaseRole.PANEL_MEMBER})

# Whom a case needs from the start; who else is needed, the review says.
NEEDED_ROLES = (CaseRole.REVIEWER, CaseRole.DECIDER)

# What a coordinator gives by hand.
ASSIGNABLE_ROLES = (CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER, CaseRole.DECIDER)

# Roles with work that another person can go on with.
WORKING_ROLES = REVIEWING_ROLES | {CaseRole.DECIDER}


class PossibleConflict(StrEnum):
    """Why a person may have a conflict of interest to a school; only a possible conflict, for the person to answer."""

    DOMAIN = "domain"
    PHONE = "phone"
    EMPLOYER = "employer"
    EMPLOYER_PLACE = "employer_place"
    LOCALITY = "locality"


POSSIBLE_CONFLICT_NAMES = {
    PossibleConflict.DOMAIN: N_("Same email domain as people at the school"),
    PossibleConflict.PHONE: N_("Same phone number as one of the school’s contacts"),
    PossibleConflict.EMPLOYER: N_("Employer and school have the same name"),
    PossibleConflict.EMPLOYER_PLACE: N_("Employer named after the school’s town"),
    PossibleConflict.LOCALITY: N_("Same town or village"),
}


class ConflictAnswer(StrEnum):
    """What a person says to a possible conflict."""

    TRUE = "true"
    UNTRUE = "untrue"
