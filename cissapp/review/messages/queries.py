"""Reads of messages, and of their recipients."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page
from cissapp.learn.learning.models import Learner
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.rules import MessageState, state_of

PAGE_ROWS = 50
BATCH = 500


class Audience(Struct, frozen=True):
    """The people whom a message would reach, with their schools, and who is left out and why.

    `stopped` counts people who want no reminders; `without_people` names schools in which nobody has an
    account.
    """

    people: list[tuple[UUID, UUID]]
    languages: dict[str, int]
    schools: int
    stopped: int
    without_people: list[str]


class MessageProgress(Struct, frozen=True):
    """A message with its numbers of recipients and of their schools, and how many it has gone to."""

    message: Message
    people: int
    schools: int
    queued: int

    @property
    def state(self) -> MessageState:
        """The state of the message."""
        message = self.message
        return state_of(
            confirmed=message.confirmed_at is not None,
            stopped=message.stopped_at is not None,
            queued=self.queued,
            total=self.people,
        )


def message(message_id: UUID) -> Message | None:
    """Find a message."""
    return session.get(Message, message_id)


def audience(person: Actor, school_ids: Collection[UUID]) -> Audience:
    """Find the recipients of a message to these schools, as far as the person may write to them."""
    without: list[tuple[str, str]] = []
    people: list[tuple[UUID, UUID]] = []
    languages: dict[str, int] = {}
    stopped, known = 0, list(dict.fromkeys(school_ids))
    for start in range(0, len(known), BATCH):
        for school_id, name_key, name, user_id, language, stopped_at in session.execute(
            _people_of(person, known[start : start + BATCH])
        ):
            if user_id is None:
                without.append((name_key, name))
                continue
            if stopped_at is not None:
                stopped += 1
                continue
            people.append((user_id, school_id))
            languages[language] = languages.get(language, 0) + 1
    schools = len({school_id for _user_id, school_id in people})
    names = [name for _name_key, name in sorted(without)]
    return Audience(people, languages, schools, stopped, names)


def _people_of(person: Actor, school_ids: Collection[UUID]) -> Select[Any]:
    query: Any = (
        select(
            School.id,
            School.name_key,
            School.name,
            User.id,
            User.language,
            Learner.reminders_stopped_at,
        )
        .select_from(School)
        .outerjoin(User, (User.school_id == School.id) & User.deactivated_at.is_(None))
        .outerjoin(Learner, Learner.user_id == User.id)
        .where(School.id.in_(school_ids), REGISTERED)
        .order_by(School.name_key, School.id, *BY_NAME)
    )
    narrowed: Select[Any] = visible(query, School, person, Permission.MESSAGE_SEND)
    return narrowed


def progress_of(found: Message) -> MessageProgress:
    """Return how many recipients a message has, and to how many it has gone."""
    return MessageProgress(found, found.people, found.schools, found.queued)


def messages_page(person: Actor, place: PagePlace | None = None) -> KeyPage[MessageProgress]:
    """List the messages of a person's group, the newest first, in a constant number of statements."""
    query = visible(select(Message), Message, person, Permission.MESSAGE_SEND)
    found = newest_page(query, (Message.written_at, Message.id), place, size=PAGE_ROWS)
    return KeyPage(list(map(progress_of, found.rows)), found.earlier, found.later, found.total)


def languages_of(found: Message) -> dict[str, int]:
    """Return how many recipients of a message read which language, the most frequent first."""
    return dict(sorted(found.readers.items(), key=lambda one: (-one[1], one[0])))


def recipients_left(found: Message) -> tuple[int, int]:
    """Count the recipients of a message and their schools, without those who were erased."""
    schools = func.count(MessageRecipient.school_id.distinct())
    query = select(func.count(), schools).where(MessageRecipient.message_id == found.id)
    people, of_schools = session.execute(query).one()
    return people, of_schools


def count_waiting(found: Message) -> int:
    """Count the recipients to whom a message has not gone yet."""
    query = select(func.count()).select_from(MessageRecipient)
    own = MessageRecipient.message_id == found.id
    return session.scalar(query.where(own, MessageRecipient.queued_at.is_(None))) or 0


def first_reader(found: Message, language: str | None = None) -> User | None:
    """Find the first recipient of a message who reads a language, or any, for a preview."""
    query = (
        select(User)
        .join(MessageRecipient, MessageRecipient.user_id == User.id)
        .where(
            MessageRecipient.message_id == found.id,
            *([User.language == language] if language else []),
        )
        .order_by(MessageRecipient.user_id)
        .limit(1)
        .options(joinedload(User.school).joinedload(School.group))
    )
    return session.scalar(query)


def waiting(found: Message, count: int) -> list[MessageRecipient]:
    """List the next recipients to whom a message has not gone yet."""
    query = (
        select(MessageRecipient)
        .where(MessageRecipient.message_id == found.id, MessageRecipient.queued_at.is_(None))
        .order_by(MessageRecipient.school_id, MessageRecipient.user_id)
        .limit(count)
    )
    return list(session.scalars(query))


def who_stopped(user_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these people have stopped reminders."""
    query = select(Learner.user_id).where(
        Learner.user_id.in_(user_ids), Learner.reminders_stopped_at.is_not(None)
    )
    return set(session.scalars(query))


def school_ids_of(found: Message) -> list[UUID]:
    """List the schools of a message's recipients."""
    query = select(MessageRecipient.school_id).where(MessageRecipient.message_id == found.id)
    return list(session.scalars(query.distinct()))


def received(message_id: UUID, actor: Actor) -> MessageRecipient | None:
    """Find a message as it went to a person; None for one that did not."""
    found = session.get(MessageRecipient, (message_id, actor.id)) if actor.id else None
    return found if found and found.queued_at else None


def unfinished() -> list[Message]:
    """List the confirmed messages that have not gone to every recipient yet, the oldest first."""
    query = select(Message).where(
        Message.confirmed_at.is_not(None),
        Message.stopped_at.is_(None),
        Message.queued < Message.people,
    )
    return list(session.scalars(query.order_by(Message.confirmed_at)))
