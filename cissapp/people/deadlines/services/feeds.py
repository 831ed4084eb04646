"""Creates and removes the private address of a person's calendar."""

import secrets
from datetime import datetime
from typing import Any

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.deadlines import queries
from cissapp.people.deadlines.models import CalendarFeed


def open_feed(*, by: Actor, at: datetime) -> str:
    """Create an address for a person's calendar and return its token; an earlier address stops working."""
    if by.id is None:
        raise Missing
    token = secrets.token_urlsafe(32)
    feed = queries.feed_of(by)
    if feed is None:
        feed = CalendarFeed(user_id=by.id, token_hash=hash_of(token), made_at=at)
        session.add(feed)
    else:
        feed.token_hash, feed.made_at = hash_of(token), at
    session.flush()
    record(Event.CALENDAR_OPENED, feed, by=by, at=at, school_id=by.school_id)
    return token


def close_feed(*, by: Actor, at: datetime) -> None:
    """Remove the address of a person's calendar, if there is one."""
    feed = queries.feed_of(by)
    if feed is None:
        return
    record(Event.CALENDAR_CLOSED, feed, by=by, at=at, school_id=by.school_id)
    session.delete(feed)
    session.flush()


def end_feed_of(person: Actor, *, at: datetime, **_more: Any) -> None:
    """Remove the address of the calendar of a person whose account was closed."""
    close_feed(by=person, at=at)
