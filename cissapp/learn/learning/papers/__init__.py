"""Draws a lesson on paper: tagged, with embedded fonts, the answers to the questions at the end."""

from cissapp.learn.learning.papers.drawing import draw
from cissapp.learn.learning.papers.printed_lesson import Sheet, Size, Words

__all__ = ["Sheet", "Size", "Words", "draw"]
