"""Writes of comments: open a thread, reply, resolve, remove a text, notify the other side."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.prepare.applications.models import Application
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.discussions import mails, queries
from cissapp.review.discussions.models import Comment, Thread
from cissapp.review.discussions.rules import (
    Audience,
    CommentSide,
    may_notify,
    reasons_not_to_write,
    subject_problems,
)


class Subject(Struct, frozen=True):
    """What a thread is about: a criterion, a page (from 1) of a version of a document, or both."""

    criterion_id: str | None = None
    version: DocumentVersion | None = None
    page: int | None = None


def side_of(application: Application, by: Actor) -> tuple[CommentSide, UUID]:
    """Return on which side of an application a person is; raise `Missing` for everyone else."""
    if by.id is not None and by.school_id is not None and by.school_id == application.school_id:
        return CommentSide.SCHOOL, by.id
    if by.id is not None and by.group_id is not None and by.group_id == application.group_id:
        return CommentSide.GROUP, by.id
    raise Missing


def open_thread(
    application: Application,
    subject: Subject,
    *,
    audience: Audience,
    text: str,
    by: Actor,
    at: datetime,
) -> Thread:
    """Begin a thread with its first comment; only the group begins one."""
    side, person_id = side_of(application, by)
    if side is not CommentSide.GROUP:
        raise Missing
    _lock_comments(application)
    document_id = subject.version.document_id if subject.version else None
    page = subject.page if subject.version else None
    found = [
        *reasons_not_to_write(side, audience, application.state),
        *subject_problems(subject.criterion_id, document_id, page),
    ]
    if found:
        raise Refused(*found)
    thread = Thread(
        application_id=application.id,
        application=application,
        audience=audience,
        criterion_id=subject.criterion_id,
        document_id=document_id,
        page=page,
        opened_at=at,
        opened_by_id=person_id,
        comments=[],
    )
    session.add(thread)
    session.flush()
    session.refresh(thread)
    _add(thread, text, side=side, person_id=person_id, version=subject.version, at=at)
    _record(Event.THREAD_OPENED, thread, by=by, at=at)
    _notify_other_side(thread, side, at=at)
    return thread


def write_comment(thread: Thread, text: str, *, by: Actor, at: datetime) -> Comment:
    """Add a comment; this reopens a thread that was resolved."""
    side, person_id = side_of(thread.application, by)
    _lock_comments(thread.application)
    if side is CommentSide.SCHOOL and thread.audience is Audience.INTERNAL:
        raise Missing
    found = reasons_not_to_write(side, thread.audience, thread.application.state)
    if found:
        raise Refused(*found)
    version = queries.newest_version(thread.document_id) if thread.document_id else None
    comment = _add(thread, text, side=side, person_id=person_id, version=version, at=at)
    thread.resolved_at = thread.resolved_by_id = None
    _record(Event.COMMENT_WRITTEN, thread, by=by, at=at)
    _notify_other_side(thread, side, at=at)
    return comment


def resolve_thread(thread: Thread, *, by: Actor, at: datetime) -> None:
    """Mark a thread as resolved; only the group does so, and a new comment opens it again."""
    side, person_id = side_of(thread.application, by)
    if side is not CommentSide.GROUP:
        raise Missing
    _lock_comments(thread.application)
    found = reasons_not_to_write(side, thread.audience, thread.application.state)
    if found:
        raise Refused(*found)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by_id = at, person_id
        _record(Event.THREAD_RESOLVED, thread, by=by, at=at)


def remove_comment(comment: Comment, *, by: Actor, at: datetime) -> None:
    """Remove the text of a comment that held what must not be here; the fact that it existed stays."""
    _side, person_id = side_of(comment.thread.application, by)
    if comment.text is None:
        return
    comment.text, comment.removed_at, comment.removed_by_id = None, at, person_id
    session.flush()
    _record(Event.COMMENT_REMOVED, comment.thread, by=by, at=at)


def notify_waiting(*, at: datetime) -> int:
    """Notify each side of what was written during its quiet hour, batch by batch; return the number of mails."""

    def notify(batch: tuple[CommentSide, Sequence[UUID]]) -> int:
        side, thread_ids = batch
        waiting = (one for one in queries.threads_of(thread_ids) if _waits(one, side))
        return sum(_notify(one, side, at=at) for one in waiting)

    batches = [
        (side, thread_ids)
        for side in CommentSide
        for thread_ids in batches_of(queries.threads_to_notify(side))
    ]
    return each_kept(batches, notify)


def _lock_comments(application: Application) -> None:
    """Lock the comments on an application, and read its state again."""
    lock(f"discussion:{application.id}")
    session.refresh(application)


def _add(
    thread: Thread,
    text: str,
    *,
    side: CommentSide,
    person_id: UUID,
    version: DocumentVersion | None,
    at: datetime,
) -> Comment:
    comment = Comment(
        thread_id=thread.id,
        thread=thread,
        side=side,
        author_id=person_id,
        round=thread.application.round,
        version_id=version.id if version else None,
        version_number=version.number if version else None,
        text=text,
        written_at=at,
    )
    session.add(comment)
    session.flush()
    return comment


def _record(event: Event, thread: Thread, *, by: Actor, at: datetime) -> None:
    record(
        event,
        thread,
        by=by,
        at=at,
        school_id=thread.application.school_id,
        application=str(thread.application_id),
        audience=thread.audience.value,
        round=thread.application.round,
    )
    session.flush()


def _notify_other_side(thread: Thread, written_by: CommentSide, *, at: datetime) -> None:
    """Notify the other side, at once or with the daily run; internal threads notify nobody."""
    if thread.audience is Audience.INTERNAL:
        return
    if written_by is CommentSide.GROUP:
        thread.school_waits = True
        if may_notify(queries.school_notified_at(thread.application_id), at):
            _notify(thread, CommentSide.SCHOOL, at=at)
    else:
        thread.group_waits = True
        if may_notify([thread.told_group_at], at):
            _notify(thread, CommentSide.GROUP, at=at)
    session.flush()


def _waits(thread: Thread, side: CommentSide) -> bool:
    return thread.school_waits if side is CommentSide.SCHOOL else thread.group_waits


def _notify(thread: Thread, side: CommentSide, *, at: datetime) -> int:
    """Send one mail to each person of a side; a mail to the school covers all threads of the application."""
    if side is CommentSide.SCHOOL:
        for one in queries.threads_new_to_school(thread.application_id):
            one.school_waits, one.told_school_at = False, at
        session.flush()
        return mails.tell_school(thread.application, at=at)
    thread.group_waits, thread.told_group_at = False, at
    session.flush()
    return mails.tell_group(thread, queries.writers(thread), at=at)
