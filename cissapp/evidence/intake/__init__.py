"""The door for uploaded documents: takes plain PDF, DOCX and ODT, and says in plain words why it refuses others."""

from cissapp.evidence.intake.examination import draw, examine, look_again
from cissapp.evidence.intake.names import display_name
from cissapp.evidence.intake.verdict import Picture, Taken

__all__ = ["Picture", "Taken", "display_name", "draw", "examine", "look_again"]
