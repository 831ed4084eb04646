"""A case in the queue, and what the list of cases is narrowed to."""

from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.review.reviews.rules.waiting import OpenDeadline, QueueKey, WaitingFor
from cissapp.review.reviews.rules.work import Work

NEVER = date.max


class QueueRow(Struct, frozen=True):
    """An application in the queue; no more of it than a person may know before a declaration.

    `reviewers` are those that the person may know of; `work` is what the person does next with it; `age`
    are working days since it was submitted, `today` is the day where the school is.
    """

    id: UUID
    school: str
    region_code: str
    state: ApplicationState
    outcome: ApplicationOutcome | None
    round: int
    submitted_at: datetime
    waits: WaitingFor | None
    due: OpenDeadline | None
    has_conflict: bool | None
    reviewers: tuple[str, ...]
    work: Work
    age: int
    today: date

    @property
    def overdue(self) -> bool:
        """Whether the day is past by which the present step is due."""
        return self.due is not None and self.due.due_on < self.today

    @property
    def key(self) -> QueueKey:
        """The place in the queue."""
        return QueueKey(self.due.due_on if self.due else NEVER, self.submitted_at, self.id)


class QueueFilter(Struct, frozen=True, dict=True):
    """What the list is narrowed to, and after which place it goes on.

    Of a very long queue, `behind` names the case behind which those stand that are looked at.
    """

    state: ApplicationState | None = None
    region_code: str = ""
    overdue: bool = False
    name: str = ""
    after: QueueKey | None = None
    behind: UUID | None = None

    @property
    def narrows(self) -> bool:
        """Return whether anything is asked for: then every case is searched, the own ones too."""
        return bool(self.state or self.region_code or self.overdue or self.name)

    @cached_property
    def _reached(self) -> frozenset[str]:
        return content().regions_within(self.region_code)

    def holds(self, row: QueueRow) -> bool:
        """Return whether an application passes the filter, wherever it stands in the list."""
        return (
            (self.state is None or row.state is self.state)
            and (not self.region_code or row.region_code in self._reached)
            and (not self.overdue or row.overdue)
            and self.name.casefold() in row.school.casefold()
        )
