"""What a school said of a criterion when it last submitted."""

from dataclasses import dataclass
from datetime import datetime

from cissapp.prepare.assessment.rules.scores import ScoreFacts


@dataclass(frozen=True)
class LastAnswer:
    """What was said of a criterion in the last round, and when that was submitted."""

    facts: ScoreFacts
    submitted_at: datetime
