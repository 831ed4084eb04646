"""Keeps the figures of the toolkit from day to day."""

from datetime import datetime

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures
from cissapp.review.history.queries.toolkit_use import count_toolkit_use


def keep_toolkit_use(toolkit: Toolkit, *, at: datetime) -> int:
    """Count for each large group, and for all together, and keep it; return how many these are."""
    return keep_figures(
        KeptKind.TOOLKIT,
        lambda actor: count_toolkit_use(actor, toolkit),
        at=at,
        of_all=True,
    )
