"""Reads of tokens and of answered requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page
from cissapp.oversee.api.models import AnsweredRequest, ApiToken

ENDED_SHOWN = 25
NEWEST = (ApiToken.made_at, ApiToken.id)


def token(token_id: UUID) -> ApiToken | None:
    """Find a token by id."""
    return session.get(ApiToken, token_id)


def by_text(text: str) -> ApiToken | None:
    """Find a token by what a program sends, with its person."""
    return session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_of(text)))


def tokens_of(person: Actor, *, at: datetime, place: PagePlace | None = None) -> KeyPage[ApiToken]:
    """Return a page of the tokens of a person, the newest first; page one begins with those that work."""
    mine, live = select(ApiToken).where(ApiToken.user_id == person.id), _live(at)
    ended = newest_page(mine.where(not_(live)), NEWEST, place, size=ENDED_SHOWN)
    working = mine.where(live).order_by(*(one.desc() for one in NEWEST))
    first = () if ended.earlier else session.scalars(working)
    return KeyPage([*first, *ended.rows], ended.earlier, ended.later)


def unended_tokens(person: Actor) -> list[ApiToken]:
    """List the tokens of a person that nobody and nothing has ended, whatever their last day."""
    query = select(ApiToken).where(ApiToken.user_id == person.id, ApiToken.ended_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.made_at.desc(), ApiToken.id)))


def live_tokens(person: Actor, *, at: datetime) -> int:
    """Count the tokens of a person that work."""
    query = select(func.count(ApiToken.id)).where(ApiToken.user_id == person.id, _live(at))
    return session.scalar(query) or 0


def _live(at: datetime) -> ColumnElement[bool]:
    return and_(ApiToken.ended_at.is_(None), ApiToken.ends_at > at)


def answered(person: Actor, key: str) -> AnsweredRequest | None:
    """Find the answer already sent to a request with this key by a person's program."""
    query = select(AnsweredRequest).where(
        AnsweredRequest.user_id == person.id, AnsweredRequest.key == key
    )
    return session.scalar(query)
