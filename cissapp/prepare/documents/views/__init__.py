"""Pages of the documents."""

from cissapp.prepare.documents.views import (
    documents,
    machine_reading,
    photographs,
    removed,
    uploads,
)
from cissapp.prepare.documents.views import versions as papers
from cissapp.prepare.documents.views.blueprint import bp

__all__ = ["bp", "documents", "machine_reading", "papers", "photographs", "removed", "uploads"]
