"""Lays out a lesson as a PDF: tagged, with embedded fonts, the answers to the questions at the end."""

from cissapp.learn.learning.papers.printed_lesson import LessonLabels, PaperSize, PrintedLesson

__all__ = ["LessonLabels", "PaperSize", "PrintedLesson", "draw_lesson"]


def draw_lesson(lesson: PrintedLesson) -> bytes:
    """Return a lesson as a PDF."""
    from cissapp.learn.learning.papers import drawing  # noqa: PLC0415 -- slow import

    return drawing.draw_lesson(lesson)
