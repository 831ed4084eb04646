"""How many wrong proofs are allowed: a code has only six digits, so unlimited guesses would hit it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WRONG_ALLOWED = (
    (5, timedelta(minutes=5)),
    (20, timedelta(hours=1)),
    (50, timedelta(days=1)),
)
WRONG_KEPT = max(within for _count, within in WRONG_ALLOWED)


def waits_until(wrong: Sequence[datetime], at: datetime) -> datetime | None:
    """Return when the next attempt is allowed after these failures; None if it is allowed now."""
    newest_first = sorted(wrong, reverse=True)
    ends = [
        newest_first[allowed - 1] + within
        for allowed, within in WRONG_ALLOWED
        if len(newest_first) >= allowed and at - newest_first[allowed - 1] < within
    ]
    return max(ends, default=None)
