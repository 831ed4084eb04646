"""Who is reminded to learn, and of what: seldom, never after a stop, and of one next task."""

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

# The first reminder comes after this time without activity, the next ones at this distance.
IDLE, AGAIN = timedelta(days=14), timedelta(days=30)
# So many in a row, while the person does nothing.
AT_MOST = 3
# An attempt that closes by itself so soon gets a reminder of its own.
CLOSING = timedelta(days=3)

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


class LastActivity(StrEnum):
    """When a person of the own school last learned, told coarsely on purpose."""

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

    An attempt that closed by itself is no activity.
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
    """How a person was reminded before: `last_at` the last time, `in_row` times without activity then."""

    stopped: bool = False
    last_at: datetime | None = None
    in_row: int = 0


class Reminder(Struct, frozen=True):
    """A reminder that is due: the one next thing, or the attempt that soon closes by itself.

    `in_row` counts the reminders without activity, this one included; that of an attempt does not count.
    """

    next: NextTask
    in_row: int
    closing: AttemptFacts | None = None

    @property
    def is_last(self) -> bool:
        """Whether none follows until the person goes on."""
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

    `is_open` says that the account is open, `is_needed` that training is still missing at the school.
    Nobody is reminded after a stop, twice on a day, or on a day of own activity.
    """
    last = last_activity(overview)
    if before.stopped or not is_open or not is_needed or last is None:
        return None
    if last.date() >= now.date() or (before.last_at and before.last_at.date() >= now.date()):
        return None
    in_row = before.in_row if before.last_at and last <= before.last_at else 0
    return _closing(overview, in_row, now) or _idle(overview, last, before.last_at, in_row, now)


def _closing(overview: LearningOverview, in_row: int, now: datetime) -> Reminder | None:
    """Find the attempt that closes first, if it does so soon and no mail said so yet.

    One with a time limit is no matter for a mail.
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
    """Remind of the one next thing, if there is one that can be done today."""
    if overview.passed == len(overview.parts) or in_row >= AT_MOST:
        return None
    distance = AGAIN if in_row else IDLE
    if now - last < IDLE or (reminded_at and now - reminded_at < distance):
        return None
    thing = next_task(overview.parts, now)
    if thing.step in {NextTaskKind.WAIT, NextTaskKind.DONE}:
        return None
    return Reminder(thing, in_row + 1)
