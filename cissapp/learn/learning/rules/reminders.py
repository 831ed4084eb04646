"""Who is reminded to learn and about what: rarely, never after opting out, and only about the next task."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.learn.learning.rules.attempts import AttemptFacts, is_timed
from cissapp.learn.learning.rules.progress import (
    LearningOverview,
    ModuleProgress,
    NextTask,
    NextTaskKind,
    next_task,
)
from cissapp.learn.learning.rules.states import HANDED_IN, AttemptState

# Inactivity before the first reminder, and the interval between the following ones.
IDLE, AGAIN = timedelta(days=14), timedelta(days=30)
# The most reminders in a row while the person stays inactive.
AT_MOST = 3
# An open attempt that expires within this time gets a reminder of its own.
CLOSING = timedelta(days=3)

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


class LastActivity(StrEnum):
    """How recently a person of the viewer's own school learned; coarse on purpose."""

    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"
    NOT_BEGUN = "not_begun"


ACTIVITY_NAMES = {
    LastActivity.WEEK: N_("Within a week"),
    LastActivity.MONTH: N_("Within a month"),
    LastActivity.LONGER: N_("Longer ago"),
    LastActivity.NOT_BEGUN: N_("Not begun"),
}


def last_activity(overview: LearningOverview) -> datetime | None:
    """Return when a person last opened or read a lesson, began an attempt, answered, or handed in.

    An attempt that expired by itself does not count as activity.
    """
    return max(_moments(overview.parts), default=None)


def _moments(parts: Iterable[ModuleProgress]) -> Iterable[datetime]:
    for part in parts:
        yield from part.opened.values()
        yield from part.read.values()
        for one in (*part.attempts, *part.short_tests):
            yield one.started_at
            if one.saved_at:
                yield one.saved_at
            if one.closed_at and one.state in HANDED_IN and one.closed_at < one.expires_at:
                yield one.closed_at


def coarse_activity(last: datetime | None, now: datetime) -> LastActivity:
    """Classify the last activity coarsely: within seven days, within thirty, longer ago, or not begun."""
    if last is None:
        return LastActivity.NOT_BEGUN
    if now - last <= WEEK:
        return LastActivity.WEEK
    return LastActivity.MONTH if now - last <= MONTH else LastActivity.LONGER


class ReminderHistory(Struct, frozen=True):
    """Earlier reminders: `last_at` is when the last one went out, `in_row` how many went out without activity."""

    stopped: bool = False
    last_at: datetime | None = None
    in_row: int = 0


class Reminder(Struct, frozen=True):
    """A reminder that is due, about the next task or about an attempt that will soon expire.

    `in_row` counts consecutive reminders without activity; one about an attempt does not count.
    """

    next: NextTask
    in_row: int
    closing: AttemptFacts | None = None

    @property
    def is_last(self) -> bool:
        """Whether this is the last reminder until the person is active again."""
        return self.closing is None and self.in_row >= AT_MOST


def due_reminder(
    overview: LearningOverview,
    before: ReminderHistory,
    now: datetime,
    *,
    is_open: bool,
    is_needed: bool,
) -> Reminder | None:
    """Return the reminder that is due for a person now, if any.

    `is_open` means that the account is active, `is_needed` that the school still lacks training. A person is
    not reminded after opting out, twice on one date, or on a date on which they were active.
    """
    last = last_activity(overview)
    if before.stopped or not is_open or not is_needed or last is None:
        return None
    if last.date() >= now.date() or (before.last_at and before.last_at.date() >= now.date()):
        return None
    in_row = before.in_row if before.last_at and last <= before.last_at else 0
    return _closing(overview, in_row, now) or _idle(overview, last, before.last_at, in_row, now)


def _closing(overview: LearningOverview, in_row: int, now: datetime) -> Reminder | None:
    """Find the first attempt to expire, if it expires soon and no mail was sent about it yet.

    Attempts with a time limit never lead to a mail.
    """
    found = [
        (one.expires_at, number, part, one)
        for number, part in enumerate(overview.parts)
        for one in part.attempts
        if one.state is AttemptState.OPEN
        and now < one.expires_at <= now + CLOSING
        and one.reminded_at is None
        and not is_timed(one.policy, one.started_at, one.expires_at)
    ]
    if not found:
        return None
    _, _, part, one = min(found, key=lambda each: each[:2])
    return Reminder(NextTask(NextTaskKind.CONTINUE_QUIZ, part), in_row, closing=one)


def _idle(
    overview: LearningOverview,
    last: datetime,
    reminded_at: datetime | None,
    in_row: int,
    now: datetime,
) -> Reminder | None:
    """Return a reminder about the next task, if there is one that can be done today."""
    if overview.passed == len(overview.parts) or in_row >= AT_MOST:
        return None
    distance = AGAIN if in_row else IDLE
    if now - last < IDLE or (reminded_at and now - reminded_at < distance):
        return None
    thing = next_task(overview.parts, now)
    if thing.step in {NextTaskKind.WAIT, NextTaskKind.DONE}:
        return None
    return Reminder(thing, in_row + 1)
