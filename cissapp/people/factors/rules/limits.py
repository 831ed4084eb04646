"""How often a wrong proof may be given: a code has six digits, so whoever may guess on will hit it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WRONG_ALLOWED = (
    (5, timedelta(minutes=5)),
    (20, timedelta(hours=1)),
    (50, timedelta(days=1)),
)
WRONG_KEPT = max(within for _count, within in WRONG_ALLOWED)


def waits_until(wrong: Sequence[datetime], at: datetime) -> datetime | None:
    """Return when the next try is open, after these wrong ones; None if it is open now."""
    newest_first = sorted(wrong, reverse=True)
    ends = [
        newest_first[allowed - 1] + within
        for allowed, within in WRONG_ALLOWED
        if len(newest_first) >= allowed and at - newest_first[allowed - 1] < within
    ]
    return max(ends, default=None)
