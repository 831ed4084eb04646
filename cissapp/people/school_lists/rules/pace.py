"""How long the work on a list will still take, from its speed so far."""

from datetime import datetime, timedelta

# Before this, the speed of the first rows says little: a file is opened, statements are prepared.
KNOWN_AFTER = timedelta(seconds=30)
KNOWN_ROWS = 1000
# A longer time is known less exactly: it is rounded up to whole steps.
STEPS = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(minutes=90), timedelta(minutes=5)),
    (timedelta.max, timedelta(hours=1)),
)


def seconds_left(
    rows: int, rows_done: int, paced_rows: int, paced_from: datetime | None, at: datetime
) -> float | None:
    """Return how many seconds the rest of the rows take at the speed since the stretch began, None if unknown.

    Time in which nothing was done counts, so an estimate grows while work is slow.
    """
    if paced_from is None or not rows:
        return None
    took, done = at - paced_from, rows_done - paced_rows
    if took < KNOWN_AFTER or done < KNOWN_ROWS:
        return None
    return (rows - rows_done) * (took.total_seconds() / done)


def rounded_up(seconds: float) -> timedelta | None:
    """Return a time rounded up, so that the work is rather done earlier; None for less than a minute."""
    time = timedelta(seconds=seconds)
    if time < timedelta(minutes=1):
        return None
    step = next(step for up_to, step in STEPS if time <= up_to)
    return -(-time // step) * step
