"""The tables of each school's step, and of the filters that a person saves for the list of schools."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.schools.models import KEY_TEXT
from cissapp.review.followup.rules import NEVER_DUE, FollowupStep


class FollowedStep(Model):
    """What a school of the register waits for, since when and until when; updated with every change.

    `due_on` is the earliest open deadline on the way to a certificate; a step without a limit is never stuck.
    `step_number` and `due_sort_on` are the same for sorting: the step's place in the order of steps, and the
    date or, without a deadline, the last date there is. A school that left the register has no row.
    """

    __tablename__ = "followed_step"
    __table_args__ = (
        Index(
            "ix_followed_step_silence",
            "group_id",
            "never_stuck",
            "since_at",
            "name_key",
            "school_id",
        ),
        Index("ix_followed_step_name", "group_id", "name_key", "school_id"),
        # The last column is not sorted by: the counts of all steps are read from this index alone.
        Index(
            "ix_followed_step_step",
            "group_id",
            "step_number",
            "since_at",
            "name_key",
            "school_id",
            "due_on",
        ),
        Index("ix_followed_step_due", "group_id", "due_sort_on", "name_key", "school_id"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"))
    application_id: Mapped[UUID | None]
    step: Mapped[FollowupStep]
    never_stuck: Mapped[bool]
    last_act_at: Mapped[datetime | None]
    since_at: Mapped[datetime]
    due_on: Mapped[date | None]
    step_number: Mapped[int] = mapped_column(server_default="0")
    due_sort_on: Mapped[date] = mapped_column(server_default=NEVER_DUE.isoformat())
    # A copy of the school's: schools of one import share their `since_at`, and are then sorted by name.
    name_key: Mapped[str] = mapped_column(KEY_TEXT, server_default="")


class SavedFilter(Model):
    """A filter of the list of schools under a name chosen by the person; `query` is its query string."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    query: Mapped[str]
    saved_at: Mapped[datetime]
