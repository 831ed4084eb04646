"""Reads of the acknowledgements."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import defer

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.schools.models import School
from cissapp.prepare.acknowledgements.models import Acknowledgement, StaffReading
from cissapp.prepare.acknowledgements.rules import AcknowledgementCount
from cissapp.prepare.documents.models import Document, DocumentVersion


class LinkedReading(Struct, frozen=True):
    """What a link leads to: the reading, the version, its document, the school."""

    reading: StaffReading
    version: DocumentVersion
    document: Document
    school: School


def find_linked_reading(token: str) -> LinkedReading:
    """Find what a link leads to; raise `Missing` for an unknown link or a removed version."""
    found = session.execute(
        select(StaffReading, DocumentVersion, Document, School)
        .join(DocumentVersion, DocumentVersion.id == StaffReading.version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .join(School, School.id == Document.school_id)
        .where(StaffReading.token == token)
        .options(defer(DocumentVersion.text))
    ).first()
    if found is None:
        raise Missing
    return LinkedReading(*found)


def newest_reading(document_id: UUID) -> StaffReading | None:
    """Find the reading of the last version of a document that the staff was asked to read."""
    return session.scalar(
        select(StaffReading)
        .where(StaffReading.document_id == document_id)
        .order_by(StaffReading.version_number.desc())
        .limit(1)
    )


def count_of_series(series_id: UUID) -> int:
    """Count the acknowledgements of a series."""
    query = select(func.count(Acknowledgement.id)).where(Acknowledgement.series_id == series_id)
    return session.scalar(query) or 0


def count_by_document(school_id: UUID) -> list[AcknowledgementCount]:
    """Count the acknowledgements of each policy of a school by its newest reading, in one query."""
    newest = (
        select(StaffReading.document_id, func.max(StaffReading.version_number).label("number"))
        .where(StaffReading.school_id == school_id)
        .group_by(StaffReading.document_id)
        .subquery()
    )
    of_series = Acknowledgement.series_id == StaffReading.series_id
    total = select(func.count(Acknowledgement.id)).where(of_series)
    exactly = total.where(Acknowledgement.sha256 == StaffReading.sha256)
    first = select(func.min(Acknowledgement.acknowledged_on)).where(of_series)
    rows = session.execute(
        select(
            StaffReading,
            Document.title,
            total.correlate(StaffReading).scalar_subquery(),
            exactly.correlate(StaffReading).scalar_subquery(),
            first.correlate(StaffReading).scalar_subquery(),
        )
        .join(Document, Document.id == StaffReading.document_id)
        .join(
            newest,
            (newest.c.document_id == StaffReading.document_id)
            & (newest.c.number == StaffReading.version_number),
        )
        .order_by(Document.created_at, Document.id)
    )
    return [
        AcknowledgementCount(
            document_id=one.document_id,
            title=title,
            number=one.version_number,
            sha256=one.sha256,
            in_all=every,
            this_version=exact,
            staff=one.staff,
            since_on=since or one.opened_at.date(),
            change=one.change,
        )
        for one, title, every, exact, since in rows
    ]
