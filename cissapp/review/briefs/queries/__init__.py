"""Reads of everything that stands on the one page about a dossier."""

from cissapp.review.briefs.queries.brief import (
    Accepted,
    Known,
    Trained,
    accepted,
    application,
    handed_in_before,
    known,
    trained,
)

__all__ = [
    "Accepted",
    "Known",
    "Trained",
    "accepted",
    "application",
    "handed_in_before",
    "known",
    "trained",
]
