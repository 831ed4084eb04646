"""The decision rule of the standard, over plain scores."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from cissapp.foundation.content import figures
from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules import ApplicationOutcome

# Level by criterion; None is "not applicable". A criterion that is not in it was not scored.
Scores = Mapping[str, int | None]

# The need of levels 2 and 3 that nobody can tick: it requires the signed record of a visit or interview.
VISIT_NEED = "visit_or_video_interview"

# The most open criteria that still count as few.
FEW = 6


def targets(decision: DecisionFile, criteria: Sequence[Criterion], level: int) -> dict[str, int]:
    """Return the lowest level that each criterion needs for a certificate level; 0 is the document gate."""
    return {criterion.id: _target(decision, criterion, level) for criterion in criteria}


def _target(decision: DecisionFile, criterion: Criterion, level: int) -> int:
    gate = decision.documents
    asked = [int(criterion.part in gate.no_zero_in)]
    if criterion.critical and criterion.part in gate.critical_parts:
        asked.append(gate.critical_at_least)
    for rule in decision.levels:
        if rule.level <= level:
            asked += [rule.at_least.get(criterion.id, 0), rule.no_criterion_below]
            asked.append(int(criterion.part in rule.no_zero_in))
            if criterion.critical and criterion.part in rule.critical_parts:
                asked.append(rule.critical_at_least)
    return max(asked)


def least_means(decision: DecisionFile, level: int) -> dict[str, float]:
    """Return the lowest mean that each part needs for a certificate level; 0 is the document gate."""
    least = dict(decision.documents.mean_at_least)
    for rule in decision.levels:
        if rule.level <= level:
            for part, mean in rule.mean_at_least.items():
                least[part] = max(mean, least.get(part, 0.0))
    return least


def needs(decision: DecisionFile, level: int) -> list[str]:
    """List what a level needs besides scores, the levels below it included."""
    return [need for rule in decision.levels if rule.level <= level for need in rule.needs]


def needs_attested(decision: DecisionFile, recommended: int | None) -> list[str]:
    """List what a reviewer confirmed by recommending a level: nothing, if no level was recommended."""
    return needs(decision, recommended or 0)


def mean(scores: Scores, criteria: Iterable[Criterion]) -> Fraction | None:
    """Return the exact mean level of the criteria that apply; None, if none does."""
    return figures.mean([level for one in criteria if (level := scores.get(one.id)) is not None])


def module_levels(scores: Scores, criteria: Sequence[Criterion]) -> dict[str, float]:
    """Return the mean level of each module's criteria, to two places; a module without any is left out."""
    modules = dict.fromkeys(criterion.key.module for criterion in criteria)
    means = {one: mean(scores, [c for c in criteria if c.key.module == one]) for one in modules}
    return rounded_means(means)


def rounded_means(means: Mapping[str, Fraction | None]) -> dict[str, float]:
    """Round means to two places, as they are shown and certified; leave out those that are None."""
    return {key: float(figures.rounded(value)) for key, value in means.items() if value is not None}


# --- what a level asks -----------------------------------------------------------------------


def obstacles_to_level(
    level: int,
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
    *,
    needs_met: Collection[str],
) -> list[Problem]:
    """List what keeps the school from a level: criteria, means, and what else the level needs."""
    least = targets(decision, criteria, level)
    found = [
        *not_applicable_problems(scores, decision, criteria),
        *[one for c in criteria for one in _below(c, scores, least[c.id])],
        *_explicit_but_not_applicable(level, scores, decision),
        *_mean_problems(scores, least_means(decision, level), criteria),
        *[
            Problem(f"need:{need}", N_("This has to be confirmed: %(need)s."), {"need": need})
            for need in needs(decision, level)
            if need not in needs_met
        ],
    ]
    return list({one.code: one for one in reversed(found)}.values())[::-1]


def _below(criterion: Criterion, scores: Scores, least: int) -> list[Problem]:
    if criterion.id not in scores:
        message = N_("%(criterion)s is not scored.")
        return [Problem(f"criterion:{criterion.id}", message, {"criterion": criterion.id})]
    level = scores[criterion.id]
    if level is None or level >= least:
        return []
    message = N_("%(criterion)s is at level %(level)s and needs to be at least %(least)s.")
    values = {"criterion": criterion.id, "level": level, "least": least}
    return [Problem(f"criterion:{criterion.id}", message, values)]


def _explicit_but_not_applicable(
    level: int, scores: Scores, decision: DecisionFile
) -> list[Problem]:
    """List the criteria that a level names by id and that are "not applicable"."""
    named = dict.fromkeys(
        one for rule in decision.levels if rule.level <= level for one in rule.at_least
    )
    message = N_("%(criterion)s is “not applicable”, but this level needs it.")
    return [
        Problem(f"criterion:{one}", message, {"criterion": one})
        for one in named
        if one in scores and scores[one] is None
    ]


