"""Tables of mails, which are queued with a change and sent after it, and of bounced addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.notices.rules import MailRank, MailState
from cissapp.people.schools.models import School, of_school


class Mail(Model):
    """A mail to one person. Its text is deleted once it was sent, as it may contain a single-use link.

    So is `unsubscribe_url`, with which mail programs let the person stop mails of this kind.

    School and person have no foreign keys: the log outlives them.
    """

    __tablename__ = "mail"
    __table_args__ = (
        # Indexes only queued mails, which are read in every round of sending.
        Index(
            "ix_mail_waiting",
            "next_try_at",
            "queued_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        # The same by rank, in the order in which they are sent.
        Index(
            "ix_mail_waiting_by_rank",
            "rank",
            "next_try_at",
            "queued_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_mail_school_id_queued_at", "school_id", "queued_at"),
        # Indexes only mails that did not arrive, in the order of their list.
        Index(
            "ix_mail_failed",
            "queued_at",
            "id",
            sqlite_where=text("given_up_at IS NOT NULL"),
            postgresql_where=text("given_up_at IS NOT NULL"),
        ),
        # Partial, or SQLite would find waiting mails by the empty value, which most mails have.
        Index(
            "ix_mail_given_up_at",
            "given_up_at",
            sqlite_where=text("given_up_at IS NOT NULL"),
            postgresql_where=text("given_up_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    # No other process sends a claimed mail; the claim of a process that died ends at this time.
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    school_id: Mapped[UUID | None] = mapped_column()
    user_id: Mapped[UUID | None]
    given_up_at: Mapped[datetime | None]
    # A `MailRank`.
    rank: Mapped[int] = mapped_column(default=MailRank.PERSON, server_default=text("0"))

    # The group whose coordinator may see the mail; none, if it concerns no school.
    group_id: Mapped[UUID | None] = of_school(School.group_id, school_id)

    @property
    def state(self) -> MailState:
        """Whether it waits, was sent or failed."""
        if self.given_up_at:
            return MailState.FAILED
        return MailState.SENT if self.sent_at else MailState.WAITS


class Notification(Model):
    """Something that concerns a person, as the mail about it said: its subject, and the path of its page."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_user_id_made_at", "user_id", "made_at"),
        # Counted with every request of the person, so it holds unread ones only.
        Index(
            "ix_notification_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notification_made_at", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    title: Mapped[str]
    path: Mapped[str | None]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class BouncedAddress(Model):
    """An address at which mail does not arrive, and what the server said."""

    __tablename__ = "bounced_address"

    address: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    bounced_at: Mapped[datetime]
