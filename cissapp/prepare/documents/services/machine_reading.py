"""Reads the pages of scanned PDFs by machine, page by page, each kept as soon as it is read."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, String, and_, cast, or_, select

from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import Busy, ConfirmationNeeded, Missing
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake.examination import read_page
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.ocr import ReadPicture, can_read
from cissapp.foundation.intake.photographs.legibility import is_read_well
from cissapp.foundation.safeguards.services import confirm, refuse_signs_in_text
from cissapp.people.schools.models import School
from cissapp.prepare.documents.files import stored_files
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import TextSource
from cissapp.prepare.documents.rules.sources import pages_with, sources_of

VERSIONS_A_DAY = 50
# Other daily work waits for this job to finish.
SECONDS_A_DAY = 1800.0


class PageReading(Struct, frozen=True):
    """What a machine read on a page, and how far it is to be trusted."""

    text: str
    source: TextSource


def pages_to_read(version: DocumentVersion) -> list[int]:
    """List the pages whose text waits to be read, or to be looked at by the school."""
    return pages_with(version.page_sources, TextSource.WAITING, TextSource.HELD)


def read_waiting_pages(
    version: DocumentVersion, languages: Sequence[str], *, store: FileStore, by: Actor, at: datetime
) -> Iterator[int]:
    """Read the waiting pages one after the other, and yield the number of each once it is committed.

    Raise `ConfirmationNeeded` at the first page that may contain something about a child, and `Busy` if
    nothing can be read now. The transaction is released meanwhile: nothing may have been written yet.
    """
    version_id = version.id
    content = stored_files.read_copy(version, store)
    for number in pages_to_read(version):
        release_transaction()
        reading = _read(content, number, languages)
        if reading is None:
            return
        refuse_signs_in_text(reading.text)
        with unit_of_work():
            kept = _keep(version_id, number, reading)
            subject = ("document_version", version_id)
            confirm(subject, school_id=kept.school_id, by=by, at=at)
        yield number


def _read(content: bytes, number: int, languages: Sequence[str]) -> PageReading | None:
    """Read a page; None if machine reading is not available."""
    if not can_read(languages):
        return None
    reading: ReadPicture | None = read_page(content, number, languages)
    if reading is None or not reading.words:
        return PageReading("", TextSource.NONE)
    if not is_read_well(reading):
        return PageReading("", TextSource.GARBLED)
    return PageReading(reading.text, TextSource.MACHINE)


def _keep(version_id: UUID, number: int, reading: PageReading) -> DocumentVersion:
    """Record what was read on a page; the file stays as it is."""
    db.lock(f"pages:{version_id}")
    version = session.get(DocumentVersion, version_id, populate_existing=True)
    if version is None or version.file_key is None or not version.page_sources:
        raise Missing
    texts, sources = list(version.page_texts or ()), list(version.page_sources)
    texts[number - 1], sources[number - 1] = reading.text, reading.source.value
    version.page_texts, version.page_sources = texts, sources
    version.text = "\n\n".join(text for text in texts if text)
    session.flush()
    return version


# --- each day ----------------------------------------------------------------------------------


def read_waiting_scans(*, store: FileStore) -> int:
    """Read scans without being asked, a limited amount per day; return the number of pages.

    A page that may contain something about a child is held until the school has checked it.
    """
    if not can_read():
        return 0
    count = versions = 0
    until = time.monotonic() + SECONDS_A_DAY
    # Scans that cannot be read today must not hold up others: they are not counted.
    for version_id in list(session.scalars(_waiting())):
        if versions >= VERSIONS_A_DAY or time.monotonic() > until:
            break
        try:
            pages = _read_version(version_id, store=store, until=until)
        except (Busy, Missing, stored_files.DamagedFile):
            continue
        count, versions = count + pages, versions + bool(pages)
    return count


def _waiting() -> Select[UUID]:
    version = DocumentVersion
    marked = cast(version.page_sources, String).contains(f'"{TextSource.WAITING.value}"')
    # Versions from before text sources were recorded: scans have no text at all.
    earlier = and_(version.page_sources.is_(None), version.text == "")
    return (
        select(version.id)
        .where(
            version.media_type == MediaType.PDF,
            version.file_key.is_not(None),
            or_(marked, earlier),
        )
        .order_by(version.uploaded_at)
    )


def _read_version(version_id: UUID, *, store: FileStore, until: float) -> int:
    with unit_of_work():
        version = session.get_one(DocumentVersion, version_id)
        if not version.page_sources:
            sources = sources_of(version.page_texts or ())
            version.page_sources = [source.value for source in sources or ()]
    languages = [session.get_one(School, version.school_id).language]
    waiting = pages_with(version.page_sources, TextSource.WAITING)
    if not waiting or not can_read(languages):
        return 0
    content = stored_files.read_copy(version, store)
    for count, number in enumerate(waiting):
        if time.monotonic() > until:
            return count
        release_transaction()
        reading = _read(content, number, languages)
        if reading is None:
            return count
        try:
            refuse_signs_in_text(reading.text)
        except ConfirmationNeeded:
            reading = PageReading("", TextSource.HELD)
        with unit_of_work():
            _keep(version_id, number, reading)
    return len(waiting)
