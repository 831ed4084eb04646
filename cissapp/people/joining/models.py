"""The table of join requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.joining.rules import JoinAnswer, JoinFacts


class JoinRequest(Model):
    """A school's request for an invitation from its national group. It never creates an account by itself.

    It counts once the link sent to the school's address was followed; from then on `token_hash` is None.
    """

    __tablename__ = "join_request"
    __table_args__ = (
        Index(
            "ix_join_request_waiting",
            "group_id",
            "confirmed_at",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_join_request_group_answered", "group_id", "answered_at"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_at_with_by"
        ),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answer_with_moment"),
        CheckConstraint(
            "(token_hash IS NULL) = (confirmed_at IS NOT NULL)", name="token_until_used"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"))
    school_name: Mapped[str]
    locality: Mapped[str]
    code: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    person_name: Mapped[str]
    office: Mapped[str]
    reason: Mapped[str]
    language: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    answer: Mapped[JoinAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"))

    @property
    def facts(self) -> JoinFacts:
        """What the school says of itself."""
        return JoinFacts(
            country_code=self.country_code,
            school_name=self.school_name,
            locality=self.locality,
            code=self.code,
            email=self.email,
            person_name=self.person_name,
            office=self.office,
            reason=self.reason,
        )
