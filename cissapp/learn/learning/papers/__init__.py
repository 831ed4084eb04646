"""Draws a lesson on paper: tagged, with embedded fonts, the answers to the questions at the end."""

from cissapp.learn.learning.papers.drawing import draw_lesson
from cissapp.learn.learning.papers.printed_lesson import LessonLabels, PaperSize, PrintedLesson

__all__ = ["LessonLabels", "PaperSize", "PrintedLesson", "draw_lesson"]
