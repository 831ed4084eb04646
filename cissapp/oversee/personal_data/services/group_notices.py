"""Notifies national groups of marked documents: one mail a night for all their schools together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import session
from cissapp.oversee.personal_data import mails
from cissapp.oversee.personal_data.models import RetentionMark
from cissapp.oversee.personal_data.queries import marks
from cissapp.people.accounts import queries as people
from cissapp.people.schools.models import School


def tell_groups(*, at: datetime) -> int:
    """Notify the coordinators of each group whose schools have new marks; return how many mails.

    Marks are recorded as notified in the transaction that queues the mails, so a failure skips nobody.
    """

    def tell(ids: Sequence[UUID]) -> int:
        return sum(_tell(group_id, at=at) for group_id in ids)

    return each_kept(batches_of(marks.groups_to_tell(), 1), tell)


def _tell(group_id: UUID, *, at: datetime) -> int:
    of_group = select(School.id).where(School.group_id == group_id)
    newly_told = session.execute(
        update(RetentionMark)
        .where(*marks.UNTOLD, RetentionMark.school_id.in_(of_group))
        .values(group_told_at=at)
        .returning(RetentionMark.school_id, RetentionMark.due_at)
        .execution_options(synchronize_session=False)
    ).all()
    if not newly_told:
        return 0
    return mails.tell_group(
        people.coordinators_of_group(group_id),
        number=len({row.school_id for row in newly_told}),
        first_due_at=min(row.due_at for row in newly_told),
        at=at,
    )
