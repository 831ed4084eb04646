"""The forms of independence: about conflicts of interest, and about people of a group and of a case."""

from cissapp.review.independence.forms.declarations import (
    REASON_LEAST,
    REASON_MARKS,
    DeclarationForm,
    HandBackForm,
    LateDeclarationForm,
    declaration_form,
)
from cissapp.review.independence.forms.people import (
    AbsenceForm,
    AssignForm,
    AssignmentProposalForm,
    BackgroundForm,
    GuestForm,
    HandoverForm,
    MemberAbsenceForm,
    MentoringForm,
    WaiverForm,
    person_chosen,
)

__all__ = [
    "REASON_LEAST",
    "REASON_MARKS",
    "AbsenceForm",
    "AssignForm",
    "AssignmentProposalForm",
    "BackgroundForm",
    "DeclarationForm",
    "GuestForm",
    "HandBackForm",
    "HandoverForm",
    "LateDeclarationForm",
    "MemberAbsenceForm",
    "MentoringForm",
    "WaiverForm",
    "declaration_form",
    "person_chosen",
]
