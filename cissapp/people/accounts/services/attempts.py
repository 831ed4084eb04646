"""Counts tries in the database: they are kept across restarts, and shared by all processes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import TooManyAttempts
from cissapp.foundation.core.installation import secret_keys
from cissapp.people.accounts.models import AttemptCount
from cissapp.people.accounts.rules import AttemptLimit


def key_of(limit: AttemptLimit, of: str) -> str:
    """Return the key under which an account, address or place is counted; it does not reveal which."""
    return secret_keys.keyed_digest(f"tries {limit.kind}", of)


def count_attempt(limit: AttemptLimit, of: str, *, at: datetime) -> int:
    """Count an attempt, and return how many count; simultaneous attempts each get a different number."""
    kinds: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
    insert = kinds[session.get_bind().dialect.name]
    over = AttemptCount.ends_at <= at
    ends_at = at + limit.within
    still = ends_at if limit.slides else AttemptCount.ends_at
    statement = (
        insert(AttemptCount)
        .values(key=key_of(limit, of), count=1, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=[AttemptCount.key],
            set_={
                "count": case((over, 1), else_=AttemptCount.count + 1),
                "ends_at": case((over, ends_at), else_=still),
            },
        )
        .returning(AttemptCount.count)
    )
    return int(session.execute(statement).scalar_one())


def reached_limits(
    counted: Mapping[AttemptLimit, str], *, at: datetime
) -> dict[AttemptLimit, datetime]:
    """Return the limits that are reached, each with the time of the next possible attempt; one query."""
    limits = {key_of(limit, of): limit for limit, of in counted.items()}
    rows = session.execute(
        select(AttemptCount.key, AttemptCount.count, AttemptCount.ends_at).where(
            AttemptCount.key.in_(limits), AttemptCount.ends_at > at
        )
    )
    return {limits[key]: ends_at for key, count, ends_at in rows if count >= limits[key].most}


def count_or_refuse(limit: AttemptLimit, of: str, *, at: datetime) -> None:
    """Count an attempt before its answer is known, or raise `TooManyAttempts` beyond the limit.

    In a transaction of its own, which a refusal does not undo: of many attempts at once, no more than the
    limit allows are answered.
    """
    release_transaction()
    with unit_of_work():
        tries = count_attempt(limit, of, at=at)
        until = reached_limits({limit: of}, at=at).get(limit)
    if until and tries > limit.most:
        raise TooManyAttempts(until)


def forget_attempts(limit: AttemptLimit, of: str) -> None:
    """Reset a count to zero."""
    session.execute(delete(AttemptCount).where(AttemptCount.key == key_of(limit, of)))


def forget_old_counts(*, at: datetime) -> int:
    """Delete counts whose time is over; return how many."""
    gone = session.execute(delete(AttemptCount).where(AttemptCount.ends_at <= at))
    return gone.rowcount if isinstance(gone, CursorResult) else 0
