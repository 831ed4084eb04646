"""Writes of what was confirmed and of what was taken out; checks files before they are kept."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import after_commit, db, new_id, session
from cissapp.foundation.core.errors import ConfirmationNeeded, Problem
from cissapp.foundation.safeguards import pictures, queries
from cissapp.foundation.safeguards.confirmations import confirmations
from cissapp.foundation.safeguards.models import Amendment, Confirmation, Removal
from cissapp.foundation.safeguards.rules import (
    KIND_NAMES,
    RemovalReason,
    SignKind,
    counts_of,
    find_signs,
)

FAMILIES = {
    "pdf": pictures.Family.PAGES,
    "docx": pictures.Family.PACKAGE,
    "odt": pictures.Family.PACKAGE,
}
PICTURES = pictures.Family.PICTURE
FORGET_FOR = timedelta(days=3)
# The tables whose rows change when something is taken out.
HOLDING = (
    "submission",
    "document",
    "document_version",
    "self_score",
    "reporting_mechanism",
    "reporting_person",
    "reporting_channel",
    "escalation_step",
    "told_office",
    "fact_confirmation",
    "made_paper",
    "changed_fact",
    "comment",
)


# --- before it is kept -----------------------------------------------------------------------


def refuse_signs(content: bytes, media_type: str, text: str) -> None:
    """Refuse a file with signs of a child in its text or pictures, unless its sender confirmed them.

    Raise `ConfirmationNeeded`. Nothing may have been written yet; the file itself is not stored.
    """
    counts = counts_of(find_signs(text))
    seen = pictures.search_for_people(content, FAMILIES.get(media_type, PICTURES))
    if seen.people:
        counts[SignKind.PEOPLE_SHOWN] = 1
    elif not seen.whole:
        counts[SignKind.PICTURES_UNSEEN] = 1
    _refuse_unconfirmed(counts)


def refuse_signs_in_text(text: str) -> None:
    """Refuse a text with signs of a child as `refuse_signs` does, where its pictures were searched before."""
    _refuse_unconfirmed(counts_of(find_signs(text)))


def _refuse_unconfirmed(counts: dict[str, int]) -> None:
    if not confirmations().is_confirmed(counts):
        raise ConfirmationNeeded(
            counts, *(Problem("file", KIND_NAMES[SignKind(kind)]) for kind in counts)
        )


def confirm(
    subject: tuple[str, UUID | None], *, school_id: UUID | None, by: Actor | None, at: datetime
) -> None:
    """Record that the sender of this request looked again; nothing, if nothing was confirmed."""
    counts = confirmations().take_confirmation()
    if not counts:
        return
    kind, subject_id = subject
    made = Confirmation(
        id=new_id(),
        school_id=school_id,
        subject_type=kind,
        subject_id=subject_id,
        counts=counts,
        confirmed_at=at,
        confirmed_by_id=by.id if by else None,
    )
    session.add(made)
    if by is not None:
        record(Event.SIGNS_CONFIRMED, made, by=by, at=at, school_id=school_id, counts=counts)


# --- taking out ------------------------------------------------------------------------------


def remove(
    subject: tuple[str, UUID, str | None],
    *,
    reason: RemovalReason,
    school_id: UUID,
    application_id: UUID | None,
    by: Actor,
    at: datetime,
) -> Removal:
    """Record that something is taken out; the room that holds it takes it out in the same transaction."""
    kind, subject_id, key = subject
    if by.id is None:
        raise ValueError("a person takes something out")
    made = Removal(
        id=new_id(),
        school_id=school_id,
        application_id=application_id,
        subject_type=kind,
        subject_id=subject_id,
        subject_key=key,
        reason=reason,
        removed_at=at,
        removed_by_id=by.id,
    )
    session.add(made)
    record(
        Event.CONTENTS_REMOVED,
        made,
        by=by,
        at=at,
        school_id=school_id,
        kind=kind,
        reason=reason.value,
    )
    session.flush()
    after_commit(forget_freed)
    return made


def amend(removal: Removal, subject_id: UUID, text: str, *, at: datetime) -> None:
    """Record what a kept text becomes, just before it is replaced: the database asks for it."""
    made = Amendment(
        id=new_id(),
        removal_id=removal.id,
        subject_id=subject_id,
        number=queries.amendments(subject_id) + 1,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        amended_at=at,
    )
    session.add(made)
    session.flush()


def forget_again(*, at: datetime) -> int:
    """Run `forget_freed` again in the days after a removal; return the number of recent removals."""
    young = queries.removed_since(at - FORGET_FOR)
    if young:
        forget_freed()
    return young


def forget_freed() -> None:
    """Erase what the database keeps of changed rows, after the change is committed.

    SQLite overwrites freed space with zeros (`secure_delete`); here the write-ahead log is emptied too,
    unless somebody is reading at that moment: `ciss daily` repeats it. PostgreSQL keeps the earlier rows
    until they are vacuumed.
    """
    session.rollback()
    if db.engine.dialect.name == "sqlite":
        # Below SQLAlchemy, which would begin a transaction: inside one the log cannot be emptied.
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in HOLDING:
            connection.exec_driver_sql(f"VACUUM {table}")
