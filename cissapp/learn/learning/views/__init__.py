"""Pages of learning: the lessons, and the quizzes."""

from cissapp.learn.learning.views import (
    lessons,
    offline,
    papers,
    quizzes,
    reminders,
    results,
    sheets,
)
from cissapp.learn.learning.views.offline import worker
from cissapp.learn.learning.views.room import bp

__all__ = [
    "bp",
    "lessons",
    "offline",
    "papers",
    "quizzes",
    "reminders",
    "results",
    "sheets",
    "worker",
]
