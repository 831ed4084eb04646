"""Reads of everything that stands on the one page about an application."""

from cissapp.review.briefs.queries.brief import (
    BriefFacts,
    EarlierCertificate,
    TrainedDuty,
    application,
    brief_facts,
    earlier_certificate,
    earlier_submission,
    trained_duties,
)

__all__ = [
    "BriefFacts",
    "EarlierCertificate",
    "TrainedDuty",
    "application",
    "brief_facts",
    "earlier_certificate",
    "earlier_submission",
    "trained_duties",
]
