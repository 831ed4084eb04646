"""Writes of what stands beside an original: its copy without names and places, and the pictures of its pages."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from cissapp.foundation.core import db
from cissapp.foundation.core.db import after_commit, release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import AcceptedFile, DrawnPage, draw_page, examine_again
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.files import stored_files
from cissapp.prepare.documents.models import DocumentVersion, PagePicture
from cissapp.prepare.documents.rules import PictureSize
from cissapp.prepare.documents.rules.pages import parts_of

# In the order in which the worker draws them.
SIZES = (PictureSize.LARGE, PictureSize.SMALL)
# Beyond this page the text is there, but no picture: nobody looks at so many, and each takes space.
MOST_DRAWN = 200
TRY_AGAIN = timedelta(hours=1)
COPIES_A_DAY = 200


@contextmanager
def store_with_copy(
    store: FileStore, content: bytes, copy: bytes
) -> Iterator[tuple[str, str | None]]:
    """Store a file and its copy before their row is written, and take them away if the row is refused.

    A crash in between may leave a file without a row, never a row without its file.
    """
    contents = [content, copy] if copy else [content]
    keys = [_key("documents") for _ in contents]
    try:
        for key, one in zip(keys, contents, strict=True):
            store.put(key, one)
        yield keys[0], keys[1] if copy else None
    except BaseException:
        for key in keys:
            store.delete(key)
        raise


def _key(folder: str) -> str:
    name = uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def record_examination(
    version: DocumentVersion, taken: AcceptedFile, copy_file_key: str | None
) -> None:
    """Write down what the look into a file found: pages, their texts, what was in it, and its copy."""
    has_pages = version.media_type is MediaType.PDF
    version.pages = taken.pages
    version.page_texts = list(taken.texts) if has_pages else parts_of(taken.text)
    version.found = list(taken.found)
    version.copy_file_key = copy_file_key
    if copy_file_key:
        version.copy_sha256 = hashlib.sha256(taken.copy).hexdigest()
        version.copy_size = len(taken.copy)


def discard_files(version: DocumentVersion, *, store: FileStore) -> None:
    """Discard the files of a version, its copy and its pictures; they are deleted once the change is committed."""
    mine = PagePicture.version_id == version.id
    pictures = session.scalars(select(PagePicture.file_key).where(mine))
    keys = [key for key in (version.file_key, version.copy_file_key, *pictures) if key]
    session.execute(delete(PagePicture).where(mine))
    for key in keys:
        after_commit(partial(store.delete, key))


# --- copies of earlier versions ----------------------------------------------------------------


def make_missing_copies(*, store: FileStore) -> int:
    """Make the copies of versions that have none yet, some of them each day; return their number.

    Each is kept on its own, and nobody waits while it is made. A file that is gone is left to
    `report_missing`.
    """
    missing = DocumentVersion.copy_file_key.is_(None)
    query = (
        select(DocumentVersion.id)
        .where(missing, DocumentVersion.file_key.is_not(None))
        .order_by(DocumentVersion.uploaded_at)
    )
    made = 0
    for version_id in list(session.scalars(query.limit(COPIES_A_DAY))):
        made += _make_copy(version_id, store=store)
    return made


def _make_copy(version_id: UUID, *, store: FileStore) -> bool:
    version = session.get(DocumentVersion, version_id)
    try:
        content = stored_files.read_original(version, store) if version else b""
    except stored_files.DamagedFile:
        return False
    release_transaction()
    taken = examine_again(content)
    if taken is None:
        return False
    key = _key("documents")
    store.put(key, taken.copy)  # before the first row: the store may be slow; alone, it is swept up
    with unit_of_work():
        version = session.get(DocumentVersion, version_id)
        if version is None or version.copy_file_key:
            return False
        record_examination(version, taken, key)
    return True


# --- pictures of pages -------------------------------------------------------------------------


def draw_picture(
    version: DocumentVersion,
    number: int,
    size: PictureSize,
    *,
    store: FileStore,
    at: datetime,
) -> PagePicture | None:
    """Return the picture of a page, drawn now if it was never needed before; None, if there is none.

    Only a PDF is drawn; what could not be drawn is tried again after an hour. The transaction rests
    meanwhile, and the picture is kept at once: it follows from the file, so there is nothing to undo.
    """
    if version.file_key is None or version.pages is None:
        return None
    if not 1 <= number <= min(version.pages, MOST_DRAWN):
        return None
    found = queries.picture(version.id, number, size)
    if found is None or (found.file_key is None and found.drawn_at <= at - TRY_AGAIN):
        _draw(version, number, store=store, at=at)
        found = queries.picture(version.id, number, size)
    return found if found and found.file_key else None


def _draw(version: DocumentVersion, number: int, *, store: FileStore, at: datetime) -> None:
    content = stored_files.read_copy(version, store)
    version_id = version.id
    release_transaction()
    pictures = draw_page(content, number)
    with unit_of_work():
        db.lock(f"pages:{version_id}")
        if session.get(DocumentVersion, version_id) is None:
            raise Missing
        for size, drawn in zip(SIZES, pictures or (None, None), strict=True):
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
    """Keep a picture; without one, keep that the page cannot be drawn."""
    row = PagePicture(
        version_id=version_id, number=number, size=size, width=0, height=0, drawn_at=at
    )
    if drawn is not None:
        row.width, row.height = drawn.width, drawn.height
        row.file_key = _key("pages")
        row.sha256 = hashlib.sha256(drawn.content).hexdigest()
        store.put(row.file_key, drawn.content)
    return row
