"""Tables of messages to many people, and of their recipients."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.review.messages.rules import WrittenText


class Message(Model):
    """A message to people of several schools; it is sent once confirmed, unless it is stopped.

    `texts` maps each language that was written to its subject and body. Of the recipients, `people`, `schools` and
    `readers` (by language) are counted when they are stored, and `queued` with each batch: a message may have a
    hundred thousand.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_group_id_written_at", "group_id", "written_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    texts: Mapped[dict[str, Any]]
    with_steps: Mapped[bool]
    written_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0)
    schools: Mapped[int] = mapped_column(default=0)
    queued: Mapped[int] = mapped_column(default=0)
    readers: Mapped[dict[str, Any]] = mapped_column(default=dict)

    author: Mapped[User] = relationship(lazy="joined")

    @property
    def written(self) -> dict[str, WrittenText]:
        """The texts by language, in the order in which they serve as fallback."""
        return {
            language: WrittenText(language, text["subject"], text["body"])
            for language, text in sorted(
                self.texts.items(), key=lambda one: (one[1].get("place", 0), one[0])
            )
        }


class MessageRecipient(Model):
    """A recipient of a message, at most one row a person; `queued_at` is set once the mail is queued."""

    __tablename__ = "message_recipient"
    __table_args__ = (
        # Found in the order of batches; a row leaves as its mail is queued.
        Index(
            "ix_message_recipient_waiting",
            "message_id",
            "school_id",
            "user_id",
            sqlite_where=text("queued_at IS NULL"),
            postgresql_where=text("queued_at IS NULL"),
        ),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    queued_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")
    message: Mapped[Message] = relationship()
