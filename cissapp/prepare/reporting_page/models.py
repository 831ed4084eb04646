"""Tables of a school's public page: its code, whether it is on, what it shows, and former codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model


class ReportingPage(Model):
    """The public page of a school on how to report: off until the head switches it on."""

    __tablename__ = "reporting_page"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    is_on: Mapped[bool] = mapped_column(default=False)
    parts: Mapped[list[str]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None]

    @property
    def id(self) -> UUID:
        """The school's id, under the name that the audit trail asks for."""
        return self.school_id


class EndedPageCode(Model):
    """A code that a school replaced: its visitors learn that the page moved, and find the helplines."""

    __tablename__ = "ended_page_code"

    code: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    ended_at: Mapped[datetime]
