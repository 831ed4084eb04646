"""What is new in an application's documents since the group last looked, and what will expire too soon."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.applications.submission_content.values import (
    SubmissionContent,
    SubmittedDocument,
)
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import VersionState


class DocumentChangeKind(StrEnum):
    """What happened to a document since the group last looked."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"


class DocumentChange(Struct, frozen=True):
    """A document of this round beside the version that the group saw last."""

    document: SubmittedDocument
    kind: DocumentChangeKind
    before: DocumentVersion | None


def document_changes(of: Application, dossier: SubmissionContent) -> list[DocumentChange]:
    """Compare the documents with those of the round before, or else with those accepted last.

    The list is empty for a school's first application, which has nothing to be compared with.
    """
    before = versions_before(of, dossier)
    if not before:
        return []
    return [_document_change(one, before.get(one.id)) for one in dossier.documents]


def _document_change(document: SubmittedDocument, before: DocumentVersion | None) -> DocumentChange:
    if before is None:
        return DocumentChange(document, DocumentChangeKind.NEW, None)
    same = before.id == document.version.id
    return DocumentChange(
        document, DocumentChangeKind.SAME if same else DocumentChangeKind.CHANGED, before
    )


def versions_before(of: Application, dossier: SubmissionContent) -> dict[UUID, DocumentVersion]:
    """Return, by document, the version that the group saw last."""
    if dossier.round > 1:
        return _of_round(of, dossier.round - 1)
    return _accepted_before(of, dossier)


def _of_round(of: Application, number: int) -> dict[UUID, DocumentVersion]:
    query = _submitted_versions().where(
        Submission.application_id == of.id, Submission.round == number
    )
    return {one.document_id: one for one in session.scalars(query)}


def _accepted_before(of: Application, dossier: SubmissionContent) -> dict[UUID, DocumentVersion]:
    """Return, by document, the newest version that an earlier certificate is or was based on."""
    query = (
        _submitted_versions()
        .join(Application, Application.id == Submission.application_id)
        .where(
            Application.school_id == of.school_id,
            Application.cycle < of.cycle,
            DocumentVersion.document_id.in_([one.id for one in dossier.documents]),
            DocumentVersion.state.in_((VersionState.ACCEPTED, VersionState.SUPERSEDED)),
        )
        .order_by(DocumentVersion.number)
    )
    return {one.document_id: one for one in session.scalars(query)}


def _submitted_versions() -> Select[DocumentVersion]:
    return (
        select(DocumentVersion)
        .join(SubmittedVersion, SubmittedVersion.version_id == DocumentVersion.id)
        .join(Submission, Submission.id == SubmittedVersion.submission_id)
        .options(defer(DocumentVersion.text))
    )


def expiring_documents(dossier: SubmissionContent, until: date) -> list[SubmittedDocument]:
    """List the documents that expire before a date, the earliest first."""
    found = [(one.version.expires_on, one) for one in dossier.documents]
    before = [(day, one) for day, one in found if day is not None and day < until]
    return [one for _, one in sorted(before, key=lambda pair: (pair[0], pair[1].title))]
