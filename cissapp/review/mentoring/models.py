"""Tables of mentoring: which side is waited for, messages, what a school shows, meetings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring.rules import MeetingKind, MentorSide, SharedPart, Wait


class MentorTalk(Model):
    """The side of a mentoring that owes an answer, and the sides still to be notified of news by mail."""

    __tablename__ = "mentor_talk"
    __table_args__ = (
        CheckConstraint("(waits_for IS NULL) = (waits_since IS NULL)", name="waits_since_with_for"),
    )

    mentoring_id: Mapped[UUID] = mapped_column(ForeignKey("mentoring.id"), primary_key=True)
    waits_for: Mapped[MentorSide | None]
    waits_since: Mapped[datetime | None]
    told_mentor_at: Mapped[datetime | None]
    told_school_at: Mapped[datetime | None]
    mentor_waits: Mapped[bool] = mapped_column(default=False)
    school_waits: Mapped[bool] = mapped_column(default=False)

    mentoring: Mapped[Mentoring] = relationship(lazy="joined")

    @property
    def wait(self) -> Wait | None:
        """Who is waited for, and since when."""
        if self.waits_for is None or self.waits_since is None:
            return None
        return Wait(self.waits_for, self.waits_since)


class MentorMessage(Model):
    """A message by a mentor or a person of the school; only its text can be removed."""

    __tablename__ = "mentor_message"
    __table_args__ = (
        CheckConstraint("(text IS NULL) = (removed_at IS NOT NULL)", name="text_until_removed"),
        CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentoring_id: Mapped[UUID] = mapped_column(ForeignKey("mentoring.id"), index=True)
    side: Mapped[MentorSide]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str | None]
    written_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined")


class MentorShare(Model):
    """A part of the application, or a document, that a school shows its mentor; hidden without a row."""

    __tablename__ = "mentor_share"
    __table_args__ = (
        UniqueConstraint("mentoring_id", "part"),
        UniqueConstraint("mentoring_id", "document_id"),
        CheckConstraint("(part IS NULL) <> (document_id IS NULL)", name="one_thing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentoring_id: Mapped[UUID] = mapped_column(ForeignKey("mentoring.id"))
    part: Mapped[SharedPart | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    shared_at: Mapped[datetime]
    shared_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class MentorMeeting(Model):
    """A meeting of a mentor and a school: proposed by one side with one to three dates, agreed by the other."""

    __tablename__ = "mentor_meeting"
    __table_args__ = (
        CheckConstraint("(agreed_at IS NULL) = (starts_at IS NULL)", name="starts_at_with_agreed"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed_at_with_by"),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name="cancelled_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentoring_id: Mapped[UUID] = mapped_column(ForeignKey("mentoring.id"), index=True)
    kind: Mapped[MeetingKind]
    proposed_by: Mapped[MentorSide]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    mentoring: Mapped[Mentoring] = relationship()
    dates: Mapped[list["MentorMeetingDate"]] = relationship(
        order_by="MentorMeetingDate.starts_at", lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        """Whether the other side still has to choose a date."""
        return self.agreed_at is None and self.cancelled_at is None

    def wait(self, at: datetime) -> Wait | None:
        """Return which side has to choose a date; None once all dates have passed."""
        if not self.is_open or all(one.starts_at <= at for one in self.dates):
            return None
        return Wait(self.proposed_by.other, self.proposed_at)


class MentorMeetingDate(Model):
    """A time that was proposed for a meeting."""

    __tablename__ = "mentor_meeting_date"
    __table_args__ = (UniqueConstraint("meeting_id", "starts_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("mentor_meeting.id"))
    starts_at: Mapped[datetime]
