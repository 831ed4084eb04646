"""Writes of learning: lessons read, attempts, answers, results, voided questions, preferences."""

from cissapp.learn.learning.services.answers import (
    QueuedAnswer,
    QueuedAnswerResult,
    save_answer,
    save_answers,
    save_queued_answer,
)
from cissapp.learn.learning.services.attempts import end_due_attempts, start_attempt
from cissapp.learn.learning.services.grading import hand_in, module_passed
from cissapp.learn.learning.services.lessons import mark_read, record_opened
from cissapp.learn.learning.services.preferences import (
    resume_reminders,
    set_extra_time,
    stop_reminders,
)
from cissapp.learn.learning.services.reminders import send_reminders
from cissapp.learn.learning.services.single_answers import (
    is_answerable,
    save_single_answer,
    takes_several,
)
from cissapp.learn.learning.services.voided_questions import void_question

__all__ = [
    "QueuedAnswer",
    "QueuedAnswerResult",
    "end_due_attempts",
    "hand_in",
    "is_answerable",
    "mark_read",
    "module_passed",
    "record_opened",
    "resume_reminders",
    "save_answer",
    "save_answers",
    "save_queued_answer",
    "save_single_answer",
    "send_reminders",
    "set_extra_time",
    "start_attempt",
    "stop_reminders",
    "takes_several",
    "void_question",
]
