"""Tables of printed facts: who confirmed a contact, and which facts went into which paper."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.facts.rules import PaperKind


class FactConfirmation(Model):
    """A person's confirmation that a contact is right; entering or changing one confirms it too.

    It holds for `value` alone: a contact with another value counts as confirmed when it was added.
    """

    __tablename__ = "fact_confirmation"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    confirmed_on: Mapped[date]
    confirmed_by_id: Mapped[UUID | None]


class MadePaper(Model):
    """A paper generated from a school's facts; the newest of a kind, name and language.

    `facts` are those of the newest file, by key. `still_out` holds old values of earlier copies that may
    still be in use, until the school confirms that they were replaced.
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
    """A change of a value: the old one and the new one; None if it was removed.

    A helpline of a country pack changes for the whole country, so it has no school.
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
    """A version with an old value that the school has replaced, or has checked and left as it is."""

    __tablename__ = "replaced_place"

    changed_fact_id: Mapped[UUID] = mapped_column(ForeignKey("changed_fact.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[UUID | None]


class KnownHelpline(Model):
    """The value of a helpline in the pack when it was last checked, so that changes are detected."""

    __tablename__ = "known_helpline"

    country_code: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class NumberReminder(Model):
    """A reminder to the school that a contact or helpline, last confirmed on a date, is out of date."""

    __tablename__ = "number_reminder"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    confirmed_on: Mapped[date] = mapped_column(primary_key=True)
    reminded_at: Mapped[datetime]
