"""What a school answered when it last submitted."""

from datetime import datetime

from msgspec import Struct

from cissapp.prepare.assessment.rules.scores import ScoreFacts


class LastAnswer(Struct, frozen=True):
    """The answer for a criterion in the last round, and when that was submitted."""

    facts: ScoreFacts
    submitted_at: datetime
