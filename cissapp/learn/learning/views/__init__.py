"""Pages of learning: the lessons, and the quizzes."""

from cissapp.learn.learning.views import (
    content_language,
    lessons,
    offline,
    papers,
    practice,
    quizzes,
    reminders,
    results,
    sheets,
)
from cissapp.learn.learning.views.blueprint import bp
from cissapp.learn.learning.views.offline import worker

__all__ = [
    "bp",
    "content_language",
    "lessons",
    "offline",
    "papers",
    "practice",
    "quizzes",
    "reminders",
    "results",
    "sheets",
    "worker",
]
