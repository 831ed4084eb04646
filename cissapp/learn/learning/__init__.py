"""Lessons read, quizzes taken, modules passed."""
