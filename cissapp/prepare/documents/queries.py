"""Reads of documents and of the lock of a school's evidence."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import aliased, defer, lazyload, selectinload

from cissapp.foundation.audit.queries import BATCH, faults, recorded
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.documents.models import Document, DocumentVersion, EvidenceLock, PagePicture
from cissapp.prepare.documents.rules import PictureSize, VersionState
from cissapp.prepare.documents.rules.pages import parts_of

# Longer texts are not searched: this is more than a thousand pages.
MOST_LETTERS = 2_000_000
VERSIONS_SHOWN = 20


class DocumentEntry(Struct, frozen=True):
    """A document with its newest version, whose text is loaded on access."""

    id: UUID
    title: str
    evidence_code: str
    newest: DocumentVersion


class CertifiedDocument(DocumentEntry, frozen=True):
    """A document that a certificate is based on, and the last day of the version that was accepted."""

    accepted_until_on: date | None


def documents(school_id: UUID) -> list[DocumentEntry]:
    """List the documents of a school with their newest versions, the oldest document first."""
    rows = session.execute(_documents_of_school(), {"school_id": school_id})
    return [
        DocumentEntry(document.id, document.title, document.evidence_code, version)
        for document, version in rows
    ]


@cache
def _documents_of_school() -> Statement:
    """Build, only once, the query that runs for the first page of a school and many others."""
    return (
        _with_newest_version()
        .where(Document.school_id == bindparam("school_id"))
        .order_by(Document.created_at, Document.title, Document.id)
    )


def document(document_id: UUID) -> Document | None:
    """Find a document with its versions; their texts are left in the database."""
    return session.scalar(
        select(Document)
        .where(Document.id == document_id)
        .options(selectinload(Document.versions).defer(DocumentVersion.text))
    )


def document_titled(
    school_id: UUID, evidence_code: str, titles: Collection[str]
) -> Document | None:
    """Find the oldest document of a kind whose title is one of those given (in several languages)."""
    found = session.scalars(
        select(Document.id)
        .where(
            Document.school_id == school_id,
            Document.evidence_code == evidence_code,
            Document.title.in_(titles),
        )
        .order_by(Document.created_at, Document.id)
    ).first()
    return document(found) if found else None


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


def versions_of(document: Document, place: PagePlace | None = None) -> KeyPage[DocumentVersion]:
    """Return a page of the versions of a document, the newest first."""
    query = select(DocumentVersion).where(DocumentVersion.document_id == document.id)
    keys = (DocumentVersion.number, DocumentVersion.id)
    return newest_page(query, keys, place, size=VERSIONS_SHOWN)


def uploaders(versions: Collection[DocumentVersion]) -> dict[UUID, str]:
    """Return the names of those who uploaded versions of a document."""
    ids = {one.uploaded_by_id for one in versions}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def picture(version_id: UUID, number: int, size: PictureSize) -> PagePicture | None:
    """Find the picture of a page if it was drawn; one without a file means that it cannot be drawn."""
    return session.get(PagePicture, (version_id, number, size))


def page_texts(version: DocumentVersion) -> list[str]:
    """Return the text of a version page by page, or part by part where it has no pages.

    A version from before texts were kept by page has its whole text on the first.
    """
    query = select(DocumentVersion.page_texts, DocumentVersion.text)
    texts, text = session.execute(query.where(DocumentVersion.id == version.id)).one()
    if texts is not None:
        return list(texts)
    return _parts(text, version.pages)


def page_texts_of(version_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the texts of versions page by page; those without pages, or too long to be searched, are left out."""
    query = select(DocumentVersion.id, DocumentVersion.page_texts).where(
        DocumentVersion.id.in_(version_ids),
        DocumentVersion.pages.is_not(None),
        DocumentVersion.page_texts.is_not(None),
        func.length(DocumentVersion.text) <= MOST_LETTERS,
    )
    return {version_id: list(texts or ()) for version_id, texts in session.execute(query)}


class NewestText(Struct, frozen=True):
    """The text of the newest version of a document, page by page; part by part where it has no pages."""

    document_id: UUID
    version_id: UUID
    title: str
    number: int
    has_pages: bool
    texts: list[str]


def newest_texts(school_id: UUID) -> list[NewestText]:
    """Return the texts of the newest versions of a school's documents; those too long to be searched are left out."""
    query = (
        _with_newest_version()
        .where(Document.school_id == school_id, func.length(DocumentVersion.text) <= MOST_LETTERS)
        .order_by(Document.created_at, Document.title, Document.id)
    ).with_only_columns(
        Document.id,
        DocumentVersion.id,
        Document.title,
        DocumentVersion.number,
        DocumentVersion.pages,
        DocumentVersion.page_texts,
        DocumentVersion.text,
    )
    return [
        NewestText(
            document_id, version_id, title, number, bool(pages), list(texts or _parts(text, pages))
        )
        for document_id, version_id, title, number, pages, texts, text in session.execute(query)
    ]


