"""Tables of what is printed: who confirmed a contact, which papers were made of which facts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.facts.rules import PaperKind


class FactConfirmation(Model):
    """That somebody of the school said that a contact is still right; entering or changing it says so too.

    It counts for `value` alone: a contact that reads otherwise today was confirmed when it was added.
    """

    __tablename__ = "fact_confirmation"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    confirmed_on: Mapped[date]
    confirmed_by_id: Mapped[UUID | None]


class MadePaper(Model):
    """A paper that was made of a school's facts; the newest of a kind, name and language.

    `facts` are those of the newest file, by key. `still_out` are values of an earlier one that hangs or
    lies somewhere until the school says that it was replaced.
    """

    __tablename__ = "made_paper"
    __table_args__ = (UniqueConstraint("school_id", "kind", "name", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    kind: Mapped[PaperKind]
    name: Mapped[str]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]]
    still_out: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


class ChangedFact(Model):
    """That a value changed: what it was, and what stands in its place; None, if nothing does.

    A helpline of a pack changes for a whole country: it has no school.
    """

    __tablename__ = "changed_fact"
    __table_args__ = (Index("ix_changed_fact_country_code", "country_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"), index=True)
    country_code: Mapped[str | None]
    key: Mapped[str]
    old: Mapped[str]
    new: Mapped[str | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None]


class ReplacedPlace(Model):
    """That the school replaced, or looked at and left, a version of a document that says an old value."""

    __tablename__ = "replaced_place"

    changed_fact_id: Mapped[UUID] = mapped_column(ForeignKey("changed_fact.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[UUID | None]


class KnownHelpline(Model):
    """What a pack said of a helpline when it was last looked at, so that a change of it is noticed."""

    __tablename__ = "known_helpline"

    country_code: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class NumberReminder(Model):
    """That the school was told by mail that a contact or helpline, confirmed on a day, is out of date."""

    __tablename__ = "number_reminder"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    confirmed_on: Mapped[date] = mapped_column(primary_key=True)
    reminded_at: Mapped[datetime]
