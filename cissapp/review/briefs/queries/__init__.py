"""Reads of everything that appears on the one-page brief of an application."""

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
