"""Tables of mails, written with the change they tell of and sent after it, and of bad addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.notices.rules import MailState
from cissapp.people.schools.models import School, of_school


class Mail(Model):
    """A mail to one person. Its text is forgotten once it was sent: it may hold a link for one use.

    So is `unsubscribe_url`, by which mail programs let the person stop mails of this kind.

    School and person have no foreign keys: the log outlives what it tells of.
    """

    __tablename__ = "mail"
    __table_args__ = (
        # Only what waits: read with every round of sending.
        Index(
            "ix_mail_waiting",
            "next_try_at",
            "queued_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_mail_school_id_queued_at", "school_id", "queued_at"),
        # Only what did not arrive, as it is listed.
        Index(
            "ix_mail_failed",
            "queued_at",
            "id",
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
    # While somebody sends it, nobody else does; a process that died lets go after this moment.
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    school_id: Mapped[UUID | None] = mapped_column()
    user_id: Mapped[UUID | None]
    given_up_at: Mapped[datetime | None] = mapped_column(index=True)

    # The group whose coordinator may see the mail; none, if it concerns no school.
    group_id: Mapped[UUID | None] = of_school(School.group_id, school_id)

    @property
    def state(self) -> MailState:
        """What became of it."""
        if self.given_up_at:
            return MailState.FAILED
        return MailState.SENT if self.sent_at else MailState.WAITS


class Notification(Model):
    """What happened for a person, as a mail told it: its subject, and the path of the page it is about."""

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
