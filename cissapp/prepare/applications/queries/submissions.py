"""Reads of submissions, and of what the group answered to them."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import (
    Application,
    CompletenessCheck,
    ReviewQuestion,
    Submission,
)
from cissapp.prepare.applications.rules import ApplicationCourse


class SubmittedRound(Struct, frozen=True):
    """A round: when it was submitted, and the hash of its content."""

    round: int
    submitted_at: datetime
    sha256: str


def submission(application: Application, round_: int) -> Submission | None:
    """Find the submission of a round."""
    return session.scalar(
        select(Submission).where(
            Submission.application_id == application.id, Submission.round == round_
        )
    )


def submissions(application: Application) -> list[SubmittedRound]:
    """List the rounds of an application, the newest first, without the texts."""
    rows = session.execute(
        select(Submission.round, Submission.submitted_at, Submission.sha256)
        .where(Submission.application_id == application.id)
        .order_by(Submission.round.desc())
    )
    return [SubmittedRound(*row) for row in rows]


def completeness_checks(application: Application) -> dict[int, CompletenessCheck]:
    """Return the completeness checks of an application by round."""
    query = select(CompletenessCheck).where(CompletenessCheck.application_id == application.id)
    return {one.round: one for one in session.scalars(query)}


def question(application: Application) -> ReviewQuestion | None:
    """Find what the reviewer asked the school."""
    return session.scalar(
        select(ReviewQuestion).where(ReviewQuestion.application_id == application.id)
    )


def course(application: Application, most_rounds: int) -> ApplicationCourse:
    """Gather what has happened in an application, for the state machine.

    A round needs a completeness check if it is the first, or if the check sent the previous round back.
    """
    found = completeness_checks(application)
    own, before = found.get(application.round), found.get(application.round - 1)
    needs_check = application.round == 1 or (before is not None and not before.passed)
    return ApplicationCourse(
        completeness_checked=own is not None if needs_check else True,
        returned=any(not one.passed for one in found.values()),
        question_asked=question(application) is not None,
        rounds_left=most_rounds - application.round,
    )


def remarks(application: Application) -> dict[str, str]:
    """Return the group's remarks on the round that came back, from its completeness check or a question."""
    sift = completeness_checks(application).get(application.round)
    if sift is not None and not sift.passed:
        return {str(key): str(text) for key, text in sift.remarks.items()}
    asked = question(application)
    if asked is not None and asked.round == application.round:
        return {str(key): str(text) for key, text in asked.texts.items()}
    return {}
