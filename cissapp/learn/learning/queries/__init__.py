"""Reads of lessons read, attempts and passes."""

from cissapp.learn.learning.queries.attempts import (
    OneQuestion,
    asked_questions,
    attempt,
    count_attempts_with,
    due_attempts,
    late_answers,
    learner,
    newest_test,
    one_question,
    open_attempt,
    question_of_version,
    voided_questions,
)
from cissapp.learn.learning.queries.progress import (
    lessons_read,
    module_progress,
    overview,
    overviews,
    quiz_attempts,
)
from cissapp.learn.learning.queries.reminders import (
    ReminderCandidate,
    people_to_examine,
    reminder_candidates,
)
from cissapp.learn.learning.queries.schools import (
    MemberTraining,
    SchoolTraining,
    TrainingGap,
    gaps_of_schools,
    passed_modules,
    school_training,
    schools_in_need,
    training_left,
)

__all__ = [
    "MemberTraining",
    "OneQuestion",
    "ReminderCandidate",
    "SchoolTraining",
    "TrainingGap",
    "asked_questions",
    "attempt",
    "count_attempts_with",
    "due_attempts",
    "gaps_of_schools",
    "late_answers",
    "learner",
    "lessons_read",
    "module_progress",
    "newest_test",
    "one_question",
    "open_attempt",
    "overview",
    "overviews",
    "passed_modules",
    "people_to_examine",
    "question_of_version",
    "quiz_attempts",
    "reminder_candidates",
    "school_training",
    "schools_in_need",
    "training_left",
    "voided_questions",
]
