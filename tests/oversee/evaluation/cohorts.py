"""People who took tests and quizzes, written to the database at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.models import Attempt, AttemptQuestion, QuestionVersion
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from tests import factories as make
from tests.factories import NOW
from tests.shipped import MODULE as FIRST
from tests.shipped import questions_of

MODULE = FIRST.id
# A question with one right option, and another one; one of the wrong options.
QUESTION, OTHER = questions_of(QuestionKind.SINGLE)[:2]
SINGLE = QUESTION.id
RIGHT = QUESTION.key.key[0]
WRONG = next(one for one in QUESTION.key.options if one != RIGHT)


def module() -> Module:
    return content().module_by_id[MODULE]


def people(number: int, region: str = "MD-OR", school_id: UUID | None = None) -> list[User]:
    """So many people of a school of a region."""
    school_id = school_id or make.school(region_code=region).id
    found = [
        User(
            email=f"learner{next(make._numbers)}@school.example",
            name="Learner",
            password_hash="none",
            role=Role.SCHOOL_MANAGER,
            duty=Duty.HEAD,
            school_id=school_id,
            country_code="MD",
            language="en",
            joined_at=NOW,
        )
        for _ in range(number)
    ]
    session.add_all(found)
    session.flush()
    return found


def attempt(person: User, purpose: AttemptPurpose = AttemptPurpose.QUIZ, **values: Any) -> Attempt:
    """An attempt of five questions that was handed in."""
    closed = AttemptState.PASSED if purpose is AttemptPurpose.QUIZ else AttemptState.CLOSED
    values = {
        "user_id": person.id,
        "module_id": MODULE,
        "module_version": 1,
        "purpose": purpose,
        "language": "en",
        "policy_document": {"pass_percent": 80, "retake_after_hours": 24},
        "state": closed,
        "started_at": NOW,
        "expires_at": NOW + timedelta(days=30),
        "closed_at": NOW,
        "points": 300,
        "total": 5,
        **values,
    }
    found = Attempt(**values)
    session.add(found)
    return found


def both_tests(person: User, before: int, after: int, **values: Any) -> None:
    """Both tests of a module, with these results of 100, an hour between them."""
    attempt(person, AttemptPurpose.BEFORE, points=before * 5, **values)
    attempt(
        person, AttemptPurpose.AFTER, points=after * 5, closed_at=NOW + timedelta(hours=1), **values
    )


@dataclass(frozen=True)
class Asked:
    """A question in the version that is asked."""

    question_id: str
    version_id: UUID


def version(question: Question, **document: Any) -> Asked:
    """A kept version of a question, as it stands now, or with another document."""
    kept = QuestionVersion(
        module_id=MODULE,
        question_id=question.id,
        digest=f"{question.digest}{next(make._numbers)}",
        document={**question.document, **document},
        first_asked_at=NOW,
    )
    session.add(kept)
    session.flush()
    return Asked(question.id, kept.id)


def answered(
    found: Attempt, asked: Sequence[Asked], points: Sequence[int], chosen: Sequence[list[str]]
) -> Attempt:
    """Give an attempt its answers, and the sum of what they earned."""
    found.questions = [
        AttemptQuestion(
            position=position,
            question_id=one.question_id,
            version_id=one.version_id,
            options=["a", "b", "c"],
            chosen=options,
            saved_at=NOW,
            points=earned,
        )
        for position, (one, earned, options) in enumerate(
            zip(asked, points, chosen, strict=True), start=1
        )
    ]
    found.points, found.total = sum(points), len(asked)
    return found
