"""The states of an application, its outcomes, and what can be done with it."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class State(StrEnum):
    """Where an application is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What was decided. Minor gaps send the application back; the other two end it."""

    CERTIFIED = "certified"
    MINOR_GAPS = "minor_gaps"
    MAJOR_GAPS = "major_gaps"


class Action(StrEnum):
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
    State.DRAFT: N_("Draft"),
    State.SUBMITTED: N_("Submitted"),
    State.IN_REVIEW: N_("In review"),
    State.CHANGES_REQUESTED: N_("Changes requested"),
    State.DECIDED: N_("Decided"),
    State.WITHDRAWN: N_("Taken back"),
}

# The colour and sign under which a state is shown.
STATE_KINDS = {
    State.DRAFT: "none",
    State.SUBMITTED: "info",
    State.IN_REVIEW: "info",
    State.CHANGES_REQUESTED: "warn",
    State.DECIDED: "ok",
    State.WITHDRAWN: "none",
}

OUTCOME_NAMES = {
    Outcome.CERTIFIED: N_("Certified"),
    Outcome.MINOR_GAPS: N_("Minor gaps"),
    Outcome.MAJOR_GAPS: N_("Major gaps"),
}
