"""Reads of appeals: what may be appealed against, who could hear it, what waits for whom."""

from cissapp.review.appeals.queries.appeals import (
    Appeals,
    Candidate,
    appeal,
    appeals,
    candidates,
    filing_of,
    member,
    newest_decision,
    of_decision,
    of_school,
    own_appeal,
    panel_of,
    to_hear,
)

__all__ = [
    "Appeals",
    "Candidate",
    "appeal",
    "appeals",
    "candidates",
    "filing_of",
    "member",
    "newest_decision",
    "of_decision",
    "of_school",
    "own_appeal",
    "panel_of",
    "to_hear",
]
