"""Writes of mentoring: messages, what the school shows, meetings."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.models import Document
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import mails, queries
from cissapp.review.mentoring.models import (
    MentorMeeting,
    MentorMeetingDate,
    MentorMessage,
    MentorShare,
    MentorTalk,
)
from cissapp.review.mentoring.rules import (
    MeetingKind,
    MentorSide,
    Shared,
    agreement_problems,
    ended_problems,
    may_notify,
    proposal_problems,
    wait_after_message,
)
from cissapp.review.visits.rules import date_problems


def write_message(mentoring: Mentoring, text: str, *, by: Actor, at: datetime) -> MentorMessage:
    """Add a message; from now on the other side is waited for, and it is notified by mail."""
    side, person_id = _acting(mentoring, by)
    _require_lasting(mentoring)
    message = MentorMessage(
        mentoring_id=mentoring.id, side=side, author_id=person_id, text=text, written_at=at
    )
    session.add(message)
    talk = _talk(mentoring)
    wait = wait_after_message(talk.wait, side, at)
    talk.waits_for, talk.waits_since = wait.side, wait.since
    session.flush()
    _record(Event.MENTOR_MESSAGE_WRITTEN, mentoring, by=by, at=at)
    _notify_other(talk, mentoring, side, at=at)
    return message


def need_no_answer(mentoring: Mentoring, *, by: Actor, at: datetime) -> None:
    """Record that the last message needs no answer, so that nobody is waited for any more."""
    _acting(mentoring, by)
    talk = _talk(mentoring)
    if talk.waits_for is not None:
        talk.waits_for = talk.waits_since = None
        _record(Event.MENTOR_TALK_SETTLED, mentoring, by=by, at=at)


def remove_message(
    mentoring: Mentoring, message: MentorMessage, *, by: Actor, at: datetime
) -> None:
    """Remove the text of a message that holds what must not be here; the fact that it existed stays."""
    _side, person_id = _acting(mentoring, by)
    if message.text is not None:
        message.text, message.removed_at, message.removed_by_id = None, at, person_id
        _record(Event.MENTOR_MESSAGE_REMOVED, mentoring, by=by, at=at)


def _acting(mentoring: Mentoring, by: Actor) -> tuple[MentorSide, UUID]:
    """Lock a mentoring and return the person's side and id; raise `Missing` for everyone else."""
    side = queries.side_of(mentoring, by)
    if by.id is None:
        raise Missing
    lock(f"mentoring:{mentoring.id}")
    session.refresh(mentoring, ["to_on"])
    return side, by.id


def _require_lasting(mentoring: Mentoring) -> None:
    found = ended_problems(lasts=mentoring.lasts)
    if found:
        raise Refused(*found)


def _talk(mentoring: Mentoring) -> MentorTalk:
    found = queries.talk_of(mentoring.id)
    if found is None:
        found = MentorTalk(mentoring_id=mentoring.id, mentor_waits=False, school_waits=False)
        session.add(found)
        session.flush()
    else:
        session.refresh(found)
    return found


def _record(
    event: Event, mentoring: Mentoring, *, by: Actor, at: datetime, **facts: object
) -> None:
    session.flush()
    record(event, mentoring, by=by, at=at, school_id=mentoring.school_id, **facts)
    session.flush()


# --- mails -------------------------------------------------------------------------------------


def _notify_other(
    talk: MentorTalk, mentoring: Mentoring, side: MentorSide, *, at: datetime
) -> None:
    """Notify the other side at once, or by the daily run if it was notified within the last hour."""
    if side is MentorSide.MENTOR:
        talk.school_waits = True
        if may_notify(talk.told_school_at, at):
            _notify(talk, mentoring, MentorSide.SCHOOL, at=at)
    else:
        talk.mentor_waits = True
        if may_notify(talk.told_mentor_at, at):
            _notify(talk, mentoring, MentorSide.MENTOR, at=at)
    session.flush()


def _notify(talk: MentorTalk, mentoring: Mentoring, side: MentorSide, *, at: datetime) -> int:
    if side is MentorSide.SCHOOL:
        talk.school_waits, talk.told_school_at = False, at
        return mails.tell_school(mentoring, at=at)
    talk.mentor_waits, talk.told_mentor_at = False, at
    # Once the mentoring has ended its page is closed to the mentor.
    return mails.tell_mentor(mentoring, at=at) if mentoring.lasts else 0


