"""Dates in a certificate's life that call for action: anniversaries, and the days before its end."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.clock import months_after

MONTHS = 12
REMIND_BEFORE = 7


class ConfirmationWindow(Struct, frozen=True):
    """The days in which the head confirms a year, including the first and the last."""

    year: int
    opens_on: date
    closes_on: date

    @property
    def reminds_on(self) -> date:
        """The date of the reminder: a week before the last day."""
        return self.closes_on - timedelta(days=REMIND_BEFORE)


def windows(valid_from_on: date, valid_until_on: date, days: int) -> list[ConfirmationWindow]:
    """List the windows of a certificate: `days` around each anniversary before its end.

    Half of the days lie before the anniversary; it is the first of the other half.
    """
    found = []
    for year in range(1, (valid_until_on - valid_from_on).days // 365 + 2):
        on = months_after(valid_from_on, MONTHS * year)
        if on < valid_until_on:
            opens = on - timedelta(days=days // 2)
            found.append(ConfirmationWindow(year, opens, opens + timedelta(days=days - 1)))
    return found


def window_open_on(all_: Sequence[ConfirmationWindow], today: date) -> ConfirmationWindow | None:
    """Find the window that is open today."""
    return next((one for one in all_ if one.opens_on <= today <= one.closes_on), None)


def window_to_confirm(
    all_: Sequence[ConfirmationWindow], confirmed: Collection[int], today: date
) -> ConfirmationWindow | None:
    """Find the window whose year can be confirmed: the earliest that has opened and is not confirmed."""
    return next((one for one in all_ if one.opens_on <= today and one.year not in confirmed), None)


def overdue_window(
    all_: Sequence[ConfirmationWindow], confirmed: Collection[int], today: date
) -> ConfirmationWindow | None:
    """Find the earliest window that closed without a confirmation."""
    return next((one for one in all_ if one.closes_on < today and one.year not in confirmed), None)


class ConfirmationMail(StrEnum):
    """What the mail about a window says."""

    OPENED = "opened"
    REMINDED = "reminded"


def mail_due(window: ConfirmationWindow, today: date) -> ConfirmationMail | None:
    """Name the mail that is due about a window today, unless it was sent; of two only the later.

    After the last day there is none: then the national group sees it.
    """
    if not window.opens_on <= today <= window.closes_on:
        return None
    return ConfirmationMail.REMINDED if today >= window.reminds_on else ConfirmationMail.OPENED


def end_reminder_due(valid_until_on: date, remind_days: Collection[int], today: date) -> int | None:
    """Return the expiry reminder due today unless it was sent, as its number of days before the end, or None.

    If several are due, only the most urgent is sent, so that nobody gets four after days without a run. After
    the last day there is none.
    """
    left = (valid_until_on - today).days
    reached = [days for days in remind_days if left <= days]
    if left < 0 or not reached:
        return None
    return min(reached)
