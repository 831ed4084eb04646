"""The door for uploaded documents: takes plain PDF, DOCX and ODT, and says in plain words why it refuses others."""

from cissapp.foundation.intake.examination import draw, examine, look_again
from cissapp.foundation.intake.names import display_name
from cissapp.foundation.intake.verdict import Picture, Taken

__all__ = ["Picture", "Taken", "display_name", "draw", "examine", "look_again"]
