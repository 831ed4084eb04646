"""What a person may recommend or decide, and what pages show of the decision rule. Pure."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.reviews.rules.standard import (
    Scores,
    level_reached,
    mean,
    module_levels,
    needs,
    obstacles_to_level,
    open_criteria,
    rounded_means,
    suggest_outcome,
)

# The lowest level whose sentence describes how things should be.
SOUND = 2


def unscored(scores: Scores, criteria: Sequence[Criterion]) -> list[str]:
    """List the criteria that are not scored yet."""
    return [one.id for one in criteria if one.id not in scores]


def outcome_problems(
    outcome: ApplicationOutcome,
    level: int | None,
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
    *,
    needs_met: Collection[str],
) -> list[Problem]:
    """List what rules out an outcome: a level above the one reached, or minor gaps where there are none.

    A level below the one reached is allowed, and so are major gaps: the reasons explain why.
    """
    if outcome is ApplicationOutcome.CERTIFIED:
        if level is None:
            return [Problem("level", N_("Choose the certificate level."))]
        return obstacles_to_level(level, scores, decision, criteria, needs_met=needs_met)
    if outcome is ApplicationOutcome.MINOR_GAPS and not open_criteria(scores, decision, criteria):
        return [Problem("outcome", N_("The scores reach level 1. There are no gaps to close."))]
    return []


class RuleResult(Struct, frozen=True):
    """The result of applying the decision rule to scores.

    `level` is reached by scores alone; `possible` is reached if everything else is confirmed.
    `keeps` lists what keeps the school from the level above `possible`, apart from the needs.
    """

    level: int | None
    possible: int | None
    suggested: ApplicationOutcome
    keeps: list[Problem]
    open_criteria: list[str]
    means: dict[str, float]
    modules: dict[str, float]


def rule_result(
    scores: Scores, decision: DecisionFile, criteria: Sequence[Criterion]
) -> RuleResult:
    """Apply the decision rule to scores."""
    everything = needs(decision, max(rule.level for rule in decision.levels))
    level = level_reached(scores, decision, criteria, ())
    possible = level_reached(scores, decision, criteria, everything)
    above = (possible or 0) + 1
    parts = dict.fromkeys(one.part for one in criteria)
    means = {part: mean(scores, [one for one in criteria if one.part == part]) for part in parts}
    return RuleResult(
        level=level,
        possible=possible,
        suggested=suggest_outcome(scores, decision, criteria, ()),
        keeps=obstacles_to_level(above, scores, decision, criteria, needs_met=everything)
        if above in {rule.level for rule in decision.levels}
        else [],
        open_criteria=open_criteria(scores, decision, criteria),
        means=rounded_means(means),
        modules=module_levels(scores, criteria),
    )


class RuleProposal(Struct, frozen=True):
    """What the decision rule proposes, needs included: outcome, level, and what the next level lacks."""

    outcome: ApplicationOutcome
    level: int | None
    lacking: list[Problem]

    def is_followed(self, outcome: ApplicationOutcome, level: int | None) -> bool:
        """Return whether a decision is what the rule gives."""
        return (outcome, level) == (self.outcome, self.level)


def rule_proposal(
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
    needs_met: Collection[str],
) -> RuleProposal:
    """Propose an outcome and a level from scores and what the reviewers confirmed."""
    level = level_reached(scores, decision, criteria, needs_met)
    above = (level or 0) + 1
    return RuleProposal(
        suggest_outcome(scores, decision, criteria, needs_met),
        level,
        obstacles_to_level(above, scores, decision, criteria, needs_met=needs_met)
        if above in {rule.level for rule in decision.levels}
        else [],
    )


DEPARTURE_LEAST = 20


def departure_problems(
    proposal: RuleProposal, outcome: ApplicationOutcome, level: int | None, reason: str
) -> list[Problem]:
    """List what a decision that departs from the rule lacks: a sufficient reason."""
    if proposal.is_followed(outcome, level) or len(reason) >= DEPARTURE_LEAST:
        return []
    message = N_(
        "This is not what the rule gives. Explain why in at least %(least)s characters. The school does not read this."
    )
    return [Problem("departure", message, {"least": DEPARTURE_LEAST})]
