"""The door for uploaded documents: takes plain PDF, DOCX and ODT, and says in plain words why it refuses others."""

from cissapp.evidence.intake.examination import Taken, examine
from cissapp.evidence.intake.names import display_name

__all__ = ["Taken", "display_name", "examine"]
