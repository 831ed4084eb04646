"""Writes of learning: lessons read, attempts, answers, results, voided questions, wishes."""

from cissapp.learn.learning.services.answers import (
    Sent,
    Taken,
    save_answer,
    save_answers,
    take_queued,
)
from cissapp.learn.learning.services.attempts import end_due, start_attempt
from cissapp.learn.learning.services.grading import hand_in, module_passed
from cissapp.learn.learning.services.lessons import mark_read, note_opened
from cissapp.learn.learning.services.preferences import (
    resume_reminders,
    set_extra_time,
    stop_reminders,
)
from cissapp.learn.learning.services.reminders import remind
from cissapp.learn.learning.services.voided_questions import void_question

__all__ = [
    "Sent",
    "Taken",
    "end_due",
    "hand_in",
    "mark_read",
    "module_passed",
    "note_opened",
    "remind",
    "resume_reminders",
    "save_answer",
    "save_answers",
    "set_extra_time",
    "start_attempt",
    "stop_reminders",
    "take_queued",
    "void_question",
]
