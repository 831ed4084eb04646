"""Messages of groups to the people of their schools: some that have gone out, and a draft."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.people.schools.models import School
from cissapp.review.messages import queries, services
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.queries import Audience
from cissapp.review.messages.rules import WrittenText

# Days ago, and of how many schools one was written to.
SENT = ((160, 1), (75, 10), (12, 4))
DRAFT_TO = 40
TEXT = WrittenText("en", "News of the programme", "The next meeting of all schools is in spring.")


def add(work: GroupWork, *, at: datetime) -> int:
    """Write messages to all schools, to some, and to few; return how many people they went to."""
    author = work.coordinators[0]
    ids = select(School.id).where(School.group_id == work.group_id, School.only_for_id.is_(None))
    school_ids = list(session.scalars(ids.order_by(School.id)))
    reached = 0
    for days, every in SENT:
        audience = queries.audience(author, school_ids[::every])
        reached += _send(work, audience, at - timedelta(days=days))
    draft = queries.audience(author, school_ids[::DRAFT_TO])
    if draft.people:
        services.write([TEXT], draft, with_steps=False, by=author, at=at)
    return reached


def _send(work: GroupWork, audience: Audience, at: datetime) -> int:
    """Store a message as sent to everybody; no mail goes out, because nobody has these addresses."""
    if not audience.people:
        return 0
    author = work.coordinators[0]
    message = services.write([TEXT], audience, with_steps=False, by=author, at=at)
    message.confirmed_at, message.queued = at, message.people
    session.flush()
    _mark_sent(message, at)
    record(
        Event.MESSAGE_SENT,
        message,
        by=author,
        at=at,
        people=len(audience.people),
        schools=audience.schools,
        languages=[TEXT.language],
    )
    return len(audience.people)


def _mark_sent(message: Message, at: datetime) -> None:
    all_of_it = update(MessageRecipient).where(MessageRecipient.message_id == message.id)
    session.execute(all_of_it.values(queued_at=at).execution_options(synchronize_session=False))
