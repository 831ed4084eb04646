"""Words and rules of learning: states, draws, grading, trying, progress, receipts."""

from cissapp.learn.learning.rules.attempts import Try, is_due, may_start, passed
from cissapp.learn.learning.rules.progress import (
    QUIZ_MINUTES,
    ModuleProgress,
    Next,
    Overview,
    Step,
    next_thing,
    spoken,
)
from cissapp.learn.learning.rules.states import (
    EXTRA_TIME_NAMES,
    HANDED_IN,
    MODULE_STATE_NAMES,
    AttemptState,
    ExtraTime,
    LateReason,
    ModuleState,
    Purpose,
)

__all__ = [
    "EXTRA_TIME_NAMES",
    "HANDED_IN",
    "MODULE_STATE_NAMES",
    "QUIZ_MINUTES",
    "AttemptState",
    "ExtraTime",
    "LateReason",
    "ModuleProgress",
    "ModuleState",
    "Next",
    "Overview",
    "Purpose",
    "Step",
    "Try",
    "is_due",
    "may_start",
    "next_thing",
    "passed",
    "spoken",
]
