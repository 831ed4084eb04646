"""Writes of documents: the file first, durable under a random key, then its row."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy import select
from sqlalchemy.orm.exc import ObjectDeletedError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, release_transaction, session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import display_name, examine
from cissapp.foundation.safeguards.services import confirm, refuse_signs
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.documents.rules import VersionState
from cissapp.prepare.documents.rules.files import CheckedFile, UploadedFile
from cissapp.prepare.documents.rules.limits import refuse_many_documents, refuse_many_versions
from cissapp.prepare.documents.rules.sources import sources_of
from cissapp.prepare.documents.services.copies import (
    discard_files,
    record_examination,
    store_with_copy,
)
from cissapp.prepare.documents.services.locks import lock_for_change

# Sent inside the transaction with the document to be deleted; rooms above remove references to it.
document_removed = Signal()

FROZEN = (VersionState.SUBMITTED, VersionState.ACCEPTED)


# --- upload ----------------------------------------------------------------------------------


def check_file(school_id: UUID, sent: UploadedFile, *, clamd_url: str) -> CheckedFile:
    """Check a file by its content, for `add_document` and `add_version`.

    The transaction is released meanwhile, so that nobody waits for it: nothing may have been written yet.
    """
    lock_for_change(school_id)
    release_transaction()
    examined = examine(sent.content, sent.file_name, clamd_url=clamd_url)
    refuse_signs(sent.content, examined.media_type.value, examined.text)
    return CheckedFile(sent.content, sent.file_name, examined)


def add_document(
    school: School,
    *,
    title: str,
    evidence_code: str,
    file: CheckedFile,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Document:
    """Store a checked file as version 1 of a new document; refuse content that is here already."""
    with store_with_copy(store, file.content, file.examined.copy) as keys:
        lock_for_change(school.id)
        version = _version(1, keys, file, by=by, at=at)
        entries = queries.documents(school.id)
        _refuse_again(version.sha256, entries)
        refuse_many_documents(len(entries))
        document = Document(
            id=new_id(),
            school_id=school.id,
            title=title,
            evidence_code=evidence_code,
            created_at=at,
            created_by_id=by.id,
        )
        session.add(document)
        _add(version, document, by=by, at=at)
        facts = {"kind": evidence_code, "sha256": version.sha256, "size": version.size}
        record(Event.DOCUMENT_ADDED, document, by=by, at=at, school_id=school.id, **facts)
        session.flush()
    return document


def add_version(
    document: Document,
    *,
    file: CheckedFile,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> DocumentVersion:
    """Store a checked file as the newest version; refuse the same content as the newest one."""
    with store_with_copy(store, file.content, file.examined.copy) as keys:
        versions = _versions_of(document)
        newest = DocumentEntry(document.id, document.title, document.evidence_code, versions[-1])
        number = newest.newest.number + 1
        version = _version(number, keys, file, by=by, at=at)
        _refuse_again(version.sha256, [newest])
        refuse_many_versions(len(versions))
        _add(version, document, by=by, at=at)
        facts = {"number": number, "sha256": version.sha256, "size": version.size}
        record(
            Event.DOCUMENT_VERSION_ADDED,
            version,
            by=by,
            at=at,
            school_id=version.school_id,
            **facts,
        )
        session.flush()
    return version


def _versions_of(document: Document) -> list[DocumentVersion]:
    """Lock the evidence and list the versions; a colleague may have removed the document meanwhile."""
    try:
        lock_for_change(document.school_id)
    except ObjectDeletedError as error:
        raise Missing from error
    versions = queries.versions(document.id)
    if not versions:
        raise Missing
    return versions


def _version(
    number: int,
    keys: tuple[str, str | None],
    file: CheckedFile,
    *,
    by: Actor,
    at: datetime,
) -> DocumentVersion:
    version = DocumentVersion(
        id=new_id(),
        number=number,
        state=VersionState.DRAFT,
        file_key=keys[0],
        file_name=display_name(file.file_name),
        media_type=file.examined.media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        text=file.examined.text,
        uploaded_at=at,
        uploaded_by_id=by.id,
    )
    record_examination(version, file.examined, keys[1])
    sources = file.sources or (sources_of(file.examined.texts) if version.pages else None)
    if sources:
        version.page_sources = [source.value for source in sources]
    return version


def _add(version: DocumentVersion, document: Document, *, by: Actor, at: datetime) -> None:
    version.document_id, version.school_id = document.id, document.school_id
    session.add(version)
    session.flush()
    confirm(("document_version", version.id), school_id=version.school_id, by=by, at=at)
    session.expire(document, ["versions"])


def _refuse_again(sha256: str, entries: Iterable[DocumentEntry]) -> None:
    for entry in entries:
        if entry.newest.sha256 == sha256:
            message = N_("You already have this file, as “%(title)s”. Nothing was added.")
            link = ("documents.document", {"document_id": entry.id})
            raise Refused(Problem("file", message, {"title": entry.title}, link))


def remove_draft(
    version: DocumentVersion, *, store: FileStore, by: Actor, at: datetime
) -> Document | None:
    """Remove a version that was never submitted, and its document with the last one.

    The file is deleted once the change is committed. Return the document if it has other versions.
    """
    document = version.document
    versions = _versions_of(document)
    if version not in versions:
        raise Missing
    if version.state is not VersionState.DRAFT:
        raise Refused(
            Problem(
                "state",
                N_("This version has been submitted and cannot be changed. Add a newer one."),
            )
        )
    left = [one for one in versions if one is not version]
    facts = {"number": version.number, "sha256": version.sha256, "document_removed": not left}
    record(
        Event.DOCUMENT_DRAFT_REMOVED, version, by=by, at=at, school_id=version.school_id, **facts
    )
    discard_files(version, store=store)
    session.delete(version)
    if not left:
        document_removed.send(document)
        session.delete(document)
    else:
        session.expire(document, ["versions"])
    session.flush()
    return document if left else None


# --- the life of a version -------------------------------------------------------------------


def freeze_versions(school_id: UUID, *, by: Actor, at: datetime) -> list[DocumentVersion]:  # noqa: ARG001 -- the hand-in is recorded by the room that does it
    """Freeze the newest version of every document for a submission, and return these versions."""
    newest = [one.newest for one in queries.documents(school_id)]
    for version in newest:
        if version.state is VersionState.DRAFT:
            version.state = VersionState.SUBMITTED
    session.flush()
    return newest


def accept_versions(versions: Iterable[DocumentVersion], *, by: Actor, at: datetime) -> None:  # noqa: ARG001 -- the decision is recorded by the room that takes it
    """Mark the versions that a certificate is based on as accepted; other frozen ones are superseded."""
    accepted = {version.id: version for version in versions}
    document_ids = {version.document_id for version in accepted.values()}
    earlier = session.scalars(
        select(DocumentVersion).where(
            DocumentVersion.document_id.in_(document_ids),
            DocumentVersion.state.in_(FROZEN),
            DocumentVersion.id.not_in(accepted),
        )
    )
    for version in earlier:
        version.state = VersionState.SUPERSEDED
    for version in accepted.values():
        version.state = VersionState.ACCEPTED
    session.flush()
