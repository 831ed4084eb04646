"""Which side of a mentoring is waited for, what a school can show, and how a meeting is agreed."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem

# Each side gets at most one mail about a mentoring within this time.
QUIET = timedelta(hours=1)
MEETINGS_MOST = 5


class MentorSide(StrEnum):
    """The side of a mentoring that a person belongs to."""

    MENTOR = "mentor"
    SCHOOL = "school"

    @property
    def other(self) -> "MentorSide":
        """The other side."""
        return MentorSide.SCHOOL if self is MentorSide.MENTOR else MentorSide.MENTOR


class SharedPart(StrEnum):
    """A part of the application that a school can show its mentor; documents are shown one by one."""

    POLICY = "A"
    REPORTING = "B"
    EDUCATION = "C"
    MECHANISM = "mechanism"


SCORED_PARTS = (SharedPart.POLICY, SharedPart.REPORTING, SharedPart.EDUCATION)


class MeetingKind(StrEnum):
    """How a mentor and a school meet."""

    AT_SCHOOL = "school"
    VIDEO = "video"
    PHONE = "phone"


MEETING_KIND_NAMES = {
    MeetingKind.AT_SCHOOL: N_("At the school"),
    MeetingKind.VIDEO: N_("By video"),
    MeetingKind.PHONE: N_("By phone"),
}


class Shared(Struct, frozen=True):
    """What a school shows its mentor: parts of the application, and documents."""

    parts: frozenset[SharedPart] = frozenset()
    documents: frozenset[UUID] = frozenset()


class Wait(Struct, frozen=True):
    """Which side is waited for, and since when."""

    side: MentorSide
    since: datetime


def wait_after_message(wait: Wait | None, by: MentorSide, at: datetime) -> Wait:
    """Return the wait once a side has written: for the other, since the first unanswered message to it."""
    if wait is not None and wait.side is by.other:
        return wait
    return Wait(by.other, at)


def first_wait(waits: list[Wait], side: MentorSide) -> Wait | None:
    """Return the longest wait for a side."""
    own = [one for one in waits if one.side is side]
    return min(own, key=lambda one: one.since, default=None)


def shown_wait(waits: list[Wait], reader: MentorSide) -> Wait | None:
    """Return the wait that a side is shown: one for that side comes before one for the other."""
    return first_wait(waits, reader) or first_wait(waits, reader.other)


def may_notify(told_at: datetime | None, at: datetime) -> bool:
    """Return whether a side is notified at once, which needs an hour without a mail to it."""
    return told_at is None or at - told_at >= QUIET


def ended_problems(*, lasts: bool) -> list[Problem]:
    """List why nothing is added any more: the mentoring has ended."""
    if lasts:
        return []
    return [Problem("ended", N_("This mentoring has ended. You can still read what was written."))]


def proposal_problems(open_meetings: int) -> list[Problem]:
    """List why no further meeting may be proposed: too many are open."""
    if open_meetings < MEETINGS_MOST:
        return []
    message = N_("There are already %(most)s open meetings. Cancel one of them first.")
    return [Problem("first", message, {"most": MEETINGS_MOST})]


def agreement_problems(
    *, proposed_by: MentorSide, by: MentorSide, starts_at: datetime, is_open: bool, at: datetime
) -> list[Problem]:
    """List why a side cannot choose a date of a meeting."""
    found = []
    if not is_open:
        found.append(
            Problem(
                "agreed", N_("A date has already been agreed, or the meeting has been cancelled.")
            )
        )
    if proposed_by is by:
        found.append(
            Problem("own", N_("The other side has to choose one of the dates you proposed."))
        )
    if starts_at <= at:
        found.append(Problem("past", N_("This date has passed. Choose another one.")))
    return found
