"""The states of an application, its outcomes, and what can be done with it."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class ApplicationState(StrEnum):
    """Where an application is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class ApplicationOutcome(StrEnum):
    """What was decided. Minor gaps send the application back; the other two end it."""

    CERTIFIED = "certified"
    MINOR_GAPS = "minor_gaps"
    MAJOR_GAPS = "major_gaps"


class ApplicationAction(StrEnum):
    """What can be done with an application."""

    SUBMIT = "submit"
    RETURN = "return"
    START_REVIEW = "start_review"
    ASK = "ask"
    REQUEST_CHANGES = "request_changes"
    CERTIFY = "certify"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ALTER = "alter"
    REOPEN = "reopen"


STATE_NAMES = {
    ApplicationState.DRAFT: N_("Draft"),
    ApplicationState.SUBMITTED: N_("Submitted"),
    ApplicationState.IN_REVIEW: N_("In review"),
    ApplicationState.CHANGES_REQUESTED: N_("Changes requested"),
    ApplicationState.DECIDED: N_("Decided"),
    ApplicationState.WITHDRAWN: N_("Withdrawn by the school"),
}

OUTCOME_NAMES = {
    ApplicationOutcome.CERTIFIED: N_("Certified"),
    ApplicationOutcome.MINOR_GAPS: N_("Minor gaps"),
    ApplicationOutcome.MAJOR_GAPS: N_("Major gaps"),
}
