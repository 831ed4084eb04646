"""Stores the statistics of large groups once a day."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures
from cissapp.review.followup.queries.statistics import count_statistics


def keep_statistics(content: Content, *, at: datetime) -> int:
    """Count and store the statistics of each large group; return the number of groups."""
    return keep_figures(
        KeptKind.STATISTICS,
        lambda actor: count_statistics(actor, content, now=at),
        at=at,
        of_all=False,
    )
