"""The table of mails: written with the change they tell of, sent after it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.core.db import Model, new_id


class Mail(Model):
    """A mail to one person. Its text is forgotten once it was sent: it may hold a link for one use."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_sent_at_next_try_at", "sent_at", "next_try_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
