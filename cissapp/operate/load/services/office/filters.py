"""Filters of the list of schools that coordinators saved."""

from datetime import datetime

from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.review.followup.queries.filters import saved_filters
from cissapp.review.followup.services.filters import save_filter

FILTERS = {"Overdue": "order=due", "Next steps": "order=step"}


def add(work: GroupWork, *, at: datetime) -> int:
    """Save filters of each coordinator who has none; return how many were added."""
    new = [person for person in work.coordinators if not saved_filters(person)]
    for person in new:
        for name, query in FILTERS.items():
            save_filter(name, query, by=person, at=at)
    return len(new) * len(FILTERS)
