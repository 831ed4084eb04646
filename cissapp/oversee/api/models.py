"""Tables of tokens, answered requests, webhooks, and their messages."""

import secrets
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.rules.tokens import TokenEnd
from cissapp.oversee.api.rules.webhooks import WebhookKind, WebhookStop
from cissapp.people.accounts.models import User


class ApiToken(Model):
    """A token with which a program acts for a person; only its hash is kept.

    Role and place are those on the date it was made: once the person's differ, it has ended.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("made_at < ends_at", name="made_before_end"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_at_with_why"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    role: Mapped[Role]
    group_id: Mapped[UUID | None]
    country_code: Mapped[str | None]
    region_code: Mapped[str | None]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[TokenEnd | None]

    user: Mapped[User] = relationship(lazy="joined")


class AnsweredRequest(Model):
    """The answer to a request that changed something, by the key that the program chose for it."""

    __tablename__ = "answered_request"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    sha256: Mapped[str]
    answer: Mapped[dict[str, Any]]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class Webhook(Model):
    """An address of a program that is notified of changes; its secret is derived from `salt`."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(
            "(stopped_at IS NULL) = (stopped_because IS NULL)", name="stopped_with_why"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    url: Mapped[str]
    kinds: Mapped[list[str]]
    salt: Mapped[str]
    added_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[WebhookStop | None]

    user: Mapped[User] = relationship(lazy="joined")


def _id_in_order() -> UUID:
    """Return an id greater than those before, so that changes at the same time are sent in order."""
    return UUID(bytes=time.time_ns().to_bytes(8, "big") + secrets.token_bytes(8))


class WebhookMessage(Model):
    """A message to a webhook: written in the transaction of the change, sent after it."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        Index("ix_webhook_message_of_webhook", "webhook_id", "queued_at"),
        Index(
            "ix_webhook_message_waiting",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index(
            "ix_webhook_message_first",
            *("webhook_id", "queued_at", "id"),
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=_id_in_order)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    kind: Mapped[WebhookKind]
    body: Mapped[str]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    # Only one process sends it at a time; the claim of a process that died ends at this time.
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str | None]

    webhook: Mapped[Webhook] = relationship(lazy="joined")

    @property
    def message_id(self) -> str:
        """The id of the message: the same with each attempt, so that a receiver recognises it."""
        return f"msg_{self.id.hex}"
