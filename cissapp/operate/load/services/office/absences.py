"""Reviewers who are away for some weeks."""

from datetime import datetime, timedelta

from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.review.independence import services

REVIEWERS_AN_ABSENCE = 25
WEEKS = 2


def add(work: GroupWork, *, at: datetime) -> int:
    """Record absences, some of which have begun; return how many."""
    # The last ones: whoever looks at a small group signs in as the first.
    away = work.reviewers[::-REVIEWERS_AN_ABSENCE]
    for person in away:
        from_on = at.date() + timedelta(days=work.random.randint(0, 9))
        until_on = from_on + timedelta(weeks=WEEKS)
        services.enter_absence(person.id, from_on, until_on, by=work.coordinators[0], at=at)
    return len(away)
