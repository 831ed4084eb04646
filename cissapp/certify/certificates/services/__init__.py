"""Writes of certificates: issue them, suspend and withdraw them, keep register and standings up to date."""

from cissapp.certify.certificates.services.issuing import issue, publish, reserve, void
from cissapp.certify.certificates.services.standings import refresh_standings
from cissapp.certify.certificates.services.suspensions import reinstate, suspend, withdraw

__all__ = [
    "issue",
    "publish",
    "refresh_standings",
    "reinstate",
    "reserve",
    "suspend",
    "void",
    "withdraw",
]
