"""Reads of tokens and of answered requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.oversee.api.models import AnsweredRequest, ApiToken


def token(token_id: UUID) -> ApiToken | None:
    """Find a token by id."""
    return session.get(ApiToken, token_id)


def by_text(text: str) -> ApiToken | None:
    """Find a token by what a program sends, with its person."""
    return session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_of(text)))


def tokens_of(person: Actor) -> list[ApiToken]:
    """List the tokens of a person, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id == person.id)
    return list(session.scalars(query.order_by(ApiToken.made_at.desc(), ApiToken.id)))


def live_tokens(person: Actor, *, at: datetime) -> int:
    """Count the tokens of a person that work."""
    query = select(func.count(ApiToken.id)).where(
        ApiToken.user_id == person.id, ApiToken.ended_at.is_(None), ApiToken.ends_at > at
    )
    return session.scalar(query) or 0


def answered(person: Actor, key: str) -> AnsweredRequest | None:
    """Find the answer already sent to a request with this key by a person's program."""
    query = select(AnsweredRequest).where(
        AnsweredRequest.user_id == person.id, AnsweredRequest.key == key
    )
    return session.scalar(query)
