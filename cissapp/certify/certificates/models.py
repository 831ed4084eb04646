"""Tables of certificates and of the register. Triggers keep all of them but `Cure` append-only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.core.db import Counter, Model, new_id
from cissapp.people.schools.models import School, of_school


class Certificate(Model):
    """A certificate as it was decided. Its current status follows from the register rows.

    It has no file until it is published. `attempt` counts the reservations of one cycle: another one is made
    only after the previous one was ended.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("school_id", "cycle", "attempt"),
        UniqueConstraint("application_id", "attempt"),
        CheckConstraint("attempt >= 1", name="attempt_counted"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_1_to_3"),
        CheckConstraint("valid_from_on < valid_until_on", name="from_before_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # Compared character by character on both databases: lists resume after a number.
    number: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), unique=True
    )
    code: Mapped[str] = mapped_column(unique=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    cycle: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    level: Mapped[int]
    valid_from_on: Mapped[date]
    valid_until_on: Mapped[date]
    facts: Mapped[str]
    facts_sha256: Mapped[str]
    key_id: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID | None]

    school: Mapped[School] = relationship(lazy="joined")
    publication: Mapped["Publication | None"] = relationship(
        lazy="joined", back_populates="certificate"
    )
    entries: Mapped[list["RegisterEntry"]] = relationship(
        order_by="RegisterEntry.id", lazy="selectin", back_populates="certificate"
    )

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)

    @property
    def file_key(self) -> str | None:
        """Where the signed file is; None, until there is one."""
        return self.publication.file_key if self.publication else None

    @property
    def file_sha256(self) -> str | None:
        """The hash of the signed file; None, until there is one."""
        return self.publication.file_sha256 if self.publication else None

    @property
    def file_size(self) -> int | None:
        """How many bytes the signed file has; None, until there is one."""
        return self.publication.file_size if self.publication else None


class Publication(Model):
    """The signed file of a certificate: one per certificate, and one per school and cycle."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("school_id", "cycle"),
        CheckConstraint("file_size > 0", name="file_not_empty"),
    )

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    cycle: Mapped[int]
    file_key: Mapped[str] = mapped_column(unique=True)
    file_sha256: Mapped[str] = mapped_column(index=True)
    file_size: Mapped[int]
    key_id: Mapped[str]
    published_at: Mapped[datetime]

    certificate: Mapped[Certificate] = relationship(back_populates="publication", lazy="joined")


class Cure(Model):
    """The time a school has to put right the cause of a suspension, and its statement about it."""

    __tablename__ = "cure"
    __table_args__ = (
        Index(
            "uq_cure_open",
            "certificate_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(statement IS NULL) = (stated_at IS NULL)", name="statement_with_moment"),
        CheckConstraint("(stated_at IS NULL) = (stated_by_id IS NULL)", name="stated_at_with_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    reason: Mapped[str]
    began_at: Mapped[datetime]
    statement: Mapped[str | None]
    stated_at: Mapped[datetime | None]
    stated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    certificate: Mapped[Certificate] = relationship(lazy="joined")


# The entries after which a certificate is no longer, or is again, in force.
IS_CHANGE = "event IN ('suspended', 'reinstated', 'withdrawn', 'replaced')"


class RegisterEntry(Model):
    """A row of the register: hash-chained, append-only."""

    __tablename__ = "register_entry"
    # Partial, and the condition is written as here: a list of withdrawn certificates is made of these few entries.
    __table_args__ = (
        Index(
            "ix_register_entry_changes",
            "certificate_id",
            "id",
            sqlite_where=text(IS_CHANGE),
            postgresql_where=text(IS_CHANGE),
        ),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    event: Mapped[RegisterEvent]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    payload: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)

    certificate: Mapped[Certificate] = relationship(back_populates="entries")
