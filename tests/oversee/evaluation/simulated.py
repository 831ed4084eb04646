"""Cohorts with known parameters, and answers put into bundles as the query gives them."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from cissapp.oversee.evaluation.rules import AnswerBundle


def two_parameter(
    difficulty: Sequence[float], slope: Sequence[float], *, people: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Abilities (mean 0, deviation 1), and right (1) or wrong (0) for each person and question.

    The chance to be right is 1 / (1 + exp(-slope * (ability - difficulty))).
    """
    random = np.random.default_rng(seed)
    ability = random.normal(size=people)
    steep = np.asarray(slope) * (ability[:, None] - np.asarray(difficulty))
    right = random.random((people, len(difficulty))) < 1 / (1 + np.exp(-steep))
    return ability, right.astype(float)


def bundled(
    question_id: str,
    share: Sequence[float],
    rest: Sequence[float],
    chosen: Sequence[str],
    language: str = "en",
) -> list[AnswerBundle]:
    """Put answers that are alike together; the strong are the upper third by the rest, ties included."""
    points = np.asarray(share, dtype=float)
    others = np.asarray(rest, dtype=float)
    rank = np.searchsorted(np.sort(others), others, side="right") / len(others)
    groups = defaultdict(list)
    for number, option in enumerate(chosen):
        groups[(option, round(points[number] * 100))].append(number)
    return [
        AnswerBundle(
            question_id=question_id,
            language=language,
            chosen=(option,),
            points=worth,
            count=len(numbers),
            rest=float(others[numbers].sum()),
            rest_squares=float((others[numbers] ** 2).sum()),
            strong=int((rank[numbers] > 2 / 3).sum()),
        )
        for (option, worth), numbers in groups.items()
    ]


def drawn_rest(right: np.ndarray, question: int) -> np.ndarray:
    """Give for each person the share of right answers in all other questions."""
    return (right.sum(axis=1) - right[:, question]) / (right.shape[1] - 1)
