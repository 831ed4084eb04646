"""Writes of appeals: file, name the panel, leave it, vote; the decision of the majority is carried out in the same step."""

from cissapp.review.appeals.services.filing import file
from cissapp.review.appeals.services.panels import (
    declare,
    excuse_barred,
    excuse_person,
    leave,
    name_panel,
)
from cissapp.review.appeals.services.proposals import ProposalInput, propose, vote

__all__ = [
    "ProposalInput",
    "declare",
    "excuse_barred",
    "excuse_person",
    "file",
    "leave",
    "name_panel",
    "propose",
    "vote",
]
