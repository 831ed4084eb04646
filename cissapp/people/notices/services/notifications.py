"""Records notifications of people, and which of them were read."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, and_, delete, or_, update

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.notices.models import Notification
from cissapp.people.notices.rules import READ_DAYS, UNREAD_DAYS


def notify(user_id: UUID, kind: str, title: str, path: str | None, *, at: datetime) -> Notification:
    """Record for a person that something happened; it is unread until it is opened."""
    made = Notification(user_id=user_id, kind=kind, title=title, path=path, made_at=at)
    session.add(made)
    return made


def mark_read(notification: Notification, *, at: datetime) -> None:
    """Record that a person has opened a notification; the first time counts."""
    notification.read_at = notification.read_at or at
    session.flush()


def mark_all_read(person: Actor, *, at: datetime) -> None:
    """Record that a person has seen all notifications."""
    unread = Notification.user_id == person.id, Notification.read_at.is_(None)
    session.execute(update(Notification).where(*unread).values(read_at=at))


def forget_old_notifications(*, at: datetime) -> int:
    """Delete notifications that were read 90 days ago, or made a year ago; return how many."""
    read_before, made_before = at - timedelta(days=READ_DAYS), at - timedelta(days=UNREAD_DAYS)
    read = and_(Notification.read_at.is_not(None), Notification.read_at < read_before)
    old = or_(read, Notification.made_at < made_before)
    gone = session.execute(delete(Notification).where(old))
    return gone.rowcount if isinstance(gone, CursorResult) else 0
