"""Writes of photographs that wait; the audit trail names the document that they become."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from cissapp.foundation.core import db
from cissapp.foundation.core.db import after_commit, new_id, release_transaction, session
from cissapp.foundation.core.errors import Busy, Missing, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import display_name, photographs
from cissapp.foundation.intake.photographs import FAULTS, PagePhotograph, PhotoFault, PhotoRefused
from cissapp.foundation.intake.photographs.legibility import is_read_well
from cissapp.foundation.safeguards.pictures import Family, search_for_people
from cissapp.prepare.documents.photographs import queries
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.photographs.rules import (
    LIFETIME,
    Direction,
    PageSum,
    PhotographSet,
    moved,
    refuse_more,
)
from cissapp.prepare.documents.rules import TextSource
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.services.locks import lock_for_change

# The photo is not at fault: it can be sent again unchanged.
FOR_NOW = frozenset({PhotoFault.NOT_SEARCHED})


def add_photograph(
    gathered: PhotographSet,
    sent: UploadedFile,
    *,
    languages: Sequence[str],
    by_hand: bool,
    store: FileStore,
    at: datetime,
) -> Photograph:
    """Add a photograph as the last page of a set, unless it is there already.

    Refuse it if it shows people or cannot be read; only the page made from it is kept. The transaction is
    released meanwhile: nothing may have been written yet.
    """
    lock_for_change(gathered.school_id)
    sha256 = hashlib.sha256(sent.content).hexdigest()
    here = _here(gathered, sha256)
    if here is not None:
        return here
    release_transaction()
    page = _examined(sent.content, languages, by_hand=by_hand)
    keys = _stored(page, store)
    try:
        lock_for_change(gathered.school_id)
        here = _here(gathered, sha256)
        if here is None:
            return _added(gathered, display_name(sent.file_name), sha256, page, keys, at=at)
    except BaseException:
        _delete(keys, store)
        raise
    _delete(keys, store)  # it was sent twice at once
    return here


def _delete(keys: Sequence[str], store: FileStore) -> None:
    for key in keys:
        store.delete(key)


def _here(gathered: PhotographSet, sha256: str) -> Photograph | None:
    """Find a photograph in its set; if it is not there, refuse it once the set is full."""
    waiting = queries.waiting(gathered)
    found = next((photo for photo in waiting if photo.sha256 == sha256), None)
    if found is None:
        refuse_more(PageSum(len(waiting), sum(photo.size for photo in waiting)))
    return found


def _examined(content: bytes, languages: Sequence[str], *, by_hand: bool) -> PagePhotograph:
    try:
        page = photographs.prepare(content, languages, by_hand=by_hand)
    except PhotoRefused as refused:
        raise _refusal(refused.fault) from refused
    search = search_for_people(page.content, Family.PICTURE)
    if search.people or not search.whole:
        raise _refusal(PhotoFault.PEOPLE if search.people else PhotoFault.NOT_SEARCHED)
    return page


def _refusal(fault: PhotoFault) -> Refused:
    return (Busy if fault in FOR_NOW else Refused)(Problem("photos", FAULTS[fault]))


def _stored(page: PagePhotograph, store: FileStore) -> tuple[str, str]:
    name = uuid4().hex
    keys = f"photographs/{name[:2]}/{name}", f"photographs/{name[:2]}/{name}-small"
    for key, content in zip(keys, (page.content, page.small), strict=True):
        store.put(key, content)
    return keys


def _added(
    gathered: PhotographSet,
    file_name: str,
    sha256: str,
    page: PagePhotograph,
    keys: tuple[str, str],
    *,
    at: datetime,
) -> Photograph:
    waiting = queries.waiting(gathered)
    photo = Photograph(
        id=new_id(),
        school_id=gathered.school_id,
        user_id=gathered.user_id,
        document_id=gathered.document_id,
        position=waiting[-1].position + 1 if waiting else 1,
        file_name=file_name,
        sha256=sha256,
        added_at=at,
    )
    _write_page(photo, page, keys)
    session.add(photo)
    for page_photo in (*waiting, photo):
        page_photo.expires_at = at + LIFETIME
    session.flush()
    return photo


def _write_page(photo: Photograph, page: PagePhotograph, keys: tuple[str, str]) -> None:
    photo.file_key, photo.small_file_key = keys
    photo.width, photo.height, photo.size = page.width, page.height, len(page.content)
    reading = page.reading
    if reading is None or not reading.words:
        photo.source, photo.text, photo.words = TextSource.NONE, "", []
    elif not is_read_well(reading):
        photo.source, photo.text, photo.words = TextSource.GARBLED, "", []
    else:
        photo.source, photo.text = TextSource.MACHINE, reading.text
        photo.words = [[word.text, *word.box] for word in reading.words]


def turn_photograph(
    photo: Photograph, *, languages: Sequence[str], store: FileStore, at: datetime
) -> None:
    """Turn a page clockwise by 90 degrees, and read it again."""
    lock_for_change(photo.school_id)
    photo_id, key, school_id = photo.id, photo.file_key, photo.school_id
    release_transaction()
    try:
        page = photographs.turn(store.get(key), languages)
    except PhotoRefused as refused:
        raise _refusal(refused.fault) from refused
    keys = _stored(page, store)
    try:
        lock_for_change(school_id)
        _change_page(_unchanged(photo_id, key), page, keys, store=store, at=at)
    except BaseException:
        _delete(keys, store)
        raise


def _unchanged(photo_id: UUID, key: str) -> Photograph:
    """Find a page that is unchanged since it was turned: of two concurrent turns the second is refused."""
    found = session.get(Photograph, photo_id, populate_existing=True)
    if found is None or found.file_key != key:
        raise Missing
    return found


def _change_page(
    photo: Photograph,
    page: PagePhotograph,
    keys: tuple[str, str],
    *,
    store: FileStore,
    at: datetime,
) -> None:
    _discard_files(photo, store)
    _write_page(photo, page, keys)
    photo.expires_at = at + LIFETIME
    session.flush()


def move_photograph(photo: Photograph, to: Direction) -> None:
    """Move a page a place up or down among those it belongs with."""
    waiting = _locked(photo.gathered_in)
    by_id = {one.id: one for one in waiting}
    if photo.id not in by_id:
        raise Missing
    for position, photo_id in enumerate(moved(list(by_id), photo.id, to), 1):
        by_id[photo_id].position = position
    session.flush()


def remove_photograph(photo: Photograph, *, store: FileStore) -> None:
    """Remove a page; its files are deleted once that is committed."""
    _discard_files(photo, store)
    session.delete(photo)
    session.flush()


def remove_expired(*, store: FileStore, at: datetime) -> int:
    """Remove the photographs that have expired; return their number."""
    found = queries.expired(at)
    for photo in found:
        remove_photograph(photo, store=store)
    return len(found)


def _locked(gathered: PhotographSet) -> list[Photograph]:
    lock_for_change(gathered.school_id)
    db.lock(f"photographs:{gathered.user_id}")
    return queries.waiting(gathered)


def _discard_files(photo: Photograph, store: FileStore) -> None:
    for key in (photo.file_key, photo.small_file_key):
        after_commit(partial(store.delete, key))
