"""Reads of the mail log and of bounced addresses; the text of a mail is never read here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page
from cissapp.people.notices.models import BouncedAddress, Mail, Notification
from cissapp.people.notices.rules import MailRank
from cissapp.people.schools.models import School

PAGE_ROWS = 50
NEWEST = (Mail.queued_at, Mail.id)
COUNTED_AT_MOST = 2_000
WITHOUT_TEXT = (defer(Mail.body, raiseload=True), defer(Mail.unsubscribe_url, raiseload=True))


def mails_of(school_id: UUID, place: PagePlace | None = None) -> KeyPage[Mail]:
    """List the mails that concern a school, the newest first."""
    query = select(Mail).where(Mail.school_id == school_id).options(*WITHOUT_TEXT)
    return newest_page(query, NEWEST, place, size=PAGE_ROWS)


def failed(person: Actor, place: PagePlace | None = None) -> KeyPage[Mail]:
    """List the mails that did not arrive, as far as the person may see them, the newest first."""
    query = select(Mail).where(Mail.given_up_at.is_not(None)).options(*WITHOUT_TEXT)
    seen = visible(query, Mail, person, Permission.MAIL_READ)
    return newest_page(seen, NEWEST, place, size=PAGE_ROWS)


def waiting() -> tuple[int, datetime | None]:
    """Return how many mails wait to be sent, `COUNTED_AT_MOST` at most, and since when the oldest of them does."""
    # In the order of the index of waiting mails, or SQLite reads all mails there ever were.
    count, oldest = _counted(Mail.next_try_at.asc())
    if oldest and count >= COUNTED_AT_MOST:  # one that was tried again and again is among the last
        oldest = min(oldest, _counted(Mail.next_try_at.desc())[1] or oldest)
    return count, oldest


def _counted(order: ColumnElement[datetime]) -> tuple[int, datetime | None]:
    query = select(Mail.queued_at).where(Mail.sent_at.is_(None), Mail.given_up_at.is_(None))
    found = query.order_by(order).limit(COUNTED_AT_MOST).subquery()
    count, oldest = session.execute(
        select(func.count(), func.min(found.c.queued_at)).select_from(found)
    ).one()
    return count, oldest


def mails_are_due(at: datetime) -> bool:
    """Return whether a mail waits that should have left by now, apart from those of a list, which leave last."""
    waits = (Mail.sent_at.is_(None), Mail.given_up_at.is_(None), Mail.rank < MailRank.LIST)
    query = select(Mail.id).where(*waits, Mail.next_try_at <= at)
    return session.scalar(query.limit(1)) is not None


def bounced(addresses: Iterable[str]) -> dict[str, BouncedAddress]:
    """Find which of the addresses bounce mail."""
    query = select(BouncedAddress).where(BouncedAddress.address.in_(list(addresses)))
    return {one.address: one for one in session.scalars(query)}


def schools_of(mails: Iterable[Mail]) -> dict[UUID, str]:
    """Name the schools that the mails concern."""
    ids = {one.school_id for one in mails if one.school_id}
    rows = session.execute(select(School.id, School.name).where(School.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def last_queued(kind: str) -> dict[str, datetime]:
    """Map each address that ever got a mail of a kind to the time the last one was queued."""
    rows = session.execute(
        select(Mail.to, func.max(Mail.queued_at)).where(Mail.kind == kind).group_by(Mail.to)
    )
    return {to: at for to, at in rows}  # noqa: C416 -- rows are no plain pairs to mypy


# --- notifications ---------------------------------------------------------------------------


def notification(notification_id: UUID) -> Notification | None:
    """Find a notification."""
    return session.get(Notification, notification_id)


def notifications_of(person: Actor, place: PagePlace | None = None) -> KeyPage[Notification]:
    """List the person's notifications, the newest first."""
    query = select(Notification).where(Notification.user_id == person.id)
    newest = (Notification.made_at, Notification.id)
    return newest_page(query, newest, place, size=PAGE_ROWS)


def with_unread(kind: str, user_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the people have an unread notification of a kind."""
    query = select(Notification.user_id).where(
        Notification.kind == kind,
        Notification.read_at.is_(None),
        Notification.user_id.in_(list(user_ids)),
    )
    return set(session.scalars(query))
