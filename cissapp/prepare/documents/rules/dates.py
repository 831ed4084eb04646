"""The dates of a piece of evidence: when it was made, what period it covers, when it expires."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from cissapp.foundation.core.errors import N_, Problem

# Days before expiry at which the school is reminded by mail; pages show it from the first one on.
REMIND_DAYS = (60, 14)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


class EvidenceDates(Struct, frozen=True):
    """The dates of a version, all optional; none of them is the date of the upload."""

    evidence_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    expires_on: date | None = None


class Expiry(StrEnum):
    """How close a piece of evidence is to its expiry."""

    SOON = "soon"
    EXPIRED = "expired"


def expiry_of(expires_on: date | None, today: date) -> Expiry | None:
    """Return whether evidence has expired or soon will; None, while it holds. On its last day it still holds."""
    if expires_on is None:
        return None
    if expires_on < today:
        return Expiry.EXPIRED
    return Expiry.SOON if expires_on <= today + timedelta(days=REMIND_DAYS[0]) else None


def due_reminder(expires_on: date, today: date, reminded: int | None) -> int | None:
    """Return the reminder that is due now, 60 or 14 days; None if it was sent or is not due.

    A missed reminder is sent late, but the later one replaces the earlier one, and none is sent after
    expiry.
    """
    left = (expires_on - today).days
    due = [days for days in REMIND_DAYS if left <= days]
    if left < 0 or not due:
        return None
    newest = min(due)
    return newest if reminded is None or newest < reminded else None


def date_problems(dates: EvidenceDates, today: date) -> list[Problem]:
    """List what is wrong with the dates of a version."""
    found = [
        Problem(name, N_("Enter a date between 1990 and 2100."))
        for name, day in asdict(dates).items()
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    if dates.evidence_on and dates.evidence_on > today:
        found.append(Problem("evidence_on", N_("This date is in the future.")))
    if dates.covers_from and dates.covers_to and dates.covers_to < dates.covers_from:
        found.append(Problem("covers_to", N_("The end date is before the start date.")))
    if dates.expires_on and dates.evidence_on and dates.expires_on < dates.evidence_on:
        found.append(Problem("expires_on", N_("It would expire before it was made.")))
    return found
