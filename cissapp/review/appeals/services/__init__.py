"""Writes of appeals: file, name the panel, vote; the decision of the majority is carried out in the same step."""

from cissapp.review.appeals.services.filing import file
from cissapp.review.appeals.services.panels import declare, name_panel
from cissapp.review.appeals.services.proposals import ProposalInput, propose, vote

__all__ = ["ProposalInput", "declare", "file", "name_panel", "propose", "vote"]
