"""Reads of handovers, of acts that wait for a second person, and of the others who learn of an act."""

from cissapp.people.handover.queries.handovers import (
    expired_handovers,
    handover,
    handover_of_invitation,
    open_handover_of_school,
    open_handovers_of,
)
from cissapp.people.handover.queries.offers import (
    colleagues_offered,
    heads_of_school,
    reviewer_of_group,
    reviewers_of_group,
    reviewers_offered,
)
from cissapp.people.handover.queries.others import Concerned, concerned_of, others_of
from cissapp.people.handover.queries.proposals import (
    colleagues_of,
    count_waiting,
    ended_proposals,
    expired_proposals,
    open_proposal_of,
    open_proposals_by,
    proposal,
    proposal_by_token,
    ripe_proposals,
    waiting_proposals,
)

__all__ = [
    "Concerned",
    "colleagues_of",
    "colleagues_offered",
    "concerned_of",
    "count_waiting",
    "ended_proposals",
    "expired_handovers",
    "expired_proposals",
    "handover",
    "handover_of_invitation",
    "heads_of_school",
    "open_handover_of_school",
    "open_handovers_of",
    "open_proposal_of",
    "open_proposals_by",
    "others_of",
    "proposal",
    "proposal_by_token",
    "reviewer_of_group",
    "reviewers_of_group",
    "reviewers_offered",
    "ripe_proposals",
    "waiting_proposals",
]
