"""Reads of drafts; always of one person."""

from uuid import UUID

from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.drafts.models import Draft
from cissapp.people.drafts.rules import OF_PERSON_MOST


def draft(draft_id: UUID) -> Draft | None:
    """Return a draft."""
    return session.get(Draft, draft_id)


def drafts_of(user_id: UUID) -> list[Draft]:
    """List the drafts of a person, the newest first."""
    query = select(Draft).where(Draft.user_id == user_id).order_by(Draft.saved_at.desc(), Draft.id)
    return list(session.scalars(query.limit(OF_PERSON_MOST)))


def drafts_of_page(user_id: UUID, page: str) -> list[Draft]:
    """List the drafts of a person that were typed on a page, the newest first."""
    query = select(Draft).where(Draft.user_id == user_id, Draft.page == page)
    return list(session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id)))


def drafts_of_school(school_id: UUID) -> list[Draft]:
    """List the drafts of all people of a school."""
    query = select(Draft).join(User, User.id == Draft.user_id).where(User.school_id == school_id)
    return list(session.scalars(query))


def count_of(user_id: UUID) -> int:
    """Count the drafts of a person."""
    return session.scalar(select(func.count(Draft.id)).where(Draft.user_id == user_id)) or 0
