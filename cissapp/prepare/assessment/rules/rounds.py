"""What a school said of a criterion when it last submitted."""

from datetime import datetime

from msgspec import Struct

from cissapp.prepare.assessment.rules.scores import ScoreFacts


class LastAnswer(Struct, frozen=True):
    """What was said of a criterion in the last round, and when that was submitted."""

    facts: ScoreFacts
    submitted_at: datetime
