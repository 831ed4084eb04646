"""What a school answered in the last round that it submitted."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.assessment.rules import LastAnswer, ScoreFacts


def last_submission(school_id: UUID) -> Submission | None:
    """Find what a school submitted last."""
    return session.scalar(
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle.desc(), Submission.round.desc())
        .limit(1)
    )


def answers_other_version(school_id: UUID, *, version: str) -> bool:
    """Check whether a school last submitted under another version of the standard than this one."""
    query = (
        select(Submission.rubric_version)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle.desc(), Submission.round.desc())
        .limit(1)
    )
    return session.scalar(query) not in {None, version}


def last_answer(school_id: UUID, criterion_id: str) -> LastAnswer | None:
    """Find what a school answered for a criterion when it last submitted; None if it never did."""
    submission = last_submission(school_id)
    said = read_submission(submission).score(criterion_id) if submission else None
    if submission is None or said is None:
        return None
    facts = ScoreFacts(said.level, said.text, said.pages, frozenset(said.evidence), said.anchors)
    return LastAnswer(facts, submission.submitted_at)
