"""Which reviews an application needs: the first, perhaps an independent second, perhaps a third."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.review.reviews.rules.standard import Scores, level_reached, needs

BITS = 64


class ReviewPlace(StrEnum):
    """The position of a review among those of its round."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


PLACES = tuple(ReviewPlace)


def wanted_places(count: int) -> tuple[ReviewPlace, ...]:
    """Return the places of the first `count` reviews."""
    return PLACES[:count]


def is_drawn(application_id: UUID, decision: DecisionFile) -> bool:
    """Return whether an application is in the random sample for a second review.

    The draw depends on the id, which nobody chooses, and on the public seed of the decision rule, so
    nobody can influence it and anybody can repeat it.
    """
    rule = decision.second_review
    digest = hashlib.sha256(f"{rule.seed}:{application_id}".encode()).digest()
    share: int = rule.percent << BITS
    return int.from_bytes(digest[: BITS // 8]) * 100 < share


def aims_high(own: Scores, decision: DecisionFile, criteria: Sequence[Criterion]) -> bool:
    """Return whether the school's own scores reach the level from which a second review is required."""
    least = decision.second_review.from_level
    reached = level_reached(own, decision, criteria, needs(decision, least))
    return (reached or 0) >= least


def recommends_high(level: int | None, decision: DecisionFile) -> bool:
    """Return whether a recommended level needs a second review."""
    return (level or 0) >= decision.second_review.from_level


def levels_differ(
    criterion: Criterion, one: int | None, other: int | None, decision: DecisionFile
) -> bool:
    """Return whether two levels differ so much that a third person has to look at the criterion.

    They do if they are two or more levels apart, or if only one of them is enough for a critical criterion.
    "Not applicable" against a level is not such a difference: the level counts.
    """
    if one is None or other is None:
        return False
    rule = decision.difference
    if abs(one - other) >= rule.levels:
        return True
    least = rule.critical_at_least
    return criterion.critical and (one >= least) != (other >= least)


def differences(
    first: Scores, second: Scores, decision: DecisionFile, criteria: Sequence[Criterion]
) -> list[str]:
    """List, in the order of the rubric, where two reviews differ too much."""
    return [
        one.id
        for one in criteria
        if one.id in first
        and one.id in second
        and levels_differ(one, first[one.id], second[one.id], decision)
    ]


def combined_level(levels: Sequence[int | None]) -> int | None:
    """Combine the levels of one criterion: the lower of two, the middle one of three.

    "Not applicable" gives way to a level, unless two of three reviews chose it.
    """
    given = sorted(level for level in levels if level is not None)
    if not given or len(levels) - len(given) > len(levels) / 2:
        return None
    return given[(len(given) - 1) // 2]


def combine_scores(reviews: Mapping[ReviewPlace, Scores]) -> dict[str, int | None]:
    """Combine the scores of all reviews of a round, criterion by criterion."""
    names = dict.fromkeys(one for place in PLACES for one in reviews.get(place, {}))
    return {
        name: combined_level(
            [reviews[place][name] for place in PLACES if name in reviews.get(place, {})]
        )
        for name in names
    }
