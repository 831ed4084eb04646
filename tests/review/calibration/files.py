"""Deals and assesses invented files in tests."""

from random import Random
from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.calibration import queries, services
from cissapp.review.independence import services as independence
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import suggest_outcome
from tests import factories as make
from tests.factories import NOW, REASON


def newcomer(of: Any, **values: Any) -> User:
    """A person of a group who has assessed nothing yet."""
    values = {"group_id": of.group_id, "calibrated_at": None, **values}
    return make.user(Role.REVIEWER, **values)


def dealt(person: User, by: User, seed: int = 1, at: Any = NOW) -> list[Any]:
    """The two files of a person."""
    session.commit()  # documents are drawn outside the transaction, before the first write
    return services.assign_benchmarks(
        person, content=content(), store=files(), by=by, at=at, dice=Random(seed)
    )


def assessed(copy: Any, person: User, at: Any = NOW, **levels: int | None) -> Any:
    """A file handed in with the levels of the model, unless others are named."""
    shipped: Content = content()
    standard = shipped.standard
    given = {**shipped.benchmark_by_id[copy.benchmark_id].model, **levels}
    application = session.get(Application, copy.application_id)
    assert application
    independence.declare(application, grounds=[], note="", by=person, at=at)
    review = reviews.start_review(application, by=person, at=at)
    judgements = [
        reviews.ScoreInput(criterion, given[criterion.id], REASON, [MECHANISM])
        for criterion in standard.criteria
    ]
    reviews.save_scores(review, judgements, standard=standard, by=person, at=at)
    outcome = suggest_outcome(given, standard.decision, standard.criteria, ())
    reviews.submit_review(
        review,
        reviews.Recommendation(
            outcome=outcome,
            level=1 if outcome is ApplicationOutcome.CERTIFIED else None,
            needs=(),
            summary="Scored from what the file shows.",
        ),
        version=review.version,
        standard=standard,
        by=person,
        at=at,
    )
    return queries.copy_of(application.id)
