"""Entry point for uploaded documents: accepts plain PDF, DOCX and ODT, and explains why it rejects others."""

from cissapp.foundation.intake.examination import (
    draw_page,
    draw_pages,
    examine,
    examine_again,
    read_squares,
)
from cissapp.foundation.intake.logos import draw_logo
from cissapp.foundation.intake.names import display_name
from cissapp.foundation.intake.results import AcceptedFile, DrawnLogo, DrawnPage, ReadSquares

__all__ = [
    "AcceptedFile",
    "DrawnLogo",
    "DrawnPage",
    "ReadSquares",
    "display_name",
    "draw_logo",
    "draw_page",
    "draw_pages",
    "examine",
    "examine_again",
    "read_squares",
]
