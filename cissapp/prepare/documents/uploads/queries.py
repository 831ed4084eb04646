"""Reads of uploads that come in parts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.prepare.documents.uploads.models import Upload, UploadPart
from cissapp.prepare.documents.uploads.rules import UploadState


def own_upload(upload_id: UUID, actor: Actor) -> Upload | None:
    """Find an upload, if this person began it."""
    found = session.get(Upload, upload_id)
    return found if found is not None and found.user_id == actor.id else None


def unfinished(person: Actor, at: datetime) -> list[Upload]:
    """List the uploads of a person that have not become a document, the newest first."""
    query = select(Upload).where(
        Upload.user_id == person.id,
        Upload.school_id == person.school_id,
        Upload.state != UploadState.USED,
        Upload.expires_at > at,
    )
    return list(session.scalars(query.order_by(Upload.started_at.desc(), Upload.id)))


def open_count(school_id: UUID, at: datetime) -> int:
    """Count the uploads of a school that are in progress."""
    query = select(func.count(Upload.id)).where(
        Upload.school_id == school_id, Upload.state != UploadState.USED, Upload.expires_at > at
    )
    return session.scalar(query) or 0


def parts(upload_id: UUID) -> list[UploadPart]:
    """List the pieces of an upload in their order."""
    query = select(UploadPart).where(UploadPart.upload_id == upload_id)
    return list(session.scalars(query.order_by(UploadPart.begins)))


def part_count(upload_id: UUID) -> int:
    """Count the pieces of an upload."""
    query = select(func.count(UploadPart.id)).where(UploadPart.upload_id == upload_id)
    return session.scalar(query) or 0


def expired(at: datetime) -> list[Upload]:
    """List the uploads that have expired."""
    return list(session.scalars(select(Upload).where(Upload.expires_at <= at)))
