"""Deletes what has ended: sessions, links for a new password; empties old invitations."""

from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, case, delete, func, or_, select, update

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import Invitation, PasswordReset, UserSession


def ended_sessions(before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Match sessions that ended, or were last used, before a given time, and password links of that age."""
    sessions = or_(UserSession.closed_at < before, UserSession.seen_at < before)
    return sessions, PasswordReset.expires_at < before


def count_ended_sessions(before: datetime) -> int:
    """Return how many rows `forget_ended_sessions` would delete."""
    sessions, resets = ended_sessions(before)
    return sum(
        session.scalar(select(func.count()).select_from(kind).where(old)) or 0
        for kind, old in ((UserSession, sessions), (PasswordReset, resets))
    )


def forget_ended_sessions(before: datetime) -> int:
    """Delete sessions ended or last used before a given time, and links of that age; return how many."""
    sessions, resets = ended_sessions(before)
    gone = [
        session.execute(delete(kind).where(old).execution_options(synchronize_session=False))
        for kind, old in ((UserSession, sessions), (PasswordReset, resets))
    ]
    return sum(one.rowcount for one in gone if isinstance(one, CursorResult))


def old_invitations(before: datetime) -> ColumnElement[bool]:
    """Match invitations that ended before a given time and still name somebody, or still wait."""
    ended_at = func.coalesce(Invitation.accepted_at, Invitation.revoked_at, Invitation.expires_at)
    return ((Invitation.email != "") | _unanswered()) & (ended_at < before)


def _unanswered() -> ColumnElement[bool]:
    return Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)


def count_old_invitations(before: datetime) -> int:
    """Return how many invitations `empty_old_invitations` would empty."""
    query = select(func.count(Invitation.id)).where(old_invitations(before))
    return session.scalar(query) or 0


def empty_old_invitations(before: datetime) -> int:
    """Remove name and address from invitations that ended before a given time; return how many.

    One that nobody answered is withdrawn as well: without an address it cannot be sent again.
    """
    ends = case((_unanswered(), Invitation.expires_at), else_=Invitation.revoked_at)
    done = session.execute(
        update(Invitation)
        .where(old_invitations(before))
        .values(email="", name="", revoked_at=ends)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0
