"""Whether a certified school has enough trained people, since when not, and what is missing."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct


class SchoolMember(Struct, frozen=True):
    """A member of a school: their duty, when their account was open, and since when they are trained.

    Trained means having passed all modules; `trained_at` is None otherwise. `duty_since` is when the duty
    last changed: the one before is not known here.
    """

    duty: str
    joined_at: datetime
    left_at: datetime | None = None
    trained_at: datetime | None = None
    duty_since: datetime | None = None

    def counts(self, at: datetime) -> bool:
        """Return whether the person was there, and trained, at a given time."""
        trained = self.trained_at is not None and self.trained_at <= at
        return trained and self.is_there(at)

    def is_there(self, at: datetime) -> bool:
        """Return whether the account was open at a given time."""
        return self.joined_at <= at and (self.left_at is None or at < self.left_at)


class Quorum(Struct, frozen=True):
    """What is required: a trained person in each group of duties, and a total of trained people."""

    duties: tuple[tuple[str, ...], ...]
    trained: int


class QuorumLack(Struct, frozen=True):
    """What is missing: the groups of duties without anyone trained, and how many people besides.

    `besides` counts those who are needed when each of these duties has somebody again.
    """

    duties: tuple[tuple[str, ...], ...] = ()
    besides: int = 0

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.duties) or self.besides > 0


def quorum_lack(members: Sequence[SchoolMember], quorum: Quorum, at: datetime) -> QuorumLack:
    """Find what was missing at a given time."""
    there = [one for one in members if one.counts(at)]
    duties = tuple(group for group in quorum.duties if not any(one.duty in group for one in there))
    return QuorumLack(duties, max(0, quorum.trained - len(there) - len(duties)))


def last_change_of_duties(members: Sequence[SchoolMember], since: datetime) -> datetime:
    """Return when a duty last changed hands, or `since` if that was later.

    What was missing before cannot be told from today's duties, and is not held against the school.
    """
    return max([since, *(one.duty_since for one in members if one.duty_since)])


def quorum_lost_at(
    members: Sequence[SchoolMember], quorum: Quorum, since: datetime, at: datetime
) -> datetime | None:
    """Find since when the quorum has been missing without a break, or None if it is complete.

    Nothing before `since` counts. The time follows from what happened, not from when somebody looked, so that
    missed days change nothing.
    """
    if not quorum_lack(members, quorum, at):
        return None
    moments = {
        since,
        *(moment for one in members for moment in _turns(one) if since < moment <= at),
    }
    begin = at
    for moment in sorted(moments, reverse=True):
        if not quorum_lack(members, quorum, moment):
            break
        begin = moment
    return begin


def _turns(member: SchoolMember) -> list[datetime]:
    """List the times at which a person began or ceased to count."""
    moments = (member.joined_at, member.left_at, member.trained_at)
    return [moment for moment in moments if moment is not None]
