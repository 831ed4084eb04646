"""Keeps the counts of everybody's results and answers, made once a day."""

from collections.abc import Callable
from datetime import datetime

from cissapp.foundation.core.bulk.long_work import each_kept
from cissapp.oversee.evaluation.queries import all_answers, scores
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures


def keep_evaluation(*, at: datetime) -> int:
    """Count and keep the results and answers of a large programme; return how many counts were kept.

    Each is kept separately: on SQLite, nobody could write while the second was counted.
    """
    kinds: tuple[tuple[KeptKind, Callable[[], object]], ...] = (
        (KeptKind.RESULTS, scores),
        (KeptKind.ANSWERS, all_answers),
    )

    def keep(kind: tuple[KeptKind, Callable[[], object]]) -> int:
        name, count = kind
        return keep_figures(name, lambda _all: count(), at=at, of_groups=False, of_all=True)

    return each_kept(kinds, keep)