def _mean_problems(
    scores: Scores, least: Mapping[str, float], criteria: Sequence[Criterion]
) -> list[Problem]:
    values = {part: mean(scores, [one for one in criteria if one.part == part]) for part in least}
    return [
        _low_mean(part, value, asked)
        for part, asked in sorted(least.items())
        if (value := values[part] or Fraction()) < figures.exact(asked)
    ]


def _low_mean(part: str, value: Fraction, asked: float) -> Problem:
    """Return the problem of a mean that is too low; without figures if rounding would hide the gap."""
    shown, wanted = figures.rounded(value), figures.rounded(asked)
    message = (
        N_("The mean of part %(part)s is %(mean)s and needs to be at least %(least)s.")
        if shown < wanted
        else N_("The mean of part %(part)s is just below %(least)s, and needs to be at least that.")
    )
    return Problem(f"mean:{part}", message, {"part": part, "mean": shown, "least": wanted})


def not_applicable_problems(
    scores: Scores, decision: DecisionFile, criteria: Sequence[Criterion]
) -> list[Problem]:
    """List where "not applicable" is not allowed: on criteria that always apply, or too often in a part."""
    rule = decision.not_applicable
    left_out = [one for one in criteria if scores.get(one.id, 0) is None]
    found = [_always_applies(one) for one in left_out if not rule.allows(one.key)]
    message = N_("More than %(most)s criteria in part %(part)s are “not applicable”.")
    for part in dict.fromkeys(one.part for one in left_out):
        if sum(one.part == part for one in left_out) > rule.at_most_per_part:
            values = {"part": part, "most": rule.at_most_per_part}
            found.append(Problem(f"not_applicable:{part}", message, values))
    return found


def _always_applies(criterion: Criterion) -> Problem:
    message = (
        N_("%(criterion)s is critical and always applies.")
        if criterion.critical
        else N_("%(criterion)s applies to every school.")
    )
    return Problem(f"criterion:{criterion.id}", message, {"criterion": criterion.id})


# --- the result ------------------------------------------------------------------------------


def level_reached(
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
    needs_met: Collection[str],
) -> int | None:
    """Return the highest level that scores and confirmed needs reach; None if they reach none.

    Each level includes the requirements of the level below it. The training gate is not part of this,
    since it is not a score.
    """
    reached = None
    for rule in sorted(decision.levels, key=lambda one: one.level):
        if obstacles_to_level(rule.level, scores, decision, criteria, needs_met=needs_met):
            break
        reached = rule.level
    return reached


def open_criteria(
    scores: Scores, decision: DecisionFile, criteria: Sequence[Criterion], level: int = 1
) -> list[str]:
    """List, in the order of the rubric, every criterion that keeps the school from a level.

    If the mean of a part is too low, that includes every criterion of the part below the required mean; if
    "not applicable" was chosen too often in a part, every criterion for which it was chosen.
    """
    problems = obstacles_to_level(
        level, scores, decision, criteria, needs_met=needs(decision, level)
    )
    codes = {one.code for one in problems}
    least = least_means(decision, level)

    def keeps(one: Criterion) -> bool:
        value = scores.get(one.id)
        low = value is not None and value < least.get(one.part, 0.0)
        return (
            f"criterion:{one.id}" in codes
            or (low and f"mean:{one.part}" in codes)
            or (value is None and f"not_applicable:{one.part}" in codes)
        )

    return [one.id for one in criteria if keeps(one)]


def criteria_to_reopen(
    outcome: ApplicationOutcome,
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
) -> list[str]:
    """List the criteria that an outcome reopens one by one: for minor gaps, those in the way of level 1.

    The application reopens exactly these; the page before the decision and the letter name exactly these.
    """
    return (
        open_criteria(scores, decision, criteria)
        if outcome is ApplicationOutcome.MINOR_GAPS
        else []
    )


def suggest_outcome(
    scores: Scores,
    decision: DecisionFile,
    criteria: Sequence[Criterion],
    needs_met: Collection[str],
) -> ApplicationOutcome:
    """Suggest an outcome: certified if a level is reached, else minor or major gaps.

    Gaps are minor if no critical criterion of parts A and B is at 0 and at most six criteria are open. This
    line between minor and major gaps is our proposal: the standard does not draw it, and the decider may
    judge otherwise, with reasons.
    """
    if level_reached(scores, decision, criteria, needs_met) is not None:
        return ApplicationOutcome.CERTIFIED
    gate = decision.documents.critical_parts
    grave = any(scores.get(one.id) == 0 for one in criteria if one.critical and one.part in gate)
    few = len(open_criteria(scores, decision, criteria)) <= FEW
    return ApplicationOutcome.MINOR_GAPS if few and not grave else ApplicationOutcome.MAJOR_GAPS
