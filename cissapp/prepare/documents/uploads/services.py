"""Writes of uploads that come in parts.

The audit trail names the document that an upload becomes, not its pieces.
"""

import hashlib
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import delete

from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import (
    after_commit,
    new_id,
    release_transaction,
    session,
    unit_of_work,
)
from cissapp.foundation.core.errors import N_, Busy, Missing, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.schools.models import School
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import CheckedFile, UploadedFile
from cissapp.prepare.documents.services.documents import add_document, add_version, check_file
from cissapp.prepare.documents.services.locks import lock_for_change
from cissapp.prepare.documents.uploads import queries
from cissapp.prepare.documents.uploads.models import Upload, UploadPart
from cissapp.prepare.documents.uploads.rules import (
    LIFETIME,
    NAME_MOST,
    AnnouncedFile,
    Checksum,
    UploadState,
    is_of_the_file,
    refuse_announced,
    refuse_piece,
)


def begin_upload(school: School, given: AnnouncedFile, *, by: Actor, at: datetime) -> Upload:
    """Begin an upload; refuse a file that would not be taken, and a sixth one at the same time."""
    lock_for_change(school.id)
    refuse_announced(given, queries.open_count(school.id, at))
    upload = Upload(
        id=new_id(),
        school_id=school.id,
        user_id=by.id,
        file_name=given.file_name,
        size=given.size,
        sha256=given.sha256,
        received=0,
        state=UploadState.RECEIVING,
        started_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(upload)
    session.flush()
    return upload


def append_piece(
    upload: Upload,
    content: bytes,
    *,
    begins: int,
    checksum: Checksum | None,
    store: FileStore,
    at: datetime,
) -> Upload:
    """Keep a piece: it is durable in the store before its row is written, and acknowledged after that.

    A crash in between leaves a file without a row, which `ciss daily` removes; never a row without
    its file. Of two windows that send the same piece, the later one is refused (code "offset").
    """
    upload_id = upload.id
    _refuse(upload, content, checksum, begins=begins, at=at)
    if not content:
        return upload
    release_transaction()  # the store may be slow; nobody waits for it
    key = f"uploads/{upload_id}/{begins:09}-{uuid4().hex}"
    store.put(key, content)
    try:
        return _kept(upload_id, key, content, begins=begins, at=at)
    except BaseException:
        store.delete(key)
        raise


def _kept(upload_id: UUID, key: str, content: bytes, *, begins: int, at: datetime) -> Upload:
    db.lock(f"upload:{upload_id}")
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        raise Missing
    _refuse(upload, content, None, begins=begins, at=at)
    session.add(UploadPart(upload_id=upload_id, begins=begins, size=len(content), file_key=key))
    upload.received += len(content)
    upload.expires_at = at + LIFETIME
    if upload.received == upload.size:
        upload.state = UploadState.COMPLETE
    session.flush()
    return upload


def _refuse(
    upload: Upload, content: bytes, checksum: Checksum | None, *, begins: int, at: datetime
) -> None:
    if upload.expires_at <= at:
        raise Refused(Problem("expired", N_("This upload waited too long. Choose the file again.")))
    refuse_piece(
        content,
        checksum,
        begins=begins,
        received=upload.received,
        size=upload.size,
        parts=queries.part_count(upload.id),
    )


def keep_whole(
    school: School, content: bytes, file_name: str, *, store: FileStore, by: Actor, at: datetime
) -> Upload:
    """Store a file that came whole as a complete upload; refuse what `begin_upload` would.

    A file that the person has uploaded already is not stored twice.
    """
    given = AnnouncedFile(file_name[:NAME_MOST], len(content), hashlib.sha256(content).hexdigest())
    for one in queries.unfinished(by, at):
        here = AnnouncedFile(one.file_name, one.size, one.sha256)
        if one.state is UploadState.COMPLETE and here == given:
            return one
    key = f"uploads/whole/{uuid4().hex}"
    store.put(key, content)  # before the first row: the store may be slow
    try:
        upload = begin_upload(school, given, by=by, at=at)
        session.add(UploadPart(upload_id=upload.id, begins=0, size=len(content), file_key=key))
        upload.received, upload.state = len(content), UploadState.COMPLETE
        session.flush()
    except BaseException:
        store.delete(key)
        raise
    return upload


def join_pieces(upload: Upload, *, store: FileStore) -> UploadedFile:
    """Join the pieces of an upload; raise Refused for a file that is not whole, or not the one that was announced."""
    if upload.state is not UploadState.COMPLETE:
        raise Refused(Problem("file", N_("The file has not fully arrived. Choose it again.")))
    content = b"".join(store.get(one.file_key) for one in queries.parts(upload.id))
    damaged = upload.sha256 and hashlib.sha256(content).hexdigest() != upload.sha256
    if damaged or len(content) != upload.size:
        raise Refused(
            Problem("file", N_("The file did not arrive as it was sent. Choose it again."))
        )
    return UploadedFile(content, upload.file_name)


class NewDocument(Struct, frozen=True):
    """A document that a school adds: whose it is, its title and its kind."""

    school: School
    title: str
    evidence_code: str


def take_document(
    target: NewDocument | Document,
    sent: UploadedFile | Upload,
    *,
    clamd_url: str,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> tuple[Document, CheckedFile]:
    """Check a file, sent as a whole or uploaded in pieces, and keep it as a new document or as its newest version."""
    upload_id = sent.id if isinstance(sent, Upload) else None
    whole = join_pieces(sent, store=store) if isinstance(sent, Upload) else sent
    file = check_file(_school_id(target), whole, clamd_url=clamd_url)
    if isinstance(target, NewDocument):
        document = add_document(
            target.school,
            title=target.title,
            evidence_code=target.evidence_code,
            file=file,
            store=store,
            by=by,
            at=at,
        )
    else:
        document = target
        add_version(document, file=file, store=store, by=by, at=at)
    if upload_id is not None:
        use_upload(upload_id, document.id, store=store)
    return document, file


def _school_id(target: NewDocument | Document) -> UUID:
    return target.school.id if isinstance(target, NewDocument) else target.school_id


def settle_refused(
    target: NewDocument | Document,
    sent: UploadedFile | Upload,
    refused: Refused,
    *,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> UUID | None:
    """Drop an upload refused for its content, keep a file that could not be checked now; return what stays.

    The response to a refusal rolls back its transaction, so these changes are committed on their own.
    """
    if isinstance(sent, Upload):
        upload_id = sent.id
        if not any(map(is_of_the_file, refused.problems)):
            return upload_id
        with unit_of_work():
            upload = queries.own_upload(upload_id, by)
            if upload is not None:
                drop_upload(upload, store=store)
        return None
    if not isinstance(refused, Busy):
        return None
    with suppress(Refused), unit_of_work():
        school = session.get_one(School, _school_id(target))
        return keep_whole(school, sent.content, sent.file_name, store=store, by=by, at=at).id
    return None


def use_upload(upload_id: UUID, document_id: UUID, *, store: FileStore) -> None:
    """Record which document an upload became; its pieces are deleted once that is committed."""
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        raise Missing
    upload.state, upload.document_id = UploadState.USED, document_id
    _remove_parts(upload, store)
    session.flush()


def drop_upload(upload: Upload, *, store: FileStore) -> None:
    """Remove an upload and its pieces."""
    db.lock(f"upload:{upload.id}")
    _remove_parts(upload, store)
    session.delete(upload)
    session.flush()


def remove_expired(*, store: FileStore, at: datetime) -> int:
    """Remove the uploads that have expired; return their number."""
    found = queries.expired(at)
    for upload in found:
        drop_upload(upload, store=store)
    return len(found)


def _remove_parts(upload: Upload, store: FileStore) -> None:
    keys = [one.file_key for one in queries.parts(upload.id)]
    session.execute(delete(UploadPart).where(UploadPart.upload_id == upload.id))
    after_commit(lambda: _delete(keys, store))


def _delete(keys: list[str], store: FileStore) -> None:
    for key in keys:
        store.delete(key)
