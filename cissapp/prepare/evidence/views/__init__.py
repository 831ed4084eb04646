"""Pages of the evidence: documents, reporting mechanism, self-assessment."""

from cissapp.prepare.evidence.views import (
    agreed,
    documents,
    papers,
    removed,
    reporting,
    self_assessment,
    staff,
    uploads,
)
from cissapp.prepare.evidence.views.blueprint import bp

__all__ = [
    "agreed",
    "bp",
    "documents",
    "papers",
    "removed",
    "reporting",
    "self_assessment",
    "staff",
    "uploads",
]
