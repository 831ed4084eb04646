"""Sessions by device: which are open, which are ended, and a notice of a new kind of device."""

from datetime import datetime

from sqlalchemy import update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.people.accounts import mails, queries
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import is_new_device
from cissapp.people.accounts.services.passwords import has_password


def end_session(found: UserSession, *, by: User, at: datetime) -> None:
    """End one of the person's own sessions at once; one that ended already stays as it is."""
    if found.closed_at is None:
        found.closed_at = at
        record(Event.SIGNED_OUT, found.user, by=by, at=at, school_id=by.school_id)
        session.flush()


def end_other_sessions(user: User, token: str, *, at: datetime) -> int:
    """End every session of the person but the one of this token; return how many."""
    found = [one for one in queries.sessions_of(user.id, at=at) if one.token_hash != hash_of(token)]
    session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.closed_at.is_(None),
            UserSession.token_hash != hash_of(token),
        )
        .values(closed_at=at)
    )
    if found:
        record(Event.SIGNED_OUT, user, by=user, at=at, school_id=user.school_id, others=len(found))
    session.flush()
    return len(found)


def tell_of_new_device(user: User, device: str, *, at: datetime) -> None:
    """Notify a person, by mail and in the application, of a kind of device that is new or long unused."""
    used = queries.devices_of(user.id)
    if is_new_device(device, used=used, joined_at=user.joined_at, at=at):
        mails.send_new_device(user, device, has_password=has_password(user), at=at)
