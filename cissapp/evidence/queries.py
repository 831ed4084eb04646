"""Reads of documents, the reporting mechanism and the self-assessment."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, defer, lazyload, selectinload

from cissapp.accounts.models import User
from cissapp.core.db import session
from cissapp.evidence.dossier import DocumentEntry, Dossier
from cissapp.evidence.models import (
    Document,
    DocumentVersion,
    DossierLock,
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    SelfScore,
)
from cissapp.evidence.rules import Part

Entry = ReportingPerson | ReportingChannel | EscalationStep

ENTRIES: dict[Part, type[Any]] = {
    Part.PERSONS: ReportingPerson,
    Part.CHANNELS: ReportingChannel,
    Part.ESCALATION: EscalationStep,
}


# --- documents -------------------------------------------------------------------------------


def documents(school_id: UUID) -> list[DocumentEntry]:
    """List the documents of a school with their newest versions, the oldest document first."""
    later = aliased(DocumentVersion)
    newest = (
        select(func.max(later.number))
        .where(later.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Document, DocumentVersion)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(Document.school_id == school_id, DocumentVersion.number == newest)
        .options(lazyload(Document.versions), defer(DocumentVersion.text))
        .order_by(Document.created_at, Document.title, Document.id)
    )
    return [
        DocumentEntry(document.id, document.title, document.evidence_code, version)
        for document, version in rows
    ]


def document(document_id: UUID) -> Document | None:
    """Find a document with its versions; their texts are left in the database."""
    return session.scalar(
        select(Document)
        .where(Document.id == document_id)
        .options(selectinload(Document.versions).defer(DocumentVersion.text))
    )


def version(document_id: UUID, version_id: UUID) -> DocumentVersion | None:
    """Find a version of a document."""
    return session.scalar(
        select(DocumentVersion)
        .where(DocumentVersion.id == version_id, DocumentVersion.document_id == document_id)
        .options(defer(DocumentVersion.text))
    )


def versions(document_id: UUID) -> list[DocumentVersion]:
    """List the versions of a document as they are now, the newest last."""
    return list(
        session.scalars(
            select(DocumentVersion)
            .where(DocumentVersion.document_id == document_id)
            .options(defer(DocumentVersion.text))
            .order_by(DocumentVersion.number)
            .execution_options(populate_existing=True)
        )
    )


def uploaders(of: Document) -> dict[UUID, str]:
    """Give the names of those who uploaded the versions of a document."""
    ids = {one.uploaded_by_id for one in of.versions}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


# --- reporting mechanism ---------------------------------------------------------------------


def mechanism(school_id: UUID) -> ReportingMechanism | None:
    """Give the time limits and rules of a school, if any were saved."""
    return session.get(ReportingMechanism, school_id)


def entries(school_id: UUID, part: Part) -> list[Any]:
    """List the persons, channels or steps of a school, in the order in which they were added."""
    kind = ENTRIES[part]
    return list(
        session.scalars(
            select(kind).where(kind.school_id == school_id).order_by(kind.added_at, kind.id)
        )
    )


def entry(part: Part, entry_id: UUID) -> Entry | None:
    """Find a person, a channel or a step."""
    found: Entry | None = session.get(ENTRIES[part], entry_id)
    return found


# --- self-assessment -------------------------------------------------------------------------


def score(school_id: UUID, criterion_id: str) -> SelfScore | None:
    """Give what a school says of a criterion."""
    return session.get(SelfScore, (school_id, criterion_id))


def scores(school_id: UUID) -> dict[str, SelfScore]:
    """Give what a school says of each criterion that it scored."""
    rows = session.scalars(select(SelfScore).where(SelfScore.school_id == school_id))
    return {row.criterion_id: row for row in rows}


# --- the whole -------------------------------------------------------------------------------


def open_criteria(school_id: UUID) -> list[str] | None:
    """List the criteria that are open although the dossier is handed in; None, if it is not."""
    found = session.get(DossierLock, school_id)
    return found.open_criteria if found else None


def dossier(school_id: UUID) -> Dossier:
    """Gather everything that a school shows, in a constant number of queries."""
    return Dossier(
        documents=tuple(documents(school_id)),
        mechanism=mechanism(school_id),
        persons=tuple(entries(school_id, Part.PERSONS)),
        channels=tuple(entries(school_id, Part.CHANNELS)),
        steps=tuple(entries(school_id, Part.ESCALATION)),
        scores=scores(school_id),
    )
