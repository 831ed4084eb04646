"""Writes for the upkeep of certificates."""

from cissapp.certify.upkeep.services.confirmations import (
    YearStatement,
    ask_to_confirm,
    confirm_year,
)
from cissapp.certify.upkeep.services.end_reminders import remind_of_ends
from cissapp.certify.upkeep.services.quorum_gaps import update_quorum, update_quorums

__all__ = [
    "YearStatement",
    "ask_to_confirm",
    "confirm_year",
    "remind_of_ends",
    "update_quorum",
    "update_quorums",
]
