"""The door for uploaded documents: takes plain PDF, DOCX and ODT, and says in plain words why it refuses others."""

from cissapp.evidence.intake.examination import examine
from cissapp.evidence.intake.names import display_name
from cissapp.evidence.intake.verdict import Taken

__all__ = ["Taken", "display_name", "examine"]
