"""How long mentoring bars a person, how long a guest may look, and who is away."""

from datetime import date, timedelta

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem

MENTORING_MONTHS = 24
GUEST_DAYS = 60
ABSENCE_DAYS = 366


def mentoring_counts(to_on: date | None, on: date) -> bool:
    """Return whether a mentoring bars the person on a date: it lasts, or ended `MENTORING_MONTHS` before at most."""
    # It has begun, or nobody could have entered it; where midnight comes early, its first day is still to come in UTC.
    return to_on is None or to_on >= mentoring_since(on)


def mentoring_since(on: date) -> date:
    """Return the earliest end date of a mentoring that still counts on a date."""
    return months_after(on, -MENTORING_MONTHS)


def period_problems(
    from_on: date, to_on: date | None, *, most_days: int | None = None
) -> list[Problem]:
    """List what is wrong with a period: it ends before it begins, or is too long."""
    if to_on is None:
        return []
    if to_on < from_on:
        return [Problem("to_on", N_("The last day is before the first one."))]
    if most_days and (to_on - from_on).days >= most_days:
        return [Problem("to_on", N_("Choose at most %(days)s days."), {"days": most_days})]
    return []


def mentoring_problems(from_on: date, to_on: date | None, today: date) -> list[Problem]:
    """List what is wrong with the dates of a mentoring, which state facts and not plans."""
    found = period_problems(from_on, to_on)
    if from_on > today:
        found.append(Problem("from_on", N_("You can only enter mentoring once it has begun.")))
    if to_on and to_on > today:
        found.append(
            Problem("to_on", N_("Leave the last day blank while the mentoring continues."))
        )
    return found


def guest_problems(ends_on: date, today: date) -> list[Problem]:
    """List what is wrong with the last day of a guest: in the past, or more than 60 days ahead."""
    if ends_on < today:
        return [Problem("ends_on", N_("Choose today or a later day."))]
    if ends_on > today + timedelta(days=GUEST_DAYS):
        message = N_("A guest can have access for at most %(days)s days.")
        return [Problem("ends_on", message, {"days": GUEST_DAYS})]
    return []