def _parts(text: str, pages: int | None) -> list[str]:
    """Return a text that was not kept by page as one page, or part by part where it has none."""
    return [text] if pages else parts_of(text)


def certified_documents(school_id: UUID) -> list[CertifiedDocument]:
    """List the documents that a school's certificate is based on, by the last day of their newest versions."""
    accepted = aliased(DocumentVersion)
    rows = session.execute(
        _with_newest_version()
        .join(accepted, accepted.document_id == Document.id)
        .add_columns(accepted.expires_on)
        .where(Document.school_id == school_id, accepted.state == VersionState.ACCEPTED)
        .order_by(DocumentVersion.expires_on, Document.title)
    )
    return [
        CertifiedDocument(document.id, document.title, document.evidence_code, newest, until_on)
        for document, newest, until_on in rows
    ]


def expired_documents(school_id: UUID, today: date) -> list[CertifiedDocument]:
    """List the documents of a certificate whose newest version has expired, the longest ago first."""
    found = certified_documents(school_id)
    return [one for one in found if one.newest.expires_on and one.newest.expires_on < today]


@cache
def _with_newest_version() -> Statement:
    """Return the cached statement that selects documents, each with its newest version but not that one's text."""
    later = aliased(DocumentVersion)
    newest = (
        select(func.max(later.number))
        .where(later.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    return (
        select(Document, DocumentVersion)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(DocumentVersion.number == newest)
        .options(lazyload(Document.versions), defer(DocumentVersion.text))
    )


def expiring_versions(today: date, until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """List all newest versions that expire between two dates: id, expiry date, last reminder."""
    query = (
        _with_newest_version()
        .where(DocumentVersion.expires_on.between(today, until))
        .order_by(DocumentVersion.expires_on, Document.id)
    )
    columns = (DocumentVersion.id, DocumentVersion.expires_on, DocumentVersion.reminded_days)
    return session.execute(query.with_only_columns(*columns)).all()


def newest_among(version_ids: Collection[UUID]) -> list[tuple[Document, DocumentVersion]]:
    """List those of the versions that are the newest of their document, with it, by expiry date."""
    rows = session.execute(
        _with_newest_version()
        .where(DocumentVersion.id.in_(version_ids))
        .order_by(DocumentVersion.expires_on, Document.id)
    )
    return [(document, version) for document, version in rows]


# --- the lock ----------------------------------------------------------------------------------


def open_answers(school_id: UUID) -> list[str] | None:
    """List the criteria that may be answered although the rest is locked; None, if nothing is locked.

    After a certificate no answer may be changed until the next application opens.
    """
    found = session.get(EvidenceLock, school_id)
    return found.open_criteria if found else None


def open_criteria(school_id: UUID) -> list[str] | None:
    """List the criteria whose evidence is open although the group has the application; None, if it has not.

    After the decision the lock holds for answers alone: a certified school has to keep its contacts and evidence
    up to date, and what was judged is in the submission.
    """
    found = session.scalar(
        select(EvidenceLock.open_criteria)
        .join(School, School.id == EvidenceLock.school_id)
        .where(EvidenceLock.school_id == school_id, School.progress != Progress.DECIDED)
    )
    return list(found) if found is not None else None


# --- beside the trail --------------------------------------------------------------------------


def altered() -> Iterator[str]:
    """Yield a message for each version whose size or hash differs from the audit trail.

    The audit trail records a first version under its document, and a later one under its own id.
    """
    version = DocumentVersion
    columns = (version.id, version.document_id, version.uploaded_at, version.number)
    query = select(*columns, version.size, version.sha256).order_by(version.id)
    rows = [
        (number == 1, key, document_id, at, {"size": size, "sha256": sha256})
        for key, document_id, at, number, size, sha256 in session.execute(query).yield_per(BATCH)
    ]
    first = ((document_id, at, now) for one, _key, document_id, at, now in rows if one)
    later = ((key, at, now) for one, key, _id, at, now in rows if not one)
    yield from faults("first version of the document", first, recorded(Event.DOCUMENT_ADDED))
    yield from faults("version of a document", later, recorded(Event.DOCUMENT_VERSION_ADDED))


def hashes(version_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the file hashes of those versions that exist, by version id."""
    query = select(DocumentVersion.id, DocumentVersion.sha256)
    rows = session.execute(query.where(DocumentVersion.id.in_(version_ids)))
    return {version_id: sha256 for version_id, sha256 in rows}  # noqa: C416 -- rows are no plain pairs to mypy
