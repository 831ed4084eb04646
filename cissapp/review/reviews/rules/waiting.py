"""What the queue says of an application: where it waits, since when, and in which order."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.work import Work


class WaitingFor(StrEnum):
    """For what an application waits, as everyone of the group may know it.

    The reviews stand as one: whether another one is submitted is not told before all of them are.
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

# What a person can do at once; everything else is another person's turn.
REVIEW_WORK = frozenset(
    {Work.CHECK_COMPLETENESS, Work.START, Work.START_SECOND, Work.START_THIRD, Work.SCORE}
)


_REVIEWS = frozenset({DeadlineKind.REVIEW, DeadlineKind.SECOND_REVIEW})

# Whose clock runs in a phase: what cannot be done yet has none, so it is never called late.
CLOCKS: dict[Phase, frozenset[DeadlineKind]] = {
    Phase.COMPLETENESS_CHECK: frozenset({DeadlineKind.COMPLETENESS_CHECK}),
    Phase.REVIEW: _REVIEWS,
    Phase.SECOND_REVIEW: _REVIEWS,
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
    """Return the deadline that a person is shown: the own one, else the earliest.

    Who writes a review is shown the own day only: the days of the other reviews would tell about them.
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
        """Write the place into an address."""
        return f"{self.due_on.isoformat()}~{self.submitted_at.isoformat()}~{self.id}"


def parse_queue_key(written: str) -> QueueKey | None:
    """Read a place from an address; None, if it is none."""
    try:
        due_on, submitted_at, id_ = written.split("~")
        moment = datetime.fromisoformat(submitted_at)
        return QueueKey(date.fromisoformat(due_on), moment.astimezone(UTC), UUID(id_))
    except (ValueError, OverflowError):
        return None
