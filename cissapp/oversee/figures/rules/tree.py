"""Adds figures up along the tree of regions, and determines when a month ends."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time

from cissapp.foundation.core.clock import months_after
from cissapp.oversee.figures.rules.columns import Column, Counts

# Returns the regions from the top down to the given one, inclusive.
PathOf = Callable[[str], tuple[str, ...]]


def add_up(own: Mapping[str, Counts], path_of: PathOf) -> dict[str, dict[Column, int]]:
    """Return each region's figures with all below it, given those of the schools that name it directly."""
    found: dict[str, dict[Column, int]] = {}
    for code, counts in own.items():
        for above in path_of(code):
            row = found.get(above)
            if row is None:
                found[above] = dict(counts)
                continue
            for column, count in counts.items():
                row[column] += count
    return found


def end_of(month: date) -> datetime:
    """Return the start of the next month, in UTC: everything before it counts."""
    return datetime.combine(months_after(month.replace(day=1), 1), time(), UTC)


def months_between(first: date, last: date) -> list[date]:
    """List the first days of all months from one to another, both included."""
    first, last = first.replace(day=1), last.replace(day=1)
    number = (last.year - first.year) * 12 + last.month - first.month
    return [months_after(first, months) for months in range(number + 1)]


def end_of_last_quarter(day: date) -> date:
    """Return the first day of the last month of the quarter before the one that a date is in."""
    begun = date(day.year, day.month - (day.month - 1) % 3, 1)
    return months_after(begun, -1)


def median_of(histogram: Mapping[int, int]) -> int | None:
    """Return the median of a histogram, the lower one for an even number of values."""
    total, passed = sum(histogram.values()), 0
    for value, number in sorted(histogram.items()):
        passed += number
        if passed * 2 >= total:
            return value
    return None


def merged(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Add histograms up."""
    found: dict[int, int] = {}
    for histogram in histograms:
        for value, number in histogram.items():
            found[value] = found.get(value, 0) + number
    return found
