"""Checks decisions and letters against the audit trail."""

import hashlib
from collections.abc import Iterator
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from cissapp.foundation.audit.queries import BATCH, faults, recorded
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session
from cissapp.review.reviews.models import Decision, Letter


def altered_records() -> Iterator[str]:
    """List each decision and letter that differs from the audit trail."""
    return chain(_decisions(), _letters())


def _decisions() -> Iterator[str]:
    query = select(Decision).options(lazyload("*")).order_by(Decision.id)
    rows = (
        (
            one.id,
            one.decided_at,
            {"round": one.round, "outcome": one.outcome.value, "level": one.level},
        )
        for one in session.scalars(query).yield_per(BATCH)
    )
    return faults("decision", rows, recorded(Event.DECISION_TAKEN))


def _letters() -> Iterator[str]:
    query = select(Letter.id, Letter.written_at, Letter.content).order_by(Letter.id)
    rows = (
        (key, at, {"sha256": hashlib.sha256(content.encode()).hexdigest()})
        for key, at, content in session.execute(query).yield_per(BATCH)
    )
    return faults("letter", rows, recorded(Event.LETTER_WRITTEN))
