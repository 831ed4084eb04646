"""Makes one document of the photographs that wait."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import examine
from cissapp.foundation.safeguards.services import refuse_signs_in_text
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.photographs import queries
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.photographs.rules import PhotographSet, refuse_none
from cissapp.prepare.documents.photographs.services import remove_photograph
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.documents.services.documents import add_document, add_version
from cissapp.prepare.documents.services.locks import lock_for_change
from cissapp.prepare.documents.uploads.services import NewDocument

if TYPE_CHECKING:
    from cissapp.foundation.paper.photographs import PlacedWord


def make_document(
    target: NewDocument | Document,
    gathered: PhotographSet,
    *,
    language: str,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Document:
    """Make a document, or its newest version, from the photographs of a set; they are then deleted.

    Their text is checked like any other; the pictures were searched for people on arrival. The
    transaction is released meanwhile: nothing may have been written yet.
    """
    lock_for_change(gathered.school_id)
    photos = queries.waiting(gathered, with_words=True)
    refuse_none(len(photos))
    taken = [(photo.id, photo.file_key) for photo in photos]
    title = target.title
    file = _file_of(photos, title, language=language, store=store)
    document = _kept(target, file, store=store, by=by, at=at)
    _forget(gathered, taken, store=store)
    return document


def _file_of(
    photos: Sequence[Photograph], title: str, *, language: str, store: FileStore
) -> CheckedFile:
    from cissapp.foundation.paper.photographs import (  # noqa: PLC0415 -- slow import
        PhotographedPage,
        write_photographs,
    )

    described = [
        (photo.file_key, photo.width, photo.height, [_placed(word) for word in photo.words])
        for photo in photos
    ]
    texts = tuple(photo.text for photo in photos)
    sources = tuple(photo.source for photo in photos)
    release_transaction()
    refuse_signs_in_text("\n\n".join(texts))
    pages = [
        PhotographedPage(store.get(key), width, height, words)
        for key, width, height, words in described
    ]
    content = write_photographs(pages, title=title, language=language)
    name = f"{title}.pdf"
    examined = replace(examine(content, name), text="\n\n".join(texts), texts=texts)
    return CheckedFile(content, name, examined, sources=sources)


def _placed(word: Sequence[int | str]) -> "PlacedWord":
    from cissapp.foundation.paper.photographs import PlacedWord  # noqa: PLC0415 -- slow import

    text, left, top, width, height = word
    return PlacedWord(str(text), (int(left), int(top), int(width), int(height)))


def _kept(
    target: NewDocument | Document, file: CheckedFile, *, store: FileStore, by: Actor, at: datetime
) -> Document:
    if isinstance(target, NewDocument):
        return add_document(
            target.school,
            title=target.title,
            evidence_code=target.evidence_code,
            file=file,
            store=store,
            by=by,
            at=at,
        )
    add_version(target, file=file, store=store, by=by, at=at)
    return target


def _forget(
    gathered: PhotographSet, taken: Sequence[tuple[UUID, str]], *, store: FileStore
) -> None:
    """Remove the photographs that became pages; raise `Missing` if one of them changed meanwhile."""
    now = queries.waiting(gathered)
    if [(photo.id, photo.file_key) for photo in now][: len(taken)] != list(taken):
        raise Missing
    for photo in now[: len(taken)]:
        remove_photograph(photo, store=store)
    session.flush()
