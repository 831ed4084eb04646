"""Pages of the documents."""

from cissapp.prepare.documents.views import documents, papers, removed, uploads
from cissapp.prepare.documents.views.blueprint import bp

__all__ = ["bp", "documents", "papers", "removed", "uploads"]
