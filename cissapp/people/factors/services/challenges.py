"""Asks a session something that it may answer once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, delete

from cissapp.foundation.core.db import session
from cissapp.people.factors import queries
from cissapp.people.factors.models import FactorChallenge
from cissapp.people.factors.rules import ChallengePurpose

SWEPT_AFTER = timedelta(hours=1)


def ask(session_id: UUID, purpose: ChallengePurpose, content: str, *, at: datetime) -> None:
    """Store what a session is asked; an earlier question for the same purpose becomes invalid."""
    session.execute(
        delete(FactorChallenge).where(
            (FactorChallenge.asked_at < at - SWEPT_AFTER)
            | ((FactorChallenge.session_id == session_id) & (FactorChallenge.purpose == purpose))
        )
    )
    session.add(
        FactorChallenge(session_id=session_id, purpose=purpose, content=content, asked_at=at)
    )
    session.flush()


def answered(session_id: UUID, purpose: ChallengePurpose, *, at: datetime) -> str | None:
    """Remove and return what a session was asked; None if nothing was, or another answer came first."""
    found = queries.challenge(session_id, purpose, at=at)
    if found is None:
        return None
    content = found.content
    gone = session.execute(
        delete(FactorChallenge)
        .where(FactorChallenge.id == found.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(found)
    return content if isinstance(gone, CursorResult) and gone.rowcount == 1 else None
