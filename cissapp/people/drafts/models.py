"""The table of drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User


class Draft(Model):
    """What one person has typed into one form on one page and not sent.

    Two tabs or devices with different text have a row each. `hand` is the page view that saved last;
    `base` holds digests of the original field values, to tell later what somebody else changed.
    """

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_user_id_page", "user_id", "page"),
        Index("ix_draft_saved_at", "saved_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    page: Mapped[str]
    form: Mapped[str]
    title: Mapped[str]
    hand: Mapped[str]
    fields: Mapped[dict[str, Any]]
    base: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}
