"""Writes of the time after a certificate's issue."""

from cissapp.certify.upkeep.services.confirming import Statement, call_heads, confirm
from cissapp.certify.upkeep.services.ends import remind_of_ends
from cissapp.certify.upkeep.services.quorums import settle, settle_all

__all__ = ["Statement", "call_heads", "confirm", "remind_of_ends", "settle", "settle_all"]
