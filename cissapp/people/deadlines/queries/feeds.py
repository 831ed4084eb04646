"""Reads of the address of a person's calendar feed, and of the entries in it."""

from collections import defaultdict
from itertools import chain
from uuid import UUID

from blinker import Signal
from sqlalchemy import or_, select
from sqlalchemy.orm import lazyload

from cissapp.foundation.access.guard import has, visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.models import CalendarFeed, Deadline
from cissapp.people.deadlines.queries.deadlines import OPEN
from cissapp.people.deadlines.rules import REVIEWS, SHOWN_TO_SCHOOL, CalendarEntry

ENTRIES_MOST = 500

# Asks the rooms above for further entries of a person's calendar, in the active language.
entries_asked = Signal()


def feed_of(person: Actor) -> CalendarFeed | None:
    """Find the address that a person has made."""
    return session.get(CalendarFeed, person.id) if person.id else None


def feed_owner(token: str) -> User | None:
    """Find the owner of a feed by its token; None if unknown, closed or without the permission."""
    query = (
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == hash_of(token))
    )
    found = session.scalar(query)
    open_ = found is not None and found.is_active and has(found, Permission.CALENDAR_USE)
    return found if open_ else None


def entries_from_above(person: Actor) -> list[CalendarEntry]:
    """List the entries that rooms above add to a person's calendar, besides deadlines; 500 at most."""
    answers = [entries for _receiver, entries in entries_asked.send(person)]
    return list(chain(*answers))[:ENTRIES_MOST]


def in_calendar_of(person: Actor) -> list[Deadline]:
    """List the open deadlines for a person's calendar, the earliest first, 500 at most.

    People of a school get those the school may see, a coordinator all of the group's, a reviewer their own
    and the unassigned ones. The author of a review gets no date of another review of the same case.
    """
    query = select(Deadline).where(OPEN).options(lazyload(Deadline.changes))
    query = visible(query, Deadline, person, Permission.DEADLINE_CHANGE)
    if person.role is Role.SCHOOL_MANAGER:
        query = query.where(Deadline.kind.in_(SHOWN_TO_SCHOOL))
    elif person.role is Role.REVIEWER:
        query = query.where(or_(Deadline.person_id == person.id, Deadline.person_id.is_(None)))
    ordered = query.order_by(Deadline.due_on, Deadline.id).limit(ENTRIES_MOST)
    return _without_reviews_of_others(list(session.scalars(ordered)), person)


def _without_reviews_of_others(found: list[Deadline], person: Actor) -> list[Deadline]:
    authors: dict[UUID, set[UUID | None]] = defaultdict(set)
    for deadline in found:
        if deadline.kind in REVIEWS:
            authors[deadline.subject_id].add(deadline.person_id)
    return [
        deadline
        for deadline in found
        if deadline.kind not in REVIEWS
        or deadline.person_id == person.id
        or person.id not in authors[deadline.subject_id]
    ]
