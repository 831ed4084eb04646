"""Stores the figures of the toolkit once a day."""

from datetime import datetime

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures
from cissapp.review.history.queries.toolkit_use import count_toolkit_use


def keep_toolkit_use(toolkit: Toolkit, *, at: datetime) -> int:
    """Count and store the use for each large group and for all together; return the number of results."""
    return keep_figures(
        KeptKind.TOOLKIT,
        lambda actor: count_toolkit_use(actor, toolkit),
        at=at,
        of_all=True,
    )
