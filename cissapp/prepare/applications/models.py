"""Tables of applications and of submissions."""

from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    MappedSQLExpression,
    column_property,
    mapped_column,
    object_session,
    relationship,
)
from sqlalchemy.orm.attributes import set_committed_value

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.schools.models import School
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.documents.models import DocumentVersion

Value = TypeVar("Value")

OPEN_CASE = text("state IN ('submitted', 'in_review') AND only_for_id IS NULL")


def _group_of_school(context: Any) -> UUID:
    return _of_school(context, School.group_id)


def _only_for_of_school(context: Any) -> UUID | None:
    return _of_school(context, School.only_for_id)


def _of_school(context: Any, column: InstrumentedAttribute[Value]) -> Value:
    """Read a fact of the school that a new application belongs to."""
    given: dict[str, Any] = context.get_current_parameters()
    query = select(column).where(School.id == given["school_id"])
    return cast("Value", context.connection.scalar(query))


class Application(Model):
    """One application of a school for a certificate; it may be submitted for several rounds."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_open",
            "school_id",
            unique=True,
            sqlite_where=text("state NOT IN ('decided', 'withdrawn')"),
            postgresql_where=text("state NOT IN ('decided', 'withdrawn')"),
        ),
        UniqueConstraint("school_id", "cycle"),
        # For the queue of a group, and for what it decided last.
        Index(
            "ix_application_group_id_state_changed_at",
            "group_id",
            "state",
            "changed_at",
            "id",
            "only_for_id",
        ),
        # For the number of open cases of each person.
        Index(
            "ix_application_open_case",
            "id",
            "round",
            sqlite_where=OPEN_CASE,
            postgresql_where=OPEN_CASE,
        ),
        CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="outcome_with_state"),
        CheckConstraint("(outcome = 'certified') = (level IS NOT NULL)", name="level_with_outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    cycle: Mapped[int]
    round: Mapped[int] = mapped_column(default=0)
    reviews_wanted: Mapped[int] = mapped_column(default=1)
    state: Mapped[ApplicationState] = mapped_column(index=True)
    outcome: Mapped[ApplicationOutcome | None]
    level: Mapped[int | None]
    open_criteria: Mapped[list[str] | None]
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    school: Mapped[School] = relationship(lazy="joined")
    submissions: Mapped[list["Submission"]] = relationship(
        order_by="Submission.round", back_populates="application"
    )

    # Copied from the school: looking it up for every row is too slow for a scope of many rows.
    # NULL is allowed in the database only because SQLite cannot add other columns in place.
    group_id: Mapped[UUID] = mapped_column(nullable=True, default=_group_of_school)
    only_for_id: Mapped[UUID | None] = mapped_column(default=_only_for_of_school)

    __mapper_args__ = {"version_id_col": version}


@event.listens_for(School, "after_update")
def _follow_school(_mapper: Any, connection: Connection, school: School) -> None:
    """Update a school's applications when it moves to another group, or out of the register."""
    known = object_session(school)
    names = ("group_id", "only_for_id")
    new = {
        name: getattr(school, name)
        for name in names
        if inspect(school).attrs[name].history.has_changes()
    }
    if not new:
        return
    followed = connection.execute(
        update(Application).where(Application.school_id == school.id).values(**new)
    )
    if not followed.rowcount:
        return
    for row in known.identity_map.values() if known else ():
        # Attributes that are not loaded yet are read later, with their new values.
        if isinstance(row, Application) and inspect(row).dict.get("school_id") == school.id:
            for name, value in new.items():
                set_committed_value(row, name, value)


def of_application(
    column: InstrumentedAttribute[Value], application_id: Mapped[Any]
) -> MappedSQLExpression[Value]:
    """Map a column of the application that a row belongs to."""
    return column_property(
        select(column)
        .where(Application.id == application_id)
        .correlate_except(Application)
        .scalar_subquery()
    )


def of_applicant(
    column: InstrumentedAttribute[Value], application_id: Mapped[Any]
) -> MappedSQLExpression[Value]:
    """Map a column of the school whose application a row belongs to."""
    return column_property(
        select(column)
        .join(Application, Application.school_id == School.id)
        .where(Application.id == application_id)
        .correlate_except(School, Application)
        .scalar_subquery()
    )


class Submission(Model):
    """The content of a round: one canonical JSON text that never changes."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("application_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    round: Mapped[int]
    rubric_version: Mapped[str]
    content: Mapped[str]
    sha256: Mapped[str]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[UUID]

    application: Mapped[Application] = relationship(back_populates="submissions")
    versions: Mapped[list["SubmittedVersion"]] = relationship(lazy="selectin")


class SubmittedVersion(Model):
    """A version of a document that belongs to a submission."""

    __tablename__ = "submitted_version"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    # The retention rules ask for each document whether it was ever submitted.
    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("document_version.id"), primary_key=True, index=True
    )

    version: Mapped[DocumentVersion] = relationship(lazy="joined")


class CompletenessCheck(Model):
    """The completeness check of a round: the round goes on to review, or back once with remarks.

    `remarks` maps a criterion's id, a document's id or "all" to what has to be corrected.
    """

    __tablename__ = "sift"
    __table_args__ = (UniqueConstraint("application_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    round: Mapped[int]
    sifter_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    passed: Mapped[bool]
    remarks: Mapped[dict[str, Any]]
    sifted_at: Mapped[datetime]


class ReviewQuestion(Model):
    """What a reviewer asked the school during a review, by criterion; once per application."""

    __tablename__ = "question"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    round: Mapped[int]
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    texts: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
