"""Tables of uploaded lists: the list, its rows in parts, and remembered column mappings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.school_lists.rules.outcomes import AT_WORK, ListState


class SchoolList(Model):
    """An uploaded list of schools or people, how its columns are read, and its progress."""

    __tablename__ = "school_list"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"), index=True)
    state: Mapped[ListState]
    file_name: Mapped[str]
    # None once the list is imported, or its rows are deleted.
    file_key: Mapped[str | None]
    charset: Mapped[str | None]
    # Other encodings that fit the characters of the file as well.
    other_charsets: Mapped[list[str]]
    # The sheet that is read, then the others that hold something; a text has none.
    sheets: Mapped[list[str]]
    head: Mapped[list[str]]
    first_rows: Mapped[list[Any]] = mapped_column(JSON)
    # The heading of each column that is read, with what it holds.
    columns: Mapped[dict[str, Any]]
    # Meanings of texts that no pack knows, by column.
    meanings: Mapped[dict[str, Any]]
    # Texts whose meaning is not known yet, by column, with the number of their rows.
    unknown: Mapped[dict[str, Any]]
    changes_schools: Mapped[bool]
    keeps_duplicates: Mapped[bool]
    rows: Mapped[int]
    rows_done: Mapped[int]
    # The next part to process: parts are processed in order, and undone from the last.
    next_place: Mapped[int]
    counts: Mapped[dict[str, Any]]
    # The first rows that somebody has to look at: number, cells and stored result.
    to_look_at: Mapped[list[Any]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[UUID | None]
    # When work was last committed; used to find interrupted work.
    moved_at: Mapped[datetime]
    # When the present stretch of work began, and how many rows were done by then; a pause begins another.
    paced_from: Mapped[datetime | None]
    paced_rows: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    problem: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def is_at_work(self) -> bool:
        """Whether the list is being read, checked, imported or undone now."""
        return self.state in AT_WORK


class SchoolListPart(Model):
    """A few rows of a list with their results; a transaction processes one or more parts."""

    __tablename__ = "school_list_part"
    __table_args__ = (UniqueConstraint("list_id", "place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("school_list.id"))
    place: Mapped[int]
    # Pairs of the number of a row in the file and its cells.
    rows: Mapped[list[Any]] = mapped_column(JSON)
    results: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class RememberedColumns(Model):
    """A group's last column mapping for a head, reused for the next file with that head."""

    __tablename__ = "remembered_columns"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"), primary_key=True)
    head_sha256: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]]
    meanings: Mapped[dict[str, Any]]
    used_at: Mapped[datetime]
