"""Tables of drills. Steps and results are added and never changed (triggers enforce it).

No table holds a name, a text or anything else that a person typed: job titles are ids of the declared
people, answers are words from fixed lists, the address is a copy of the declared one.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.schools.models import School, of_school
from cissapp.prepare.drills.rules import DrillState, MessageTemplate, NextStepChoice, ResponseStep
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium

_OPEN = text("state IN ('prepared', 'running')")
_IN_PROGRESS = text("finished_at IS NULL")


class Drill(Model):
    """A drill of one declared way to report of a school; `opens` and `closes` are the hours of that way."""

    __tablename__ = "drill"
    __table_args__ = (
        Index(
            "uq_drill_open", "school_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_drill_started_at", "started_at", "id"),
        Index(
            "ix_drill_in_progress",
            "started_at",
            "id",
            sqlite_where=_IN_PROGRESS,
            postgresql_where=_IN_PROGRESS,
        ),
        UniqueConstraint("school_id", "code"),
        CheckConstraint("channel_kind <> 'outside'", name="never_outside"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="opens_with_closes"),
        CheckConstraint(
            "(delivered_at IS NULL) = (state IN ('prepared', 'called_off'))",
            name="delivered_with_state",
        ),
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('prepared', 'running'))", name="finished_with_state"
        ),
        CheckConstraint(
            "(delivered_at IS NULL) = (delivered_by_id IS NULL)", name="delivered_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    channel_id: Mapped[UUID]
    channel_kind: Mapped[ChannelKind]
    medium: Mapped[ChannelMedium]
    address: Mapped[str]
    opens: Mapped[str | None]
    closes: Mapped[str | None]
    # Unique within the school alone: it types the code, and a million would not do for all of them.
    code: Mapped[str]
    template: Mapped[MessageTemplate]
    language: Mapped[str]
    announced: Mapped[bool]
    state: Mapped[DrillState] = mapped_column(index=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[UUID]
    delivered_at: Mapped[datetime | None]
    delivered_by_id: Mapped[UUID | None]
    found_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    school: Mapped[School] = relationship(lazy="joined")
    steps: Mapped[list["DrillStep"]] = relationship(
        order_by="DrillStep.place", lazy="selectin", back_populates="drill"
    )
    result: Mapped["DrillOutcome | None"] = relationship(lazy="joined", back_populates="drill")

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)
    only_for_id: Mapped[UUID | None] = of_school(School.only_for_id, school_id)

    __mapper_args__ = {"version_id_col": version}


class DrillStep(Model):
    """A step that the school recorded: when it happened, when it was noted, and what was chosen."""

    __tablename__ = "drill_step"
    __table_args__ = (
        CheckConstraint("(choice IS NOT NULL) = (step = 'next_step')", name="choice_with_step"),
        CheckConstraint(
            "(person_id IS NOT NULL) = (step IN ('received', 'passed'))", name="person_with_step"
        ),
        CheckConstraint(
            "(is_right IS NOT NULL) = (step IN ('passed', 'next_step'))", name="right_with_step"
        ),
        CheckConstraint("happened_at <= noted_at", name="happened_before_noted"),
    )

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drill.id"), primary_key=True)
    step: Mapped[ResponseStep] = mapped_column(primary_key=True)
    place: Mapped[int]
    happened_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    choice: Mapped[NextStepChoice | None]
    is_right: Mapped[bool | None]

    drill: Mapped[Drill] = relationship(back_populates="steps")


class DrillOutcome(Model):
    """The result of a drill: working minutes to each step, and whether key and limits were met."""

    __tablename__ = "drill_result"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drill.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    medium: Mapped[ChannelMedium]
    announced: Mapped[bool]
    finished_on: Mapped[date]
    finished_at: Mapped[datetime]
    answered: Mapped[bool]
    in_time: Mapped[bool]
    to_received: Mapped[int | None]
    to_acknowledged: Mapped[int | None]
    to_passed: Mapped[int | None]
    to_next_step: Mapped[int | None]
    to_closed: Mapped[int | None]
    right_person: Mapped[bool | None]
    right_step: Mapped[bool | None]

    drill: Mapped[Drill] = relationship(back_populates="result")
