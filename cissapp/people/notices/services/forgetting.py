"""Deletes mails that were sent or given up long ago."""

from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select

from cissapp.foundation.core.db import session
from cissapp.people.notices.models import Mail


def old_mails(before: datetime) -> ColumnElement[bool]:
    """Return the conditions for mails that were sent or given up before a given time."""
    return or_(Mail.sent_at < before, Mail.given_up_at < before)


def count_old_mails(before: datetime) -> int:
    """Return how many mails `forget_old_mails` would delete."""
    return session.scalar(select(func.count(Mail.id)).where(old_mails(before))) or 0


def forget_old_mails(before: datetime) -> int:
    """Delete mails, with address and subject, sent or given up before a given time; return how many."""
    gone = session.execute(
        delete(Mail).where(old_mails(before)).execution_options(synchronize_session=False)
    )
    return gone.rowcount if isinstance(gone, CursorResult) else 0
