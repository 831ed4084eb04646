"""Tables of the year plan: planned actions, and the school's changes to the dates of its year."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id


class PlannedAction(Model):
    """An action that raises the level of a criterion: who does it, by when; open until `done_on`.

    `who` is a job title at the school, as text.
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


class DatedStep(Model):
    """A date of the school's own, or its changes to a date that the plan suggests.

    `key` is that of the date; None in `what`, `who` or `due_on` keeps the suggestion. A date that the school
    does not want is kept as `dropped`, so that it is not suggested again.
    """

    __tablename__ = "dated_step"
    __table_args__ = (UniqueConstraint("school_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    key: Mapped[str]
    what: Mapped[str | None]
    who: Mapped[str | None]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    dropped: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID]
