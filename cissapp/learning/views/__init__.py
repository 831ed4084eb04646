"""Pages of learning: the lessons, and the quizzes."""

from cissapp.learning.views import lessons, quizzes
from cissapp.learning.views.room import bp

__all__ = ["bp", "lessons", "quizzes"]
