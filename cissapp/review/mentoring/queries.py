"""Reads of mentoring, always for one side, so that a mentor sees only what the school shows."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page, shown_page, start_at
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.review.independence import queries as independence
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring.models import (
    MentorMeeting,
    MentorMeetingDate,
    MentorMessage,
    MentorShare,
    MentorTalk,
)
from cissapp.review.mentoring.rules import MentorSide, Shared, SharedPart, Wait, shown_wait

# A meeting stays on the page for a day after it began.
OVER = timedelta(days=1)
PAGE_ROWS = 25
MESSAGES_AT_ONCE = 50
BY_NAME = (School.name_key, Mentoring.id)


def mentoring_of(mentoring_id: UUID, actor: Actor) -> Mentoring:
    """Find a mentoring for one of its two sides; raise `Missing` for everyone else.

    Once the mentoring has ended, the school can still read it; the mentor cannot.
    """
    found = independence.mentoring_by_id(mentoring_id)
    if found is None or (side_of(found, actor) is MentorSide.MENTOR and not found.lasts):
        raise Missing
    return found


def side_of(mentoring: Mentoring, actor: Actor) -> MentorSide:
    """Return on which side of a mentoring a person is; raise `Missing` for everyone else."""
    if actor.school_id is not None and actor.school_id == mentoring.school_id:
        return MentorSide.SCHOOL
    if actor.id == mentoring.person_id and actor.group_id == mentoring.school.group_id:
        return MentorSide.MENTOR
    raise Missing


def talk_of(mentoring_id: UUID) -> MentorTalk | None:
    """Find the state of waiting in a mentoring; None before the first message."""
    return session.get(MentorTalk, mentoring_id)


def messages_page(mentoring_id: UUID, place: PagePlace | None = None) -> KeyPage[MentorMessage]:
    """Return a page of the messages of a mentoring, the newest first."""
    query = select(MentorMessage).where(MentorMessage.mentoring_id == mentoring_id)
    return newest_page(
        query, (MentorMessage.written_at, MentorMessage.id), place, size=MESSAGES_AT_ONCE
    )


def message(mentoring: Mentoring, message_id: UUID) -> MentorMessage:
    """Find a message of a mentoring; raise `Missing` if it belongs to another one."""
    found = session.get(MentorMessage, message_id)
    if found is None or found.mentoring_id != mentoring.id:
        raise Missing
    return found


def meetings_of(mentoring_id: UUID, at: datetime) -> list[MentorMeeting]:
    """List the meetings of a mentoring that are proposed, or agreed and not past, the oldest first."""
    query = select(MentorMeeting).where(MentorMeeting.mentoring_id == mentoring_id, *_current(at))
    return list(session.scalars(query.order_by(MentorMeeting.proposed_at, MentorMeeting.id)))


def _current(at: datetime) -> tuple[ColumnElement[bool], ...]:
    not_over = or_(MentorMeeting.starts_at.is_(None), MentorMeeting.starts_at > at - OVER)
    return (MentorMeeting.cancelled_at.is_(None), not_over)


def meeting(mentoring: Mentoring, meeting_id: UUID) -> MentorMeeting:
    """Find a meeting of a mentoring; raise `Missing` if it belongs to another one."""
    found = session.get(MentorMeeting, meeting_id)
    if found is None or found.mentoring_id != mentoring.id:
        raise Missing
    return found


def proposed_date(of: MentorMeeting, date_id: UUID) -> datetime:
    """Find a proposed time of a meeting; raise `Missing` if there is none."""
    found = next((one.starts_at for one in of.dates if one.id == date_id), None)
    if found is None:
        raise Missing
    return found


# --- what the school shows ---------------------------------------------------------------------


def shares_of(mentoring_id: UUID) -> list[MentorShare]:
    """List what a school shows its mentor."""
    return list(
        session.scalars(select(MentorShare).where(MentorShare.mentoring_id == mentoring_id))
    )


def shared(mentoring_id: UUID) -> Shared:
    """Return what a school shows its mentor; nothing unless the school has chosen it."""
    rows = shares_of(mentoring_id)
    return Shared(
        parts=frozenset(one.part for one in rows if one.part),
        documents=frozenset(one.document_id for one in rows if one.document_id),
    )


def shared_documents(mentoring: Mentoring, shows: Shared) -> list[DocumentEntry]:
    """List the documents that a school shows its mentor, with their newest versions."""
    if not shows.documents:
        return []
    return [one for one in documents.documents(mentoring.school_id) if one.id in shows.documents]


def shared_part(mentoring: Mentoring, part: str) -> SharedPart:
    """Return a part that is shown to the mentor; raise `Missing` for any other."""
    found = next((one for one in shared(mentoring.id).parts if one.value == part), None)
    if found is None:
        raise Missing
    return found


def shared_document(mentoring: Mentoring, document_id: UUID) -> DocumentEntry:
    """Return a document that is shown to the mentor; raise `Missing` for any other."""
    for one in shared_documents(mentoring, shared(mentoring.id)):
        if one.id == document_id:
            return one
    raise Missing


def shares_of_document(document: Document) -> list[MentorShare]:
    """List the entries that show a document to a mentor."""
    return list(session.scalars(select(MentorShare).where(MentorShare.document_id == document.id)))


# --- who waits for whom ------------------------------------------------------------------------


class MentoredSchool(Struct, frozen=True):
    """A current mentoring, and the wait in it from the reader's point of view."""

    mentoring: Mentoring
    wait: Wait | None


