"""Reads of threads, always for a reader, so that people get only what they may read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload, selectinload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.review.discussions.models import Comment, Thread
from cissapp.review.discussions.rules import (
    Audience,
    CommentReader,
    CommentSide,
    may_write,
    opens_thread,
    sees_comment,
)

SCHOOL_READER = CommentReader(CommentSide.SCHOOL)


class ShownComment(Struct, frozen=True):
    """A comment as its reader sees it: `name` is None where the reader does not learn who wrote it."""

    side: CommentSide
    name: str | None
    round: int
    version_number: int | None
    text: str | None
    written_at: datetime


class ShownThread(Struct, frozen=True):
    """A thread as its reader sees it, with the comments that the reader may see, the oldest first."""

    id: UUID
    audience: Audience
    criterion_id: str | None
    document_title: str | None
    page: int | None
    resolved_at: datetime | None
    writable: bool
    comments: tuple[ShownComment, ...]


def thread(thread_id: UUID, reader: CommentReader) -> Thread | None:
    """Find a thread that is open to the reader; None where the reader sees no comment in it."""
    found = session.get(Thread, thread_id)
    return found if found is not None and _visible_comments(found, reader) else None


def thread_of_school(thread_id: UUID, actor: Actor) -> Thread:
    """Find a thread of a person's own school that is not internal; raise `Missing` otherwise."""
    found = thread(thread_id, SCHOOL_READER)
    if found is None or actor.school_id is None or found.school_id != actor.school_id:
        raise Missing
    return found


def shown_threads(
    application_id: UUID, reader: CommentReader, *, criterion_id: str | None = None
) -> list[ShownThread]:
    """List the threads of an application that a reader sees, newest first; optionally of one criterion."""
    found = session.scalars(_threads(application_id, reader, criterion_id))
    return [shown_thread(one, reader) for one in found if _visible_comments(one, reader)]


def shown_thread(one: Thread, reader: CommentReader) -> ShownThread:
    """Return a thread as its reader sees it."""
    return ShownThread(
        id=one.id,
        audience=one.audience,
        criterion_id=one.criterion_id,
        document_title=one.document.title if one.document else None,
        page=one.page,
        resolved_at=one.resolved_at,
        writable=may_write(reader.side, one.audience, one.application.state),
        comments=tuple(
            _shown_comment(comment, reader) for comment in _visible_comments(one, reader)
        ),
    )


def has_threads(school_id: UUID, criterion_id: str) -> bool:
    """Return whether the school has a thread with the group on a criterion, in any application."""
    query = (
        select(Thread.id)
        .join(Application)
        .where(
            Application.school_id == school_id,
            Thread.criterion_id == criterion_id,
            Thread.audience == Audience.WITH_SCHOOL,
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def newest_version(document_id: UUID) -> DocumentVersion | None:
    """Find the newest version of a document."""
    query = (
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def writers(of: Thread) -> list[User]:
    """List the people of the group who wrote in a thread and are still members, each once."""
    query = (
        select(User)
        .join(Comment, Comment.author_id == User.id)
        .where(
            Comment.thread_id == of.id,
            Comment.side == CommentSide.GROUP,
            User.deactivated_at.is_(None),
            User.group_id == of.group_id,
        )
        .distinct()
    )
    return sorted(session.scalars(query), key=lambda one: one.email)


def readable_comments(application_id: UUID, reader: CommentReader) -> list[Comment]:
    """List the comments on an application that a reader sees, the newest thread first."""
    found = session.scalars(_threads(application_id, reader, None))
    return [comment for one in found for comment in _visible_comments(one, reader)]


def threads_to_notify(side: CommentSide) -> list[UUID]:
    """List the threads about which a side has not been notified yet, the oldest first."""
    waits = Thread.school_waits if side is CommentSide.SCHOOL else Thread.group_waits
    query = select(Thread.id).where(waits.is_(True)).order_by(Thread.opened_at, Thread.id)
    return list(session.scalars(query))


def threads_of(thread_ids: Collection[UUID]) -> list[Thread]:
    """Return threads as they are in the database now, the oldest first."""
    query = select(Thread).where(Thread.id.in_(thread_ids))
    fresh = query.execution_options(populate_existing=True)
    return list(session.scalars(fresh.order_by(Thread.opened_at, Thread.id)))


def threads_new_to_school(application_id: UUID) -> list[Thread]:
    """List the threads of an application about which the school has not been notified yet."""
    of_application = select(Thread).where(Thread.application_id == application_id)
    return list(session.scalars(of_application.where(Thread.school_waits.is_(True))))


def school_notified_at(application_id: UUID) -> Sequence[datetime | None]:
    """List when the school was notified about each thread of an application."""
    query = select(Thread.told_school_at).where(Thread.application_id == application_id)
    return session.scalars(query).all()


def _threads(
    application_id: UUID, reader: CommentReader, criterion_id: str | None
) -> Select[Thread]:
    query = select(Thread).where(Thread.application_id == application_id)
    if reader.side is CommentSide.SCHOOL:
        query = query.where(Thread.audience == Audience.WITH_SCHOOL)
    if criterion_id is not None:
        query = query.where(Thread.criterion_id == criterion_id)
    light = selectinload(Thread.document).options(lazyload(Document.versions))
    return query.options(light).order_by(Thread.opened_at.desc(), Thread.id)


def _visible_comments(one: Thread, reader: CommentReader) -> list[Comment]:
    if not opens_thread(reader, one.audience, {comment.author_id for comment in one.comments}):
        return []
    return [
        comment
        for comment in one.comments
        if sees_comment(reader, one.audience, comment.side, comment.author_id)
    ]


def _shown_comment(one: Comment, reader: CommentReader) -> ShownComment:
    """Return a comment as its reader sees it; a school does not learn who in the group wrote it."""
    named = reader.side is CommentSide.GROUP or one.side is CommentSide.SCHOOL
    return ShownComment(
        side=one.side,
        name=one.author.name if named else None,
        round=one.round,
        version_number=one.version_number,
        text=one.text,
        written_at=one.written_at,
    )
