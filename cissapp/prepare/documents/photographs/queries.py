"""Reads of photographs that wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.photographs.rules import PhotographSet


def own_photograph(photo_id: UUID, actor: Actor) -> Photograph | None:
    """Find a photograph, if this person added it."""
    found = session.get(Photograph, photo_id)
    return found if found is not None and found.user_id == actor.id else None


def waiting(gathered: PhotographSet, *, with_words: bool = False) -> list[Photograph]:
    """List the photographs of a set in the order of their pages, as they are now."""
    query = (
        select(Photograph)
        .where(
            Photograph.school_id == gathered.school_id,
            Photograph.user_id == gathered.user_id,
            Photograph.document_id == gathered.document_id,
        )
        .order_by(Photograph.position, Photograph.added_at)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query.options(undefer(Photograph.words)) if with_words else query))


def expired(at: datetime) -> list[Photograph]:
    """List the photographs that have expired."""
    return list(session.scalars(select(Photograph).where(Photograph.expires_at <= at)))
