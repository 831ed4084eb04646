"""Keeps what all people answered from day to day."""

from datetime import datetime

from cissapp.oversee.evaluation.queries import all_answers, scores
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures


def keep_evaluation(*, at: datetime) -> int:
    """Count results and answers of a large programme, and keep them; return how many counts these are."""
    results = keep_figures(
        KeptKind.RESULTS, lambda _all: scores(), at=at, of_groups=False, of_all=True
    )
    answers = keep_figures(
        KeptKind.ANSWERS, lambda _all: all_answers(), at=at, of_groups=False, of_all=True
    )
    return results + answers
