"""Reads of webhooks and their messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.oversee.api.models import Webhook, WebhookMessage

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
        moment, message_id = before
        older = WebhookMessage.queued_at < moment
        same = and_(WebhookMessage.queued_at == moment, WebhookMessage.id < message_id)
        query = query.where(or_(older, same))
    order = (WebhookMessage.queued_at.desc(), WebhookMessage.id.desc())
    return list(session.scalars(query.order_by(*order).limit(limit)))


def due_messages(at: datetime) -> list[WebhookMessage]:
    """List the oldest due message of each webhook; the others follow once it is sent.

    While it is being sent, nothing of its webhook is listed, so that messages arrive in order.
    """
    place = func.row_number().over(
        partition_by=WebhookMessage.webhook_id,
        order_by=(WebhookMessage.queued_at, WebhookMessage.id),
    )
    first = (
        select(WebhookMessage.id, place.label("place"))
        .join(Webhook, Webhook.id == WebhookMessage.webhook_id)
        .where(WAITING, WebhookMessage.next_try_at <= at, Webhook.stopped_at.is_(None))
        .subquery()
    )
    free = or_(WebhookMessage.claimed_until.is_(None), WebhookMessage.claimed_until <= at)
    query = select(WebhookMessage).join(first, first.c.id == WebhookMessage.id)
    return list(session.scalars(query.where(first.c.place == 1, free).order_by(WebhookMessage.id)))


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
