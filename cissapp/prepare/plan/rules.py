"""Which criteria ask for an action, and what an action must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.assessment.rules import ScoreFields

# What every certificate asks of a critical criterion, and a good part of all: the aim of a plan.
TARGET_LEVEL = 2
MOST_ACTIONS = 100


@dataclass(frozen=True)
class ActionFacts:
    """What is done, by which office, by which day."""

    what: str
    who: str
    due_on: date


def below_target(standard: Standard, scores: Mapping[str, ScoreFields]) -> list[Criterion]:
    """List the criteria that the school scored below level 2, in the order of the standard."""
    return [
        one
        for one in standard.criteria
        if (score := scores.get(one.id)) is not None
        and score.level is not None
        and score.level < TARGET_LEVEL
    ]


def day_problem(due_on: date, today: date, before: date | None = None) -> Problem | None:
    """Return what is wrong with a day; one that stays as it was may be over."""
    if due_on >= today or due_on == before:
        return None
    return Problem("due_on", N_("Choose a day from today on."))
