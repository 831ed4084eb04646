"""Finds submissions whose text or documents are not what was submitted."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.documents import queries as document_queries

# Submissions are long texts.
AT_ONCE = 50


def altered() -> Iterator[str]:
    """Yield a message for each submission whose text or documents are not what was submitted."""
    query = select(Submission).options(lazyload("*")).order_by(Submission.id)
    for some in session.scalars(query).partitions(AT_ONCE):
        kept = {one.id: _documents_of(one) for one in some}
        there = document_queries.hashes([key for each in kept.values() for key in each or ()])
        for submission_id, documents in kept.items():
            if documents is None:
                yield f"dossier {submission_id}: is not the text that was handed in"
            elif any(there.get(key) != sha256 for key, sha256 in documents.items()):
                yield f"dossier {submission_id}: its documents are not those that were handed in"


def _documents_of(submission: Submission) -> dict[UUID, str] | None:
    """Return the hashes of the documents of a submission by their versions; None, if its text was changed."""
    try:
        return {one.version.id: one.version.sha256 for one in read_submission(submission).documents}
    except ValueError:
        return None
