"""Words and rules of learning: states, draws, grading, trying, progress, receipts."""

from cissapp.learn.learning.rules.attempts import AttemptFacts, is_due, is_pass, start_problem
from cissapp.learn.learning.rules.progress import (
    QUIZ_MINUTES,
    LearningOverview,
    ModuleProgress,
    NextTask,
    NextTaskKind,
    next_task,
    text_language,
)
from cissapp.learn.learning.rules.states import (
    EXTRA_TIME_NAMES,
    HANDED_IN,
    MODULE_STATE_NAMES,
    AttemptPurpose,
    AttemptState,
    ExtraTime,
    LateReason,
    ModuleState,
)

__all__ = [
    "EXTRA_TIME_NAMES",
    "HANDED_IN",
    "MODULE_STATE_NAMES",
    "QUIZ_MINUTES",
    "AttemptFacts",
    "AttemptPurpose",
    "AttemptState",
    "ExtraTime",
    "LateReason",
    "LearningOverview",
    "ModuleProgress",
    "ModuleState",
    "NextTask",
    "NextTaskKind",
    "is_due",
    "is_pass",
    "next_task",
    "start_problem",
    "text_language",
]
