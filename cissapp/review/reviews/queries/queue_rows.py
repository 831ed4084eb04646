"""A row of the queue, and the filter of the list of cases."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.access.scopes import in_region
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.review.independence.rules import REVIEWING_ROLES, CaseRole
from cissapp.review.reviews.rules.waiting import OpenDeadline, QueueKey, WaitingFor
from cissapp.review.reviews.rules.work import Work

NEVER = date.max


class QueueRow(Struct, frozen=True):
    """An application in the queue, with no more than a person may know before declaring.

    `reviewers` are the names that the person may see; `work` is what the person does next with it; `age` is
    in working days since submission; `today` is the local date at the school. `role` is the role that the
    person holds in the case, or had in an earlier round.
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
    role: CaseRole | None

    @property
    def overdue(self) -> bool:
        """Whether the due date of the current step has passed."""
        return self.due is not None and self.due.due_on < self.today

    @property
    def is_own_task(self) -> bool:
        """Whether what waits for the person is the task of their own role."""
        if self.work is Work.DECIDE:
            return self.role is CaseRole.DECIDER
        return self.role in REVIEWING_ROLES

    @property
    def key(self) -> QueueKey:
        """The place in the queue."""
        return QueueKey(self.due.due_on if self.due else NEVER, self.submitted_at, self.id)


class QueueFilter(Struct, frozen=True):
    """The filter of the list, and the place after which it continues.

    In a very long queue, `behind` is the id of the case after which the cases that are read begin.
    """

    state: ApplicationState | None = None
    region_code: str = ""
    overdue: bool = False
    name: str = ""
    after: QueueKey | None = None
    behind: UUID | None = None

    @property
    def narrows(self) -> bool:
        """Return whether any filter is set; if so, every case is searched, the person's own included."""
        return bool(self.state or self.region_code or self.overdue or self.name)

    def holds(self, row: QueueRow) -> bool:
        """Return whether an application matches the filter, wherever it is in the list."""
        return (
            (self.state is None or row.state is self.state)
            and (not self.region_code or in_region(row.region_code, self.region_code))
            and (not self.overdue or row.overdue)
            and self.name.casefold() in row.school.casefold()
        )
