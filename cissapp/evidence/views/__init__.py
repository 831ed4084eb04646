"""Pages of the evidence: documents, reporting mechanism, self-assessment."""

from cissapp.evidence.views import documents, reporting, self_assessment
from cissapp.evidence.views.blueprint import bp

__all__ = ["bp", "documents", "reporting", "self_assessment"]
