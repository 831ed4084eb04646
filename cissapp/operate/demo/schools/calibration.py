"""Calibration in the demonstration: levels that differ a little, and a newcomer with two invented files."""

from datetime import datetime, timedelta
from random import Random

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.cast import MOLDOVA
from cissapp.operate.demo.schools.people import StoryContext, newcomer
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.review.calibration import services as calibration
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.independence import services as independence
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.standard import suggest_outcome

COUNTRY = MOLDOVA.code
REASON = N_("The page that the school names says so; the application shows no more than that.")
SUMMARY = N_("Scored criterion by criterion, from what the application shows.")
# Where each person reads a criterion differently from the model, one level up or down.
OTHERWISE = (
    {"A6": 1, "B15": 1, "C2": -1},
    {"A6": -1, "B13": -1, "C2": 1, "C10": 1},
    {"A9": 1, "B15": -1, "C4": 1},
)


def add(stage: StoryContext) -> None:
    """Score the invented files for the people of a group, and assign them to a newcomer."""
    content, store = stage.issuer.content, stage.issuer.store
    at = stage.now - timedelta(days=100)
    for one, differing in zip(stage.staff[COUNTRY], OTHERWISE, strict=True):
        with unit_of_work():
            person = session.merge(one, load=False)
            copies = calibration.assign_benchmarks(
                person, content=content, store=store, by=person, at=at, dice=_dice(person)
            )
            for copy in copies:
                _assess(copy, person, differing, content=content, at=at + timedelta(days=2))
    with unit_of_work():
        made = newcomer(stage, COUNTRY)
    with unit_of_work():
        person = session.merge(made, load=False)
        coordinator = session.merge(stage.staff[COUNTRY][2], load=False)
        calibration.assign_benchmarks(
            person, content=content, store=store, by=coordinator, at=stage.now, dice=_dice(person)
        )


def _dice(person: User) -> Random:
    return Random(person.email)  # noqa: S311 -- the demo is the same each time


def _assess(
    copy: BenchmarkCopy, person: User, differing: dict[str, int], *, content: Content, at: datetime
) -> None:
    """Declare, score as the model does but for a few criteria, and recommend what follows."""
    application, standard = copy.application, content.standard
    model = content.benchmark_by_id[copy.benchmark_id].model
    independence.declare(application, grounds=[], note="", by=person, at=at)
    case = reviews.start_review(application, by=person, at=at)
    levels = {key: min(3, max(0, level + differing.get(key, 0))) for key, level in model.items()}
    reason, summary = (in_language(one, MOLDOVA.language) for one in (REASON, SUMMARY))
    judgements = [
        reviews.ScoreInput(criterion, levels[criterion.id], reason, [MECHANISM])
        for criterion in standard.criteria
    ]
    reviews.save_scores(case, judgements, standard=standard, by=person, at=at)
    reviews.submit_review(
        case,
        reviews.Recommendation(
            outcome=suggest_outcome(levels, standard.decision, standard.criteria, ()),
            level=None,
            needs=(),
            summary=summary,
        ),
        version=case.version,
        standard=standard,
        by=person,
        at=at + timedelta(hours=3),
    )
