"""What a school answered in the last round that it submitted."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.assessment.rules import LastAnswer, ScoreFacts


def last_answer(school_id: UUID, criterion_id: str) -> LastAnswer | None:
    """Find what a school answered for a criterion when it last submitted; None if it never did."""
    submission = session.scalar(
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle.desc(), Submission.round.desc())
        .limit(1)
    )
    said = read_submission(submission).score(criterion_id) if submission else None
    if submission is None or said is None:
        return None
    facts = ScoreFacts(said.level, said.text, said.pages, frozenset(said.evidence), said.anchors)
    return LastAnswer(facts, submission.submitted_at)
