"""Counts wrong proofs, so that nobody guesses on."""

from datetime import datetime

from sqlalchemy import delete

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts.models import User
from cissapp.people.factors import queries
from cissapp.people.factors.models import WrongProof
from cissapp.people.factors.rules import TOO_MANY
from cissapp.people.factors.rules.limits import WRONG_KEPT, waits_until


def one_at_a_time(user: User) -> None:
    """Lock, so that only one proof of a person is checked at a time from here on."""
    lock(f"second proof of {user.id}")


def wait_of(user: User, *, at: datetime) -> Problem | None:
    """Return why a person must wait, if they must, and lock so that proofs are checked one at a time."""
    one_at_a_time(user)
    until = waits_until(queries.wrong_proofs(user.id, at=at), at)
    return Problem("wait", TOO_MANY, {"until": until}) if until else None


def count_wrong(user: User, kind: str, *, at: datetime, step: int | None = None) -> None:
    """Record a failed proof, never what was typed; the caller must commit although the proof failed."""
    session.execute(
        delete(WrongProof).where(WrongProof.user_id == user.id, WrongProof.at <= at - WRONG_KEPT)
    )
    session.add(WrongProof(user_id=user.id, at=at, step=step))
    record(Event.SECOND_PROOF_FAILED, user, by=SYSTEM, at=at, school_id=user.school_id, kind=kind)
    session.flush()
