"""Rules of the year plan: which criteria need an action, the dates of a school year, how they combine."""

from cissapp.prepare.plan.rules.actions import (
    MOST_ACTIONS,
    TARGET_LEVEL,
    ActionFacts,
    below_target,
    day_problem,
    suggested_day,
    suggested_office,
)
from cissapp.prepare.plan.rules.dates import (
    Office,
    PlanDate,
    PlanKind,
    SchoolYear,
    done_by_half,
    put_together,
    safer_internet_day,
    standing_dates,
    with_done,
)

__all__ = [
    "MOST_ACTIONS",
    "TARGET_LEVEL",
    "ActionFacts",
    "Office",
    "PlanDate",
    "PlanKind",
    "SchoolYear",
    "below_target",
    "day_problem",
    "done_by_half",
    "put_together",
    "safer_internet_day",
    "standing_dates",
    "suggested_day",
    "suggested_office",
    "with_done",
]
