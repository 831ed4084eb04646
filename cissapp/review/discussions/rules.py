"""Who may read and write which comments, and when the other side is notified by mail."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules import ApplicationState


class CommentSide(StrEnum):
    """The side that a person belongs to."""

    GROUP = "group"
    SCHOOL = "school"


class Audience(StrEnum):
    """Who reads a thread; it is chosen once, when the thread is opened."""

    INTERNAL = "internal"
    WITH_SCHOOL = "with_school"


AUDIENCE_NAMES = {
    Audience.INTERNAL: N_("Only the national group"),
    Audience.WITH_SCHOOL: N_("The national group and the school"),
}

# Who may write in which threads, by the state of the application. Anything not listed is never allowed.
# After the decision the group writes nothing more to the school here: only the letter and an appeal remain.
WRITES: dict[tuple[CommentSide, Audience], frozenset[ApplicationState]] = {
    (CommentSide.GROUP, Audience.INTERNAL): frozenset(
        {
            ApplicationState.SUBMITTED,
            ApplicationState.IN_REVIEW,
            ApplicationState.CHANGES_REQUESTED,
            ApplicationState.DECIDED,
        }
    ),
    (CommentSide.GROUP, Audience.WITH_SCHOOL): frozenset(
        {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.CHANGES_REQUESTED}
    ),
    (CommentSide.SCHOOL, Audience.WITH_SCHOOL): frozenset(
        {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.CHANGES_REQUESTED}
    ),
}

# Each side gets at most one mail about an application within this time.
QUIET = timedelta(hours=1)


class CommentReader(Struct, frozen=True):
    """Who reads. In a group, `sees_others` is true if the person sees what others of the group wrote.

    The rooms above set it by their own table of who sees what: while reviews are written, each person
    reads only their own comments and the replies, so that a second reviewer stays blind to the first.
    """

    side: CommentSide
    person_id: UUID | None = None
    sees_others: bool = False


def opens_thread(reader: CommentReader, audience: Audience, writers: Collection[UUID]) -> bool:
    """Return whether a thread is open to the reader; `writers` are the people who wrote in it.

    An internal thread is never open to a school.
    """
    if reader.side is CommentSide.SCHOOL:
        return audience is Audience.WITH_SCHOOL
    return reader.sees_others or reader.person_id in writers


def sees_comment(
    reader: CommentReader, audience: Audience, author_side: CommentSide, author_id: UUID
) -> bool:
    """Return whether the reader sees a comment in a thread of this kind."""
    if reader.side is CommentSide.SCHOOL:
        return audience is Audience.WITH_SCHOOL
    return reader.sees_others or author_side is CommentSide.SCHOOL or author_id == reader.person_id


def may_write(side: CommentSide, audience: Audience, state: ApplicationState) -> bool:
    """Return whether a side may write in such a thread in a state of the application."""
    return state in WRITES.get((side, audience), frozenset())


def reasons_not_to_write(
    side: CommentSide, audience: Audience, state: ApplicationState
) -> list[Problem]:
    """List why a side may not write in such a thread now; empty if it may."""
    if may_write(side, audience, state):
        return []
    return [Problem("state", N_("You cannot write anything more here at this stage of the case."))]


def subject_problems(
    criterion_id: str | None, document_id: UUID | None, page: int | None
) -> list[Problem]:
    """List what a thread's subject lacks: it needs a criterion, or a document with a page (from 1)."""
    if document_id is not None and (page is None or page < 1):
        return [Problem("page", N_("Enter the page number, counting from 1."))]
    if criterion_id is None and document_id is None:
        return [Problem("subject", N_("A comment must be about a criterion or a page."))]
    return []


def may_notify(told_at: Collection[datetime | None], at: datetime) -> bool:
    """Return whether a side is notified at once, which needs an hour without a mail to it."""
    return all(one is None or at - one >= QUIET for one in told_at)
