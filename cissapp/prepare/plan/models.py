"""The table of planned actions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id


class PlannedAction(Model):
    """What lifts the level of a criterion: who does it and by when; open until `done_on`.

    `who` is an office of the school in words.
    """

    __tablename__ = "planned_action"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    criterion_id: Mapped[str]
    what: Mapped[str]
    who: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID]
