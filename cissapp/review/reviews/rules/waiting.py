"""What the queue shows of an application: what it waits for, since when, and its place in the order."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.people.deadlines.rules.kinds import REVIEWS, DeadlineKind
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.work import Work


class WaitingFor(StrEnum):
    """What an application waits for, as far as everyone in the group may know.

    All reviews count as one step: nobody learns that one is submitted before all of them are.
    """

    COMPLETENESS_CHECK = "sift"
    REVIEW = "review"
    DECISION = "decision"
    SCHOOL = "school"


WAITING_FOR_NAMES = {
    WaitingFor.COMPLETENESS_CHECK: N_("Completeness check"),
    WaitingFor.REVIEW: N_("Review"),
    WaitingFor.DECISION: N_("Decision"),
    WaitingFor.SCHOOL: N_("Answer from the school"),
}

WAITING_FOR_OF = {
    Phase.COMPLETENESS_CHECK: WaitingFor.COMPLETENESS_CHECK,
    Phase.REVIEW: WaitingFor.REVIEW,
    Phase.SECOND_REVIEW: WaitingFor.REVIEW,
    Phase.DECISION: WaitingFor.DECISION,
    Phase.CHANGES: WaitingFor.SCHOOL,
}

# Review work that the person can do now; deciding is listed separately, anything else waits for others.
REVIEW_WORK = frozenset(
    {Work.CHECK_COMPLETENESS, Work.START, Work.START_SECOND, Work.START_THIRD, Work.SCORE}
)


# The deadlines that run in each phase: a step that cannot begin yet has none, so it is never overdue.
CLOCKS: dict[Phase, frozenset[DeadlineKind]] = {
    Phase.COMPLETENESS_CHECK: frozenset({DeadlineKind.COMPLETENESS_CHECK}),
    Phase.REVIEW: REVIEWS,
    Phase.SECOND_REVIEW: REVIEWS,
    Phase.DECISION: frozenset({DeadlineKind.DECISION}),
    Phase.CHANGES: frozenset({DeadlineKind.CHANGES, DeadlineKind.MINOR_GAPS}),
}


class OpenDeadline(Struct, frozen=True):
    """An open deadline of an application, as far as the queue needs it."""

    kind: DeadlineKind
    due_on: date
    person_id: UUID | None


def deadline_for(
    person_id: UUID | None, open_ones: Collection[OpenDeadline]
) -> OpenDeadline | None:
    """Return the deadline to show a person: their own, else the earliest.

    A reviewer sees only their own due date: those of the other reviews would give something away.
    """
    own = [one for one in open_ones if person_id is not None and one.person_id == person_id]
    found = own or open_ones
    return min(found, key=lambda one: (one.due_on, one.kind), default=None)


class QueueKey(Struct, frozen=True, order=True):
    """The place of an application in the queue: the earliest due first, then who waits longest."""

    due_on: date
    submitted_at: datetime
    id: UUID

    def written(self) -> str:
        """Return the key as text for a URL."""
        return f"{self.due_on.isoformat()}~{self.submitted_at.isoformat()}~{self.id}"


def parse_queue_key(written: str) -> QueueKey | None:
    """Parse a key from a URL; return None if it is not one."""
    try:
        due_on, submitted_at, id_ = written.split("~")
        moment = datetime.fromisoformat(submitted_at)
        return QueueKey(date.fromisoformat(due_on), moment.astimezone(UTC), UUID(id_))
    except (ValueError, OverflowError):
        return None
