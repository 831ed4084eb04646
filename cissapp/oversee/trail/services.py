"""Records exports of the audit trail."""

from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.oversee.trail.rules.lines import TrailFilter


def record_export(wanted: TrailFilter, *, by: Actor, at: datetime) -> None:
    """Record that a person fetched the lines of these days as a file; never what was searched for."""
    record(
        Event.TRAIL_EXPORTED,
        ("person", by.id),
        by=by,
        at=at,
        since=wanted.since_on.isoformat(),
        until=wanted.until_on.isoformat(),
        theme=wanted.theme.value if wanted.theme else "",
    )
    session.flush()