def mentored_schools(
    mentor: Actor, at: datetime, place: PagePlace | None = None, *, size: int = PAGE_ROWS
) -> KeyPage[MentoredSchool]:
    """Return a page of the schools that a person mentors, by name.

    Before the first page come those that have waited longest for the mentor, as many again at most.
    """
    own = and_(
        Mentoring.person_id == mentor.id,
        Mentoring.to_on.is_(None),
        School.group_id == mentor.group_id,
    )
    waiting = _longest_waiting(own, at, size)
    query = select(Mentoring.id).join(School, School.id == Mentoring.school_id).where(own)
    page = shown_page(
        query.where(Mentoring.id.not_in(waiting)) if waiting else query,
        BY_NAME,
        size=size,
        fetch=session.scalars,
        name=lambda one: one,
        start=start_at(BY_NAME, place, among=query),
    )
    ids = page.rows if page.earlier else [*waiting, *page.rows]
    if not ids:
        return KeyPage([])
    rows = session.execute(_unended(and_(own, Mentoring.id.in_(ids))))
    found = {one.mentoring.id: one for one in _with_waits(rows, MentorSide.MENTOR, at)}
    return KeyPage([found[one] for one in ids if one in found], page.earlier, page.later)


def _longest_waiting(own: ColumnElement[bool], at: datetime, most: int) -> list[UUID]:
    """List the mentorings in which a mentor has owed an answer for longest."""
    asked = select(MentorTalk.mentoring_id, MentorTalk.waits_since.label("since"))
    asked = asked.join(Mentoring, Mentoring.id == MentorTalk.mentoring_id)
    asked = asked.where(MentorTalk.waits_for == MentorSide.MENTOR)
    proposed = select(MentorMeeting.mentoring_id, MentorMeeting.proposed_at)
    proposed = proposed.join(Mentoring, Mentoring.id == MentorMeeting.mentoring_id)
    proposed = proposed.where(
        MentorMeeting.proposed_by == MentorSide.SCHOOL,
        MentorMeeting.agreed_at.is_(None),
        MentorMeeting.cancelled_at.is_(None),
        MentorMeeting.dates.any(MentorMeetingDate.starts_at > at),
    )
    waits = union_all(
        *(
            one.join(School, School.id == Mentoring.school_id).where(own)
            for one in (asked, proposed)
        )
    ).subquery()
    longest = select(waits.c.mentoring_id).group_by(waits.c.mentoring_id)
    return list(session.scalars(longest.order_by(func.min(waits.c.since)).limit(most)))


def mentorings_of_school(school_id: UUID, at: datetime) -> list[MentoredSchool]:
    """List the current mentorings of a school with their waits, from the school's point of view."""
    found = session.execute(_current_of_school(), {"school_id": school_id})
    return _with_waits(found, MentorSide.SCHOOL, at)


@cache
def _current_of_school() -> Statement:
    """Build, only once, the query that runs for the first page of a school."""
    return _unended(Mentoring.school_id == bindparam("school_id"))


def _unended(which: ColumnElement[bool]) -> Statement:
    """Select the current mentorings of these, each with its talk, by the name of the school."""
    return (
        select(Mentoring, MentorTalk)
        .outerjoin(MentorTalk, MentorTalk.mentoring_id == Mentoring.id)
        .join(School, School.id == Mentoring.school_id)
        .where(which, Mentoring.to_on.is_(None))
        .options(joinedload(Mentoring.school), joinedload(Mentoring.person))
        .order_by(School.name_key, Mentoring.id)
    )


def _with_waits(
    found: Iterable[Row[Any]], reader: MentorSide, at: datetime
) -> list[MentoredSchool]:
    rows: list[tuple[Mentoring, MentorTalk | None]] = [tuple(row) for row in found]
    waits = _open_meetings([one.id for one, _talk in rows], at) if rows else {}
    for one, talk in rows:
        if talk is not None and talk.wait is not None:
            waits.setdefault(one.id, []).append(talk.wait)
    return [MentoredSchool(one, shown_wait(waits.get(one.id, []), reader)) for one, _talk in rows]


def _open_meetings(ids: Collection[UUID], at: datetime) -> dict[UUID, list[Wait]]:
    query = select(MentorMeeting).where(
        MentorMeeting.mentoring_id.in_(ids),
        MentorMeeting.agreed_at.is_(None),
        MentorMeeting.cancelled_at.is_(None),
    )
    found: dict[UUID, list[Wait]] = {}
    for one in session.scalars(query):
        wait = one.wait(at)
        if wait:
            found.setdefault(one.mentoring_id, []).append(wait)
    return found


def talks_to_notify() -> list[UUID]:
    """List the mentorings in which a side has not been notified of news yet."""
    query = select(MentorTalk.mentoring_id)
    query = query.where(or_(MentorTalk.mentor_waits, MentorTalk.school_waits))
    return list(session.scalars(query.order_by(MentorTalk.mentoring_id)))


def talks_of(mentoring_ids: Collection[UUID]) -> list[MentorTalk]:
    """Return what is written in mentorings, as it is in the database now."""
    query = select(MentorTalk).where(MentorTalk.mentoring_id.in_(mentoring_ids))
    fresh = query.execution_options(populate_existing=True)
    return list(session.scalars(fresh.order_by(MentorTalk.mentoring_id)))