def notify_waiting(*, at: datetime) -> int:
    """Notify each side of what came during its quiet hour, batch by batch; return the number of mails."""

    def notify(mentoring_ids: Sequence[UUID]) -> int:
        count = 0
        for talk in queries.talks_of(mentoring_ids):
            if talk.school_waits:
                count += _notify(talk, talk.mentoring, MentorSide.SCHOOL, at=at)
            if talk.mentor_waits:
                count += _notify(talk, talk.mentoring, MentorSide.MENTOR, at=at)
        return count

    return each_kept(batches_of(queries.talks_to_notify()), notify)


# --- what the school shows ---------------------------------------------------------------------


def show_to_mentor(mentoring: Mentoring, wanted: Shared, *, by: Actor, at: datetime) -> None:
    """Let the mentor see exactly these parts of the application and documents of the school."""
    side, person_id = _acting(mentoring, by)
    if side is not MentorSide.SCHOOL:
        raise Missing
    _require_lasting(mentoring)
    if not wanted.documents <= {one.id for one in documents.documents(mentoring.school_id)}:
        raise Missing
    rows = queries.shares_of(mentoring.id)
    for row in rows:
        if row.part not in wanted.parts and row.document_id not in wanted.documents:
            session.delete(row)
    new_parts = wanted.parts - {row.part for row in rows}
    new_documents = wanted.documents - {row.document_id for row in rows}
    for part, document_id in (
        *((part, None) for part in sorted(new_parts)),
        *((None, document_id) for document_id in sorted(new_documents)),
    ):
        session.add(
            MentorShare(
                mentoring_id=mentoring.id,
                part=part,
                document_id=document_id,
                shared_at=at,
                shared_by_id=person_id,
            )
        )
    _record(
        Event.MENTOR_SHARES_CHANGED,
        mentoring,
        by=by,
        at=at,
        parts=sorted(wanted.parts),
        documents=sorted(str(one) for one in wanted.documents),
    )


def forget_document(document: Document) -> None:
    """Forget that a document was shown to mentors, because it is removed with its last version."""
    for row in queries.shares_of_document(document):
        session.delete(row)
    session.flush()


# --- meetings ----------------------------------------------------------------------------------


def propose_meeting(
    mentoring: Mentoring,
    kind: MeetingKind,
    dates: Collection[datetime],
    *,
    by: Actor,
    at: datetime,
) -> MentorMeeting:
    """Propose a meeting with one to three dates, from either side."""
    side, person_id = _acting(mentoring, by)
    _require_lasting(mentoring)
    open_meetings = queries.meetings_of(mentoring.id, at)
    found = [*date_problems(dates, at=at), *proposal_problems(len(open_meetings))]
    if found:
        raise Refused(*found)
    meeting = MentorMeeting(
        mentoring_id=mentoring.id,
        mentoring=mentoring,
        kind=kind,
        proposed_by=side,
        proposed_at=at,
        proposed_by_id=person_id,
        dates=[MentorMeetingDate(starts_at=one) for one in sorted(dates)],
    )
    session.add(meeting)
    _record(Event.MENTOR_MEETING_PROPOSED, mentoring, by=by, at=at, kind=kind.value)
    _notify_other(_talk(mentoring), mentoring, side, at=at)
    return meeting


def agree_on_meeting(
    mentoring: Mentoring, meeting: MentorMeeting, date_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Choose a date that the other side proposed; both sides get it by mail."""
    side, person_id = _acting(mentoring, by)
    session.refresh(meeting)
    starts_at = queries.proposed_date(meeting, date_id)
    found = [
        *ended_problems(lasts=mentoring.lasts),
        *agreement_problems(
            proposed_by=meeting.proposed_by,
            by=side,
            starts_at=starts_at,
            is_open=meeting.is_open,
            at=at,
        ),
    ]
    if found:
        raise Refused(*found)
    meeting.starts_at, meeting.agreed_at, meeting.agreed_by_id = starts_at, at, person_id
    _record(Event.MENTOR_MEETING_AGREED, mentoring, by=by, at=at, starts_at=starts_at.isoformat())
    mails.tell_agreed(meeting, at=at)


def cancel_meeting(
    mentoring: Mentoring, meeting: MentorMeeting, *, by: Actor, at: datetime
) -> None:
    """Cancel a meeting from either side; the other is notified by mail at once, even in its quiet hour."""
    side, person_id = _acting(mentoring, by)
    session.refresh(meeting)
    if meeting.cancelled_at is None:
        meeting.cancelled_at, meeting.cancelled_by_id = at, person_id
        _record(Event.MENTOR_MEETING_CANCELLED, mentoring, by=by, at=at)
        mails.tell_cancelled(meeting, side, at=at)
