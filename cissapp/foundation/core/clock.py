"""The one place that determines the current time, and that calculates in calendar months."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the current time in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the current date in UTC."""
    return now().date()


def local_day(moment: datetime, zone: ZoneInfo | str) -> date:
    """Return the date of a moment in a time zone: the one on the wall calendar there."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def months_after(day: date, months: int) -> date:
    """Return the same day of the month some months later, or that month's last day if it is shorter.

    A negative number counts back.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Freeze the clock at a time: for the demo's past and for tests."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
