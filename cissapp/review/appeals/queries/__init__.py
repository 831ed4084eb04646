"""Reads of appeals: what may be appealed against, who could hear it, what waits for whom."""

from cissapp.review.appeals.queries.appeals import (
    CANDIDATES_SHOWN,
    AppealLists,
    PanelCandidate,
    PanelCandidates,
    altered_levels,
    appeal,
    appeals,
    appeals_to_hear,
    count_to_hear,
    filing_of,
    newest_decision,
    of_decision,
    panel_candidates,
    panel_member,
    panels_of,
)

__all__ = [
    "CANDIDATES_SHOWN",
    "AppealLists",
    "PanelCandidate",
    "PanelCandidates",
    "altered_levels",
    "appeal",
    "appeals",
    "appeals_to_hear",
    "count_to_hear",
    "filing_of",
    "newest_decision",
    "of_decision",
    "panel_candidates",
    "panel_member",
    "panels_of",
]
