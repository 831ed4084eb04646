"""Writes messages to many people, sends them in small batches, and stops them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.background.rules import Again, TaskKind
from cissapp.foundation.background.services import do_soon
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import is_time_over
from cissapp.foundation.core.db import lock, session, unit_of_work
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.learn.learning.mails import stop_link
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import mail_people
from cissapp.people.notices.queries import mails_are_due
from cissapp.people.notices.rules import MailText
from cissapp.people.schools.models import School
from cissapp.review.messages import queries
from cissapp.review.messages.mails import KIND, mail_of
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.queries import Audience
from cissapp.review.messages.rules import (
    AT_ONCE,
    DRAFT_DAYS,
    MessageState,
    WrittenText,
    text_problems,
)

# A batch waits for earlier mails: a password reset must not queue behind a whole message.
MAILS_FIRST = timedelta(seconds=2)
NOBODY = N_(
    "Nobody would get this message. Choose schools where someone has an account and wants reminders."
)
NOT_A_DRAFT = N_("This message has already been sent and cannot be changed.")
NOT_GOING = N_("This message is not being sent. There is nothing to stop.")


def write(
    texts: Iterable[WrittenText],
    audience: Audience,
    *,
    with_steps: bool,
    by: Actor,
    at: datetime,
) -> Message:
    """Store a message and whom it would go to, as `queries.audience` found them; raise `Refused`.

    Nothing is sent before it is confirmed.
    """
    written = list(texts)
    _require_sendable(written, audience)
    if by.id is None or by.group_id is None:
        raise Missing
    made = Message(
        group_id=by.group_id,
        author_id=by.id,
        texts=_stored(written),
        with_steps=with_steps,
        written_at=at,
    )
    session.add(made)
    _count_recipients(made, audience)
    session.flush()
    _set_recipients(made, audience)
    return made


def change(
    message: Message, texts: Iterable[WrittenText], *, with_steps: bool, by: Actor, at: datetime
) -> None:
    """Change a message that was not sent, and find its recipients again; raise `Refused`."""
    _require_draft(message)
    written = list(texts)
    audience = queries.audience(by, queries.school_ids_of(message))
    _require_sendable(written, audience)
    message.texts, message.with_steps, message.written_at = _stored(written), with_steps, at
    _count_recipients(message, audience)
    _remove_recipients(message)
    _set_recipients(message, audience)


def discard(message: Message) -> None:
    """Delete a message that was not sent; raise `Refused`."""
    _require_draft(message)
    _remove_recipients(message)
    session.delete(message)
    session.flush()


def confirm(message: Message, *, by: Actor, at: datetime) -> None:
    """Start sending a message, in batches of twenty behind the mails already waiting; raise `Refused`."""
    _require_draft(message)
    # Somebody may have been erased since it was written.
    message.people, message.schools = queries.recipients_left(message)
    if not message.people:
        raise Refused(Problem("nobody", NOBODY))
    message.confirmed_at = at
    session.flush()
    record(
        Event.MESSAGE_SENT,
        message,
        by=by,
        at=at,
        people=message.people,
        schools=message.schools,
        languages=sorted(message.texts),
    )
    do_soon(TaskKind.MESSAGE_LOT, message.id, at=at)


def stop(message: Message, *, by: Actor, at: datetime) -> int:
    """Stop a message for all who have not got it yet, and return their number; raise `Refused`."""
    lock(f"message {message.id}")
    session.refresh(message)
    if queries.progress_of(message).state is not MessageState.GOING:
        raise Refused(Problem("state", NOT_GOING))
    message.stopped_at = at
    session.flush()
    left = queries.count_waiting(message)
    record(Event.MESSAGE_STOPPED, message, by=by, at=at, kept_back=left)
    return left


def send_lot_in_background(message_id: UUID | None, at: datetime) -> Again | None:
    """Send the next batch once earlier mails have left, and ask to be run again until nobody is left."""
    if mails_are_due(at):
        return Again(MAILS_FIRST)
    with unit_of_work():
        message = session.get(Message, message_id)
        lot = send_lot(message, at=at) if message is not None else 0
    return Again() if lot else None


def send_lot(message: Message, *, at: datetime) -> int:
    """Queue the mails of the next twenty people, and return how many people these were; 0 at the end.

    Each person is marked in the transaction that queues the mail, so nobody gets a message twice, however
    often this is called. People who have left or stopped reminders meanwhile get none.
    """
    lock(f"message {message.id}")
    session.refresh(message)
    if message.confirmed_at is None or message.stopped_at is not None:
        return 0
    found = queries.waiting(message, AT_ONCE)
    if not found:  # who was erased meanwhile is not waited for
        message.people = message.queued
    unwilling = queries.who_stopped([one.user_id for one in found])
    message.queued += len(found)
    for one in found:
        one.queued_at = at
        if one.user.is_active and one.user_id not in unwilling:
            _mail(message, one, at)
    session.flush()
    return len(found)


def _mail(message: Message, recipient: MessageRecipient, at: datetime) -> None:
    school = session.get_one(School, recipient.school_id)

    def text(person: User) -> MailText:
        stop = stop_link(person)
        return mail_of(message, person, school, content(), stop=stop, today=at.date())

    mail_people([recipient.user], KIND, text, at=at, school_id=school.id)


def send_unfinished(*, at: datetime) -> int:
    """Continue interrupted messages and delete old drafts; return the number of people written to.

    Each batch is committed before the next one, so that a message can be stopped and others can write.
    """
    old = select(Message).where(
        Message.confirmed_at.is_(None), Message.written_at < at - timedelta(days=DRAFT_DAYS)
    )
    for draft in list(session.scalars(old)):
        discard(draft)
    return sum(_send_rest(message, at) for message in queries.unfinished())


def _send_rest(message: Message, at: datetime) -> int:
    count = 0
    while True:
        with unit_of_work():
            lot = send_lot(message, at=at)
        if not lot:
            return count
        count += lot
        if is_time_over():
            return count


def _require_draft(message: Message) -> None:
    """Lock a message, which another window may be sending right now; raise `Refused` if it was sent."""
    lock(f"message {message.id}")
    session.refresh(message)
    if message.confirmed_at is not None:
        raise Refused(Problem("state", NOT_A_DRAFT))


def _require_sendable(texts: list[WrittenText], audience: Audience) -> None:
    problems = text_problems(texts)
    if not audience.people:
        problems.append(Problem("nobody", NOBODY))
    if problems:
        raise Refused(*problems)


def _stored(texts: list[WrittenText]) -> dict[str, dict[str, str | int]]:
    return {
        one.language: {"subject": one.subject, "body": one.body, "place": place}
        for place, one in enumerate(texts)
        if one.subject and one.body
    }


def _count_recipients(message: Message, audience: Audience) -> None:
    message.people, message.schools = len(audience.people), audience.schools
    message.readers = dict(audience.languages)


def _set_recipients(message: Message, audience: Audience) -> None:
    rows = [
        {"message_id": message.id, "user_id": user_id, "school_id": school_id}
        for user_id, school_id in audience.people
    ]
    session.execute(insert(MessageRecipient), rows)


def _remove_recipients(message: Message) -> None:
    session.execute(delete(MessageRecipient).where(MessageRecipient.message_id == message.id))
