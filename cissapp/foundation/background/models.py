"""Table of what is to be done in the background."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.core.db import Model, new_id

OPEN = "given_up_at IS NULL"


class Task(Model):
    """Something to do, from the change that asks for it until it is done: then the row is deleted.

    `subject_id` is the thing it is about, in the room that does it; it has no foreign key, since a thing
    that is gone needs nothing more.
    """

    __tablename__ = "background_task"
    __table_args__ = (
        # Only what waits: read with every look.
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
    # While one does it, no other begins it; a process that died lets go after this moment.
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    # What the last try in vain said: a kind of error and its reference in the log, never what it was about.
    last_error: Mapped[str | None]
    given_up_at: Mapped[datetime | None]
