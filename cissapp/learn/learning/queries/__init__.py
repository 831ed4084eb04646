"""Reads of lessons read, attempts and passes."""

from cissapp.learn.learning.queries.attempts import (
    asked,
    attempt,
    attempts_with,
    due_attempts,
    late_answers,
    learner,
    newest_test,
    open_attempt,
    voided,
)
from cissapp.learn.learning.queries.progress import (
    module_progress,
    overview,
    overviews,
    tries,
)
from cissapp.learn.learning.queries.reminders import (
    Candidate,
    candidates,
)
from cissapp.learn.learning.queries.schools import (
    Gap,
    Member,
    SchoolTraining,
    passed_modules,
    school_training,
    schools_in_need,
    training_left,
)

__all__ = [
    "Candidate",
    "Gap",
    "Member",
    "SchoolTraining",
    "asked",
    "attempt",
    "attempts_with",
    "candidates",
    "due_attempts",
    "late_answers",
    "learner",
    "module_progress",
    "newest_test",
    "open_attempt",
    "overview",
    "overviews",
    "passed_modules",
    "school_training",
    "schools_in_need",
    "training_left",
    "tries",
    "voided",
]
