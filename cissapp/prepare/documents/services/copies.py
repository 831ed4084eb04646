"""Writes of the copy that stands beside an original: without names and places."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from cissapp.foundation.core.db import after_commit, release_transaction, session, unit_of_work
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import AcceptedFile, examine_again
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.documents.files import stored_files
from cissapp.prepare.documents.models import DocumentVersion, PagePicture
from cissapp.prepare.documents.rules.pages import parts_of

COPIES_A_DAY = 200


@contextmanager
def store_with_copy(
    store: FileStore, content: bytes, copy: bytes
) -> Iterator[tuple[str, str | None]]:
    """Store a file and its copy before their row is written, and take them away if the row is refused.

    A crash in between may leave a file without a row, never a row without its file.
    """
    contents = [content, copy] if copy else [content]
    keys = [new_key("documents") for _ in contents]
    try:
        for key, one in zip(keys, contents, strict=True):
            store.put(key, one)
        yield keys[0], keys[1] if copy else None
    except BaseException:
        for key in keys:
            store.delete(key)
        raise


def new_key(folder: str) -> str:
    """Return an unguessable key for a new file in a folder of the store."""
    name = uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def record_examination(
    version: DocumentVersion, taken: AcceptedFile, copy_file_key: str | None
) -> None:
    """Record the result of a file's examination: pages, their texts, findings, and the copy."""
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
    """Make copies of versions that have none yet, a limited number per day; return how many were made.

    Each is committed on its own, and nobody waits while it is made. A missing file is left to
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
    key = new_key("documents")
    store.put(key, taken.copy)  # before the first row: the store may be slow; alone, it is swept up
    with unit_of_work():
        version = session.get(DocumentVersion, version_id)
        if version is None or version.copy_file_key:
            return False
        record_examination(version, taken, key)
    return True
