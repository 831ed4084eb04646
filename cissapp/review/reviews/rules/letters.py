"""Which criteria a decision letter tells of, and what is next for each."""

from collections.abc import Sequence

from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.review.reviews.rules.outcomes import SOUND
from cissapp.review.reviews.rules.standard import Scores, criteria_to_reopen, open_criteria, targets

HIGHEST = 3


def goal_of(level: int | None, decision: DecisionFile) -> int:
    """Return the level that a school works towards next; at the highest it is that one."""
    return min((level or 0) + 1, max(rule.level for rule in decision.levels))


def below_target(
    scores: Scores, decision: DecisionFile, criteria: Sequence[Criterion], goal: int
) -> dict[str, int]:
    """Give, in the order of the rubric, the next level of every criterion below target.

    Below target is a criterion below level 2, one below what the goal asks of it, and one that keeps
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
    """Return, in the order of the rubric, the next level of every criterion that a letter tells of.

    Minor gaps open some criteria only; a letter that named more would ask for what nobody can change.
    """
    found = below_target(scores, decision, criteria, goal_of(level, decision))
    if outcome is not ApplicationOutcome.MINOR_GAPS:
        return found
    return {one: found[one] for one in criteria_to_reopen(outcome, scores, decision, criteria)}
