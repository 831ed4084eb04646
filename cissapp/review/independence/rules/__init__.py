"""Terms of independence: the roles of a case, and its readable states. The rules are in its submodules."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.rules import ApplicationState

# States in which the contents of an application can be read; a withdrawn one is closed again.
READABLE = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.CHANGES_REQUESTED,
        ApplicationState.DECIDED,
    }
)

# States in which there is work for a reviewer or for the decider.
UNDER_REVIEW = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)

# States in which the holder of a role may be needed again, and so must not begin to mentor the school.
UNDECIDED = (*UNDER_REVIEW, ApplicationState.CHANGES_REQUESTED)


class CaseRole(StrEnum):
    """A person's role in a case; a person has one role of a case, for good."""

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

# The roles that a case needs from the start; the review determines any others.
NEEDED_ROLES = (CaseRole.REVIEWER, CaseRole.DECIDER)

# The roles that a coordinator assigns by hand.
ASSIGNABLE_ROLES = (CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER, CaseRole.DECIDER)

# Roles whose work another person can continue.
WORKING_ROLES = REVIEWING_ROLES | {CaseRole.DECIDER}

# The deadline of the work of a role; it is open while the work can be done.
KIND_OF_ROLE = {
    CaseRole.REVIEWER: DeadlineKind.REVIEW,
    CaseRole.SECOND_REVIEWER: DeadlineKind.SECOND_REVIEW,
    CaseRole.THIRD_REVIEWER: DeadlineKind.SECOND_REVIEW,
    CaseRole.DECIDER: DeadlineKind.DECISION,
}


class PossibleConflict(StrEnum):
    """Why a person may have a conflict of interest with a school; a possibility that the person answers."""

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
    """A person's answer to a possible conflict."""

    TRUE = "true"
    UNTRUE = "untrue"
