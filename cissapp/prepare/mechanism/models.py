"""Tables of the reporting mechanism: agreements, people, channels, outside bodies, recipients."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium


class ReportingMechanism(Model):
    """How a child or an adult can report at this school; one row per school, its lists beside it.

    Time limits are in hours and working days, as in criterion B7.
    """

    __tablename__ = "reporting_mechanism"
    __table_args__ = (
        CheckConstraint(
            "crime_hours > 0 AND answer_days > 0 AND plan_days > 0", name="limits_positive"
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    crime_hours: Mapped[int | None]
    answer_days: Mapped[int | None]
    plan_days: Mapped[int | None]
    confidentiality: Mapped[str | None]
    no_retaliation: Mapped[str | None]
    about_staff: Mapped[str | None]
    evidence_rule: Mapped[str | None]
    never_handles_images: Mapped[bool] = mapped_column(default=False)
    pupil_languages: Mapped[list[str]] = mapped_column(default=list)
    out_of_hours: Mapped[str | None]
    holiday_cover: Mapped[str | None]
    parents_contact: Mapped[str | None]
    about_head_id: Mapped[UUID | None]
    about_person_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID]

    @property
    def id(self) -> UUID:
        """The school's id, under the name that the audit trail asks for."""
        return self.school_id


class ReportingPerson(Model):
    """An adult who receives reports, by job title; no private data."""

    __tablename__ = "reporting_person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    office: Mapped[str]
    contact: Mapped[str]
    hours: Mapped[str]
    is_head: Mapped[bool] = mapped_column(default=False)
    trained: Mapped[bool] = mapped_column(default=False)
    alternate: Mapped[bool] = mapped_column(default=False)
    independent: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]


class ReportingChannel(Model):
    """A way to report; `opens` and `closes` are "HH:MM" on working days, in the country's local time."""

    __tablename__ = "reporting_channel"
    __table_args__ = (
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="opens_with_closes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    kind: Mapped[ChannelKind]
    description: Mapped[str]
    contact: Mapped[str]
    hours: Mapped[str]
    in_holidays: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    medium: Mapped[ChannelMedium | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    opens: Mapped[str | None]
    closes: Mapped[str | None]
    for_adults: Mapped[bool] = mapped_column(default=False)
    past_head: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]


class EscalationStep(Model):
    """An outside body that the school contacts: when, whom and how."""

    __tablename__ = "escalation_step"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    body: Mapped[str]
    when_called: Mapped[str]
    contact: Mapped[str]
    added_at: Mapped[datetime]


class ToldOffice(Model):
    """A job title that is told of a report: its place in the order, and what it is told."""

    __tablename__ = "told_office"
    __table_args__ = (CheckConstraint("place BETWEEN 1 AND 9", name="place_1_to_9"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    place: Mapped[int]
    office: Mapped[str]
    learns: Mapped[str]
    added_at: Mapped[datetime]
