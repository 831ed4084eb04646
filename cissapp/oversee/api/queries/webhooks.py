"""Reads of webhooks and their messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import without_index
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.rules.webhooks import WebhookKind, subject_in

IN_ORDER = (WebhookMessage.queued_at, WebhookMessage.id)
CLAIMED = aliased(WebhookMessage)
WAITING = and_(WebhookMessage.sent_at.is_(None), WebhookMessage.given_up_at.is_(None))


def webhook(webhook_id: UUID) -> Webhook | None:
    """Find a webhook."""
    return session.get(Webhook, webhook_id)


def webhooks_of(person: Actor) -> list[Webhook]:
    """List the webhooks of a person, the oldest first."""
    query = select(Webhook).where(Webhook.user_id == person.id)
    return list(session.scalars(query.order_by(Webhook.added_at, Webhook.id)))


def live_webhooks() -> Sequence[Webhook]:
    """List the active webhooks, with their people; none can be removed before the transaction ends."""
    live = select(Webhook).where(Webhook.stopped_at.is_(None))
    return session.scalars(live.with_for_update(read=True, key_share=True, of=Webhook)).all()


def message(webhook: Webhook, message_id: UUID) -> WebhookMessage | None:
    """Find a message to a webhook."""
    found = session.get(WebhookMessage, message_id)
    return found if found and found.webhook_id == webhook.id else None


def messages_of(
    webhook: Webhook, limit: int, *, before: tuple[datetime, UUID] | None = None
) -> list[WebhookMessage]:
    """List the messages to a webhook, newest first, optionally only those older than a given one."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook.id)
    if before:
        here = tuple_(
            *(literal(value, one.type) for value, one in zip(before, IN_ORDER, strict=True))
        )
        query = query.where(tuple_(*IN_ORDER) < here)
    newest = (one.desc() for one in IN_ORDER)
    return list(session.scalars(query.order_by(*newest).limit(limit)))


def due_messages(
    at: datetime, *, most: int, without: Collection[UUID] = ()
) -> list[WebhookMessage]:
    """List the oldest due message of at most some webhooks; the others follow once it is sent.

    While one is being sent, by whichever process, nothing of its webhook is listed, so that messages arrive in order:
    an older one may become due meanwhile. `without` are webhooks that this process speaks to already.
    """
    # Nearly all that wait are due: SQLite would find them by that, and sort them.
    is_due = without_index(WebhookMessage.next_try_at) <= at
    first = (
        select(WebhookMessage.id)
        .where(WebhookMessage.webhook_id == Webhook.id, WAITING, is_due)
        .order_by(*IN_ORDER)
        .limit(1)
        .scalar_subquery()
    )
    free = Webhook.stopped_at.is_(None) & Webhook.id.not_in(without) & ~is_spoken_to(at)
    of_each = select(first).select_from(Webhook).where(free)
    query = select(WebhookMessage).where(WebhookMessage.id.in_(of_each))
    return list(session.scalars(query.order_by(WebhookMessage.id).limit(most)))


def is_spoken_to(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a message of a webhook is being sent."""
    return (
        select(CLAIMED.id)
        .where(
            CLAIMED.webhook_id == Webhook.id,
            CLAIMED.sent_at.is_(None),
            CLAIMED.given_up_at.is_(None),
            CLAIMED.claimed_until > at,
        )
        .exists()
    )


def lock_free(webhook_id: UUID, at: datetime) -> bool:
    """Lock a webhook until the transaction ends; return False if somebody else has, or speaks to it."""
    found = select(Webhook.id).where(Webhook.id == webhook_id)
    locked = found.with_for_update(key_share=True, skip_locked=True, of=Webhook)
    if session.scalar(locked) is None:
        return False
    # Asked after the lock: whoever had it may have claimed a message.
    return session.scalar(found.where(~is_spoken_to(at))) is not None


def first_due(webhook_id: UUID, at: datetime) -> WebhookMessage | None:
    """Find the oldest message that is due to a webhook."""
    due = (WebhookMessage.webhook_id == webhook_id, WAITING, WebhookMessage.next_try_at <= at)
    return session.scalar(select(WebhookMessage).where(*due).order_by(*IN_ORDER).limit(1))


def rests_of(message: WebhookMessage, at: datetime) -> Sequence[datetime]:
    """List when older messages about the same certificate or month are tried again that failed.

    Until then the message waits; a test waits for nothing.
    """
    if message.kind is WebhookKind.TEST:
        return []
    query = select(WebhookMessage.next_try_at).where(
        resting(message.webhook_id, at), same_subject(message), _is_before(message)
    )
    return session.scalars(query).all()


def resting(webhook_id: UUID, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a message to a webhook failed and is tried again later."""
    # Of thousands that wait for a webhook, few are not due yet: SQLite would read all of the webhook.
    here = without_index(WebhookMessage.webhook_id) == webhook_id
    failed = and_(WebhookMessage.tries > 0, WebhookMessage.kind != WebhookKind.TEST)
    return and_(here, WAITING, failed, WebhookMessage.next_try_at > at)


def same_subject(message: WebhookMessage) -> ColumnElement[bool]:
    """Return the condition that a message is about the same certificate or month as another one, which is no test."""
    return WebhookMessage.body.contains(subject_in(message.body), autoescape=True)


def _is_before(message: WebhookMessage) -> ColumnElement[bool]:
    place = (message.queued_at, message.id)
    here = (literal(value, one.type) for value, one in zip(place, IN_ORDER, strict=True))
    return tuple_(*IN_ORDER) < tuple_(*here)


def waiting() -> tuple[int, datetime | None]:
    """Return how many messages wait for webhooks that are not stopped, and since when the oldest of them is due."""
    count, oldest = session.execute(
        select(func.count(WebhookMessage.id), func.min(WebhookMessage.next_try_at))
        .join(Webhook, Webhook.id == WebhookMessage.webhook_id)
        .where(WAITING, Webhook.stopped_at.is_(None))
    ).one()
    return count, oldest


def next_due_at() -> datetime | None:
    """Return when the next message is due; None where none waits."""
    return session.scalar(
        select(func.min(WebhookMessage.next_try_at))
        .join(Webhook, Webhook.id == WebhookMessage.webhook_id)
        .where(WAITING, Webhook.stopped_at.is_(None))
    )
