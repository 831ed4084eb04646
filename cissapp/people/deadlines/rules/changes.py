"""Who may move a deadline, and how far."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.deadlines.rules.kinds import FIXED, WAITS_FOR_SCHOOL, DeadlineKind

REASON_LEAST, REASON_MOST = 10, 1000
LATEST_DAYS = 730


class DeadlineSide(StrEnum):
    """Who moved a deadline."""

    SCHOOL = "school"
    GROUP = "group"


class ChangeRequest(Struct, frozen=True):
    """A request for a new date, with the facts of its deadline.

    `opened_on`, `first_due_on` and `due_on` are dates of the deadline, `today` is the date of the request,
    and `prolonged` says whether the school has already used its one extension.
    """

    kind: DeadlineKind
    side: DeadlineSide
    opened_on: date
    first_due_on: date
    due_on: date
    today: date
    prolonged: bool
    wanted_on: date


def latest_for_school(opened_on: date, first_due_on: date, due_on: date) -> date:
    """Compute the latest date to which a school may extend: it may add as many days as it first had."""
    return due_on + max(first_due_on - opened_on, timedelta(days=1))


def latest_for_group(today: date) -> date:
    """Compute the latest date the group may choose: two years ahead, so that a mistyped year is caught."""
    return today + timedelta(days=LATEST_DAYS)


def change_problems(request: ChangeRequest) -> list[Problem]:
    """List what prevents a deadline from being moved to the requested date.

    The group may choose any date from today on; the school may extend one of its own deadlines once.
    """
    return reasons_against_moving(request) or _of_day(request) or _of_school(request)


def reasons_against_moving(request: ChangeRequest) -> list[Problem]:
    """List what keeps a person's side from moving a deadline at all, whatever the new date."""
    return moving_barred(request.kind, request.side, prolonged=request.prolonged)


def moving_barred(kind: DeadlineKind, side: DeadlineSide, *, prolonged: bool) -> list[Problem]:
    """List what keeps a side from moving a deadline of a kind, so that no page offers what is refused."""
    if kind in FIXED:
        return [Problem("fixed", N_("This date changes with the appointment that it belongs to."))]
    if side is DeadlineSide.GROUP:
        return []
    if kind not in WAITS_FOR_SCHOOL:
        return [Problem("not_yours", N_("Only your national group can change this date."))]
    if prolonged:
        sentence = N_(
            "You have already extended this deadline once. Ask your national group for more time."
        )
        return [Problem("prolonged", sentence)]
    return []


def _of_day(request: ChangeRequest) -> list[Problem]:
    if request.wanted_on == request.due_on:
        return [Problem("due_on", N_("This is the current date. Choose another one."))]
    if request.wanted_on < request.today:
        return [Problem("due_on", N_("This date is in the past. Choose today or a later date."))]
    latest = latest_for_group(request.today)
    if request.wanted_on > latest:
        return [
            Problem("due_on", N_("Choose a date no later than %(latest)s."), {"latest": latest})
        ]
    return []


def _of_school(request: ChangeRequest) -> list[Problem]:
    latest = latest_for_school(request.opened_on, request.first_due_on, request.due_on)
    if request.side is DeadlineSide.GROUP:
        return []
    if request.wanted_on < request.due_on:
        return [Problem("due_on", N_("Choose a date after the current one."))]
    if request.wanted_on > latest:
        sentence = N_(
            "You can choose a date up to %(latest)s. If you need longer, ask your national group."
        )
        return [Problem("due_on", sentence, {"latest": latest})]
    return []
