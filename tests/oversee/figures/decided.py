"""Decisions on schools, with the levels that their reviews gave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.review.appeals.models import Appeal, Proposal
from cissapp.review.appeals.rules import AppealOutcome, AppealState
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace

REFUSED = ApplicationOutcome.MAJOR_GAPS
Levels = Mapping[str, int | None]


def review_of(
    made: School,
    people: Sequence[User],
    at: datetime,
    levels: Levels,
    *others: Levels,
    cycle: int = 1,
) -> Decision:
    """A decision on a school, by the first of the people, with the levels of its reviews, by the others."""
    decider, *reviewers = people
    application = Application(
        id=uuid4(), school_id=made.id, cycle=cycle, round=1, state=ApplicationState.DECIDED,
        outcome=REFUSED, opened_at=at, changed_at=at,
    )  # fmt: skip
    submission = Submission(
        id=uuid4(), application_id=application.id, round=1, rubric_version="2.0", content="{}",
        sha256="0" * 64, submitted_at=at, submitted_by_id=decider.id,
    )  # fmt: skip
    reviews = [
        Review(
            id=uuid4(), application_id=application.id, submission_id=submission.id, round=1,
            place=place, assessor_id=reviewer.id, state=ReviewState.HANDED_IN, started_at=at,
            handed_in_at=at, recommendation=REFUSED,
        )
        for place, reviewer, _levels in zip(ReviewPlace, reviewers, [levels, *others], strict=False)
    ]  # fmt: skip
    decision = Decision(
        application_id=application.id, review_id=reviews[0].id, round=1,
        assessor_id=reviewers[0].id, decider_id=decider.id, outcome=REFUSED, reasons="So.",
        open_criteria=[], decided_at=at,
    )  # fmt: skip
    for row in (application, submission, *reviews, decision):
        session.add(row)
        session.flush()
    scores = [
        {
            "review_id": review.id,
            "criterion_id": key,
            "level": level,
            "not_applicable": level is None,
            "reason": "So.",
            "saved_at": at,
        }
        for review, given in zip(reviews, [levels, *others], strict=True)
        for key, level in given.items()
    ]
    session.execute(insert(Score), scores)
    return decision


def altered(decision: Decision, people: Sequence[User], at: datetime, levels: Levels) -> None:
    """What a panel set in place of the levels of a decision, after a proposal that it did not accept."""
    author = people[0]
    application = session.get_one(Application, decision.application_id)
    appeal = Appeal(
        id=uuid4(), decision_id=decision.id, application_id=application.id,
        school_id=application.school_id, criteria=[*levels], grounds="So.",
        state=AppealState.DECIDED, outcome=AppealOutcome.ALTERED, filed_at=at,
        filed_by_id=author.id, decided_at=at,
    )  # fmt: skip
    session.add(appeal)
    session.flush()
    for number, proposed in enumerate([dict.fromkeys(levels, 0), dict(levels)], start=1):
        session.add(
            Proposal(
                appeal_id=appeal.id, number=number, author_id=author.id,
                outcome=AppealOutcome.ALTERED, level=1, levels=proposed, reasons="So.",
                proposed_at=at,
            )
        )  # fmt: skip
    session.flush()
