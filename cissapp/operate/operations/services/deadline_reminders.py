"""Reminds people of deadlines, using what other rooms know about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cissapp.foundation.content.values import Content
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.review.appeals.queries import panels_of
from cissapp.review.reviews.queries.remaining import criteria_left


def remind_of_deadlines(content: Content, *, at: datetime) -> int:
    """Send the reminders that are due, committing each batch separately; return the number of deadlines."""

    def left(of_reviews: Sequence[Deadline]) -> dict[UUID, int]:
        return criteria_left(of_reviews, content)

    return deadlines.remind(
        at=at,
        left_of={DeadlineKind.REVIEW: left, DeadlineKind.SECOND_REVIEW: left},
        people_of={DeadlineKind.APPEAL: _panels},
    )


def _panels(of_appeals: Sequence[Deadline]) -> dict[UUID, list[User]]:
    found = panels_of([one.subject_id for one in of_appeals])
    return {one.id: found.get(one.subject_id, []) for one in of_appeals}
