"""Compares this machine's clock with what the installation has recorded: a wrong year would delete for good."""

from collections.abc import Iterator
from datetime import datetime

from cissapp.foundation.audit import queries as audit
from cissapp.foundation.core.installation.run_records import DAILY, last_run
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.rules import ClockFault, Finding, State, clock_fault


def fault(at: datetime) -> ClockFault | None:
    """Return why this moment is unlikely to be the right time, or None."""
    try:
        run = last_run(files(), DAILY)
    except OSError:
        run = None  # the trail alone is enough
    ended_at = run.ended_at if run else None
    return clock_fault(
        at,
        last_run=ended_at,
        newest_line=audit.newest_moment(),
        lines=audit.ends_of_days(ended_at, at),
    )


def machine_clock(at: datetime) -> Iterator[Finding]:
    """Report a clock that contradicts the audit trail or the last day's work."""
    found = fault(at)
    if found is not None:
        yield Finding("clock", State.WRONG, found.said, found.mend)
