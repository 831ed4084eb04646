"""Why the number of certified schools of an area changed."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from cissapp.foundation.core.clock import months_after
from cissapp.oversee.figures.rules.columns import Column, Row
from cissapp.oversee.figures.rules.measures import ChangeReason, Why
from cissapp.oversee.figures.rules.numbers import MONTHS_BACK
from cissapp.oversee.figures.rules.tree import months_between

ENDS = (Why.EXPIRED, Why.ENDED, Why.LEFT)


def first_month_kept(day: date) -> date:
    """Return the first month whose reasons are still stored on a date."""
    return months_after(day.replace(day=1), 1 - MONTHS_BACK)


def detail_of(month: str, why: Why) -> str:
    """Return the detail under which the schools gained or lost in a month for a reason are stored."""
    return f"{month} {why.value}"


def details_between(after: date, last: date, *, kept_on: date) -> dict[str, Why]:
    """Map the details of all months after one, up to another, to their reasons; empty if some are not kept."""
    first = months_after(after, 1)
    months = months_between(first, last) if first_month_kept(kept_on) <= first <= last else []
    return {detail_of(f"{month:%Y-%m}", why): why for month in months for why in Why}


def reasons_of(
    stored: Iterable[tuple[Why, int]], row: Row, before: Row
) -> tuple[ChangeReason, ...]:
    """Return the reasons that add up to the change of the certified schools; empty if none is known.

    The public lists of all days between tell which schools came, went and moved; those of the two days do not,
    as a school may have gone and come back. How many of those that went have expired is told only where both
    days tell the expired certificates.
    """
    found: Counter[Why] = Counter()
    for why, number in stored:
        found[why] += number
    if not any(found.values()):
        return ()
    if row[Column.EXPIRED].reason or before[Column.EXPIRED].reason:
        found[Why.LOST] = sum(found.pop(why, 0) for why in ENDS)
    change = row[Column.CERTIFIED].count - before[Column.CERTIFIED].count
    found[Why.OTHER] = change - sum(found.values())
    return tuple(ChangeReason(why, found[why]) for why in Why if found[why])
