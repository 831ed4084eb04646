"""Which criteria a decision letter names, and the next level for each."""

from collections.abc import Sequence

from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.review.reviews.rules.outcomes import SOUND
from cissapp.review.reviews.rules.standard import Scores, criteria_to_reopen, open_criteria, targets

HIGHEST = 3


def goal_of(level: int | None, decision: DecisionFile) -> int:
    """Return the level that a school works towards next, at most the highest one."""
    return min((level or 0) + 1, max(rule.level for rule in decision.levels))


def below_target(
    scores: Scores, decision: DecisionFile, criteria: Sequence[Criterion], goal: int
) -> dict[str, int]:
    """Map each criterion below target to its next level, in the order of the rubric.

    A criterion is below target if it is below level 2 or below what the goal asks of it, or if it keeps
    its part from the mean that the goal asks for.
    """
    least = targets(decision, criteria, goal)
    keeping = set(open_criteria(scores, decision, criteria, goal))
    found: dict[str, int] = {}
    for one in criteria:
        level = scores.get(one.id)
        low = level is not None and level < max(SOUND, least[one.id])
        if low or one.id in keeping:
            found[one.id] = min(HIGHEST, max(SOUND, least[one.id], (level or 0) + 1))
    return found


def next_steps(
    outcome: ApplicationOutcome,
    level: int | None,
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
) -> dict[str, int]:
    """Map each criterion that a letter names to its next level, in the order of the rubric.

    Minor gaps reopen only some criteria; a letter that named more would ask for changes nobody can make.
    """
    found = below_target(scores, decision, criteria, goal_of(level, decision))
    if outcome is not ApplicationOutcome.MINOR_GAPS:
        return found
    return {one: found[one] for one in criteria_to_reopen(outcome, scores, decision, criteria)}
