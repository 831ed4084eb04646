"""What a single score needs: a level or a justified "not applicable", and a reason."""

from cissapp.foundation.content.schema import NotApplicableRule
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_, Problem

REASON_LEAST = 20
EXPLANATION_LEAST = 40
FAR_APART = 2


def is_far_apart(level: int | None, own: int | None) -> bool:
    """Return whether reviewer and school differ so much that the reviewer must explain it."""
    return level is not None and own is not None and abs(level - own) >= FAR_APART


def score_problems(
    criterion: Criterion,
    level: int | None,
    reason: str,
    *,
    own: int | None,
    not_applicable_elsewhere: int,
    rule: NotApplicableRule,
) -> list[Problem]:
    """List what a score lacks; `level` None is "not applicable".

    A reason is always needed; a longer one, where school and reviewer are two levels apart.
    `not_applicable_elsewhere` counts the other criteria of the part that are not applicable.
    """
    found = (
        _not_applicable_problems(criterion, not_applicable_elsewhere, rule) if level is None else []
    )
    if is_far_apart(level, own) and len(reason) < EXPLANATION_LEAST:
        message = N_(
            "The school chose level %(own)s. Explain the difference in at least %(least)s characters."
        )
        found.append(Problem("reason", message, {"own": own, "least": EXPLANATION_LEAST}))
    elif len(reason) < REASON_LEAST:
        message = N_("Enter a reason of at least %(least)s characters. The school will read it.")
        found.append(Problem("reason", message, {"least": REASON_LEAST}))
    return found


def _not_applicable_problems(
    criterion: Criterion, elsewhere: int, rule: NotApplicableRule
) -> list[Problem]:
    if not rule.allows(criterion.key):
        message = (
            N_("A critical criterion always applies. Choose a level.")
            if criterion.critical
            else N_("This criterion applies to every school. Choose a level.")
        )
        return [Problem("level", message)]
    if elsewhere >= rule.at_most_per_part:
        message = N_("At most %(most)s criteria in a part can be not applicable. Choose a level.")
        return [Problem("level", message, {"most": rule.at_most_per_part})]
    return []
