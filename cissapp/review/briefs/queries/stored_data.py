"""Reads of the contents of a bag: all rows at once, then the bytes of one file after another.

Results are detached from the database, so that a slow download of the archive keeps nothing open.
"""

import hashlib
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import defer, lazyload

from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.review.briefs.rules.names import safe_name
from cissapp.review.reviews.models import Decision
from cissapp.review.reviews.queries import school_decision


class SubmittedApplication(Struct, frozen=True):
    """An application that was submitted: its canonical text."""

    cycle: int
    round: int
    content: str


class ArchivedFile(Struct, frozen=True):
    """A stored file other than a document: its path in the bag, its storage key, its hash."""

    path: str
    key: str
    sha256: str


class ArchivedDecision(Struct, frozen=True):
    """A decision as the school sees it: never who decided."""

    cycle: int
    round: int
    facts: dict[str, Any]
    letter: str | None
    files: list[ArchivedFile]


def versions_of(school_id: UUID) -> list[tuple[str, DocumentVersion]]:
    """List every version of every document of a school, with the document's title."""
    query = (
        select(Document.title, DocumentVersion)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(DocumentVersion.school_id == school_id)
        .options(lazyload(DocumentVersion.document), defer(DocumentVersion.text))
        .order_by(Document.created_at, Document.id, DocumentVersion.number)
    )
    return [_detached(title, version) for title, version in session.execute(query)]


def submitted_versions(submission_id: UUID) -> list[tuple[str, DocumentVersion]]:
    """List the versions that belong to a submission, with the titles of their documents."""
    query = (
        select(Document.title, DocumentVersion)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .join(SubmittedVersion, SubmittedVersion.version_id == DocumentVersion.id)
        .where(SubmittedVersion.submission_id == submission_id)
        .options(lazyload(DocumentVersion.document), defer(DocumentVersion.text))
        .order_by(Document.created_at, Document.id)
    )
    return [_detached(title, version) for title, version in session.execute(query)]


def _detached(title: str, version: DocumentVersion) -> tuple[str, DocumentVersion]:
    session.expunge(version)
    return title, version


def submitted_applications(school_id: UUID) -> list[SubmittedApplication]:
    """List every submission of a school, in all its applications."""
    query = (
        select(Application.cycle, Submission.round, Submission.content)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle, Submission.round)
    )
    return [SubmittedApplication(*row) for row in session.execute(query)]


def archived_decisions(school_id: UUID) -> list[ArchivedDecision]:
    """List the decisions about a school with what the school got with each."""
    query = (
        select(Decision, Application.cycle)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle, Decision.round)
    )
    return [_archived_decision(one, cycle) for one, cycle in session.execute(query)]


def _archived_decision(decision: Decision, cycle: int) -> ArchivedDecision:
    answer = school_decision(decision)
    return ArchivedDecision(
        cycle=cycle,
        round=decision.round,
        facts={
            "outcome": decision.outcome.value,
            "level": decision.level,
            "reasons": decision.reasons,
            "open_criteria": decision.open_criteria,
            "decided_at": decision.decided_at,
        },
        letter=answer.letter.content if answer.letter else None,
        files=[
            ArchivedFile(
                f"from-the-group/{place:02}-{safe_name(one.file_name)}", one.file_key, one.sha256
            )
            for place, one in enumerate(answer.attachments, 1)
        ],
    )


def certificate_files(school_id: UUID) -> list[ArchivedFile]:
    """List the files of a school's certificates."""
    query = (
        select(Certificate.number, Publication.file_key, Publication.file_sha256)
        .join(Certificate.publication)
        .where(Certificate.school_id == school_id)
    )
    return [
        ArchivedFile(f"certificates/{safe_name(number)}.pdf", key, sha256)
        for number, key, sha256 in session.execute(query.order_by(Certificate.issued_at))
    ]


def read_file(kept: ArchivedFile, store: FileStore) -> bytes:
    """Read a stored file; raise `DamagedFile` if it is missing or changed."""
    try:
        content = store.get(kept.key)
    except FileNotFoundError as error:
        raise DamagedFile(f"the file of {kept.path} is missing") from error
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise DamagedFile(f"the file of {kept.path} does not have its hash")
    return content
