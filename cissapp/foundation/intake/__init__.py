"""The door for uploaded documents: accepts plain PDF, DOCX and ODT, and says in plain words why it rejects others."""

from cissapp.foundation.intake.examination import (
    draw_page,
    examine,
    examine_again,
    read_squares,
)
from cissapp.foundation.intake.names import display_name
from cissapp.foundation.intake.results import AcceptedFile, DrawnPage, ReadSquares

__all__ = [
    "AcceptedFile",
    "DrawnPage",
    "ReadSquares",
    "display_name",
    "draw_page",
    "examine",
    "examine_again",
    "read_squares",
]
