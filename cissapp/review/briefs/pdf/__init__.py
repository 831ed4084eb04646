"""Draws the one page as a PDF of exactly one A4 page."""

from cissapp.review.briefs.pdf.drawing import Printed, draw

__all__ = ["Printed", "draw"]
