"""Table of background tasks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.core.db import Model, new_id

OPEN = "given_up_at IS NULL"


class Task(Model):
    """A background task, from the change that requests it until it is done and its row is deleted.

    `subject_id` is the subject of the task, in the room that handles it; it has no foreign key, since a
    deleted subject needs nothing more.
    """

    __tablename__ = "background_task"
    __table_args__ = (
        # Only waiting tasks, which every look reads.
        Index(
            "ix_background_task_open",
            "due_at",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[TaskKind]
    subject_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # While one process works on it, no other starts it; the claim of a dead process ends at this time.
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    # The last failed attempt: the kind of error and its reference in the log, never the data involved.
    last_error: Mapped[str | None]
    given_up_at: Mapped[datetime | None]
