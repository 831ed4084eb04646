"""Writes of the pictures of pages: drawn when a page is first viewed, or ahead in the background."""

import hashlib
import time
from datetime import datetime, timedelta
from uuid import UUID

from cissapp.foundation.background.rules import Again, TaskKind
from cissapp.foundation.background.services import do_soon
from cissapp.foundation.core import clock, db
from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import FileStore, files
from cissapp.foundation.intake import DrawnPage, draw_pages
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.files import stored_files
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.prepare.documents.models import DocumentVersion, PagePicture
from cissapp.prepare.documents.rules import PictureSize
from cissapp.prepare.documents.services.copies import new_key

# In the order in which the worker draws them.
SIZES = (PictureSize.LARGE, PictureSize.SMALL)
# Later pages have text but no picture: hardly anybody views so many, and each takes space.
MOST_DRAWN = 200
TRY_AGAIN = timedelta(hours=1)
# The person who has just submitted is served first; a reviewer comes later.
WAIT = timedelta(minutes=1)
SECONDS_OF_A_TURN = 20.0


def draw_later(version: DocumentVersion, *, at: datetime) -> None:
    """Have all pages of a version drawn before a reviewer asks for them."""
    if version.pages:
        do_soon(TaskKind.PAGE_PICTURES, version.id, at=at, wait=WAIT)


def draw_in_background(version_id: UUID | None, _at: datetime) -> Again | None:
    """Draw the pages of a version that have no picture yet, for a while; ask for another turn if some are left."""
    version, until = session.get(DocumentVersion, version_id), time.monotonic() + SECONDS_OF_A_TURN
    number, last = 1, min(version.pages or 0, MOST_DRAWN) if version else 0
    while number <= last:
        if time.monotonic() > until:
            return Again()
        version = session.get_one(DocumentVersion, version_id)
        try:
            if _is_wanted(version, number, PictureSize.LARGE, at=clock.now()):
                number += _draw(version, number, last, store=files(), at=clock.now())
            else:
                number += 1
        except Refused:  # pages are drawn for people just now
            return Again(WAIT)
        except (DamagedFile, Missing):
            return None
    return None


def draw_picture(
    version: DocumentVersion,
    number: int,
    size: PictureSize,
    *,
    store: FileStore,
    at: datetime,
) -> PagePicture | None:
    """Return the picture of a page, drawn now if it is the first request; None if there is none.

    Only a PDF is drawn; what could not be drawn is tried again after an hour. The transaction is released
    meanwhile, and the picture is committed at once: it follows from the file, so nothing need be undone.
    """
    if version.file_key is None or version.pages is None:
        return None
    if not 1 <= number <= min(version.pages, MOST_DRAWN):
        return None
    if _is_wanted(version, number, size, at=at):
        _draw(version, number, number, store=store, at=at)
    found = queries.picture(version.id, number, size)
    return found if found and found.file_key else None


def _is_wanted(version: DocumentVersion, number: int, size: PictureSize, *, at: datetime) -> bool:
    """Return whether a page is to be drawn: it never was, or could not be and an hour has passed."""
    found = queries.picture(version.id, number, size)
    return found is None or (found.file_key is None and found.drawn_at <= at - TRY_AGAIN)


def _draw(
    version: DocumentVersion, first: int, last: int, *, store: FileStore, at: datetime
) -> int:
    """Draw pages from the first on, as many as one worker can, and keep them; return how many."""
    content = stored_files.read_copy(version, store)
    version_id = version.id
    release_transaction()
    pages = draw_pages(content, first, last)
    with unit_of_work():
        db.lock(f"pages:{version_id}")
        if session.get(DocumentVersion, version_id) is None:
            raise Missing
        for number, pictures in enumerate(pages, first):
            for size, drawn in zip(SIZES, pictures or (None, None), strict=True):
                _keep(version_id, number, size, drawn, store=store, at=at)
    return len(pages)


def _keep(
    version_id: UUID,
    number: int,
    size: PictureSize,
    drawn: DrawnPage | None,
    *,
    store: FileStore,
    at: datetime,
) -> None:
    """Keep a picture, or that there is none; one that is there already stays."""
    found = queries.picture(version_id, number, size)
    if found is not None and found.file_key is None:
        session.delete(found)
        session.flush()
    if found is None or found.file_key is None:
        session.add(_row(version_id, number, size, drawn, store=store, at=at))


def _row(
    version_id: UUID,
    number: int,
    size: PictureSize,
    drawn: DrawnPage | None,
    *,
    store: FileStore,
    at: datetime,
) -> PagePicture:
    """Store a picture, or without one the fact that the page cannot be drawn."""
    row = PagePicture(
        version_id=version_id, number=number, size=size, width=0, height=0, drawn_at=at
    )
    if drawn is not None:
        row.width, row.height = drawn.width, drawn.height
        row.file_key = new_key("pages")
        row.sha256 = hashlib.sha256(drawn.content).hexdigest()
        store.put(row.file_key, drawn.content)
    return row
