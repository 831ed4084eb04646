"""Counts working days and working minutes of a country."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from cissapp.foundation.core import clock

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class DaysOfYear(NamedTuple):
    """Exceptions to the week in one year: `off` are holidays, `worked` are rest days that are worked."""

    off: frozenset[date]
    worked: frozenset[date]


class Calendar(Struct, frozen=True):
    """The working days of a country.

    `rest_days` are weekdays, with Monday as 0. `of_year` returns the days of a year that differ from the
    week, and always the same ones.
    """

    zone: ZoneInfo
    rest_days: frozenset[int]
    of_year: Callable[[int], DaysOfYear]

    def works(self, day: date) -> bool:
        """Check whether a day is a working day; a day that is worked by decree counts before anything else."""
        special = self.of_year(day.year)
        if day in special.worked:
            return True
        return day.weekday() not in self.rest_days and day not in special.off


class WorkingHours(Struct, frozen=True):
    """The working hours in local time, `end` excluded; ValueError unless they start before they end."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("working hours end after they begin, on the same day")


def local_day(moment: datetime, calendar: Calendar) -> date:
    """Return the local date in the country at a given time."""
    return clock.local_day(moment, calendar.zone)


def last_minute(day: date, calendar: Calendar) -> datetime:
    """Return the time in UTC of the last minute of a day in the country."""
    return datetime.combine(day, time(23, 59), tzinfo=calendar.zone).astimezone(UTC)


def working_days_after(start: date, days: int, calendar: Calendar) -> date:
    """Compute the date a number of working days after another, which itself is not counted.

    With 0 days this is the date itself, even if it is a rest day. Raise ValueError for a negative number.
    """
    return _step(start, days, DAY, calendar)


def working_days_before(end: date, days: int, calendar: Calendar) -> date:
    """Compute the date a number of working days before another, which itself is not counted."""
    return _step(end, days, -DAY, calendar)


def _step(start: date, days: int, step: timedelta, calendar: Calendar) -> date:
    if days < 0:
        raise ValueError("a number of days is not negative")
    on = start
    while days > 0:
        on += step
        days -= calendar.works(on)
    return on


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after `start` up to `end`, which is counted; negative if `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (start + DAY * number for number in range(1, (end - start).days + 1))
    return sum(map(calendar.works, days))


def working_minutes(start: datetime, end: datetime, hours: WorkingHours, calendar: Calendar) -> int:
    """Count the whole minutes from `start` to `end`, `end` excluded, that fall in working hours.

    Seconds are dropped from both first, so that adjacent spans add up exactly. Hours are local time in the
    country, and minutes are elapsed minutes, so the night on which the clocks change has its true length.
    Raise ValueError for a time without time zone, or if `end` is before `start`.
    """
    first, last = _minute(start), _minute(end)
    if end < start:
        raise ValueError("a span of time does not end before it begins")
    day, total = local_day(first, calendar), timedelta()
    while day <= local_day(last, calendar):
        if calendar.works(day):
            opens, closes = (_moment(day, at, calendar) for at in (hours.start, hours.end))
            total += max(min(last, closes) - max(first, opens), timedelta())
        day += DAY
    return total // MINUTE


def _minute(moment: datetime) -> datetime:
    """Return the time in UTC, cut off to the minute."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _moment(day: date, at: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, at, tzinfo=calendar.zone).astimezone(UTC)
