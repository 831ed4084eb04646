"""Turns the weights of other systems into ours, and says when that changes what is earned."""

import re
from collections.abc import Sequence

ALL = 100
# Moodle writes thirds and sixths with five decimals.
NEAR = 0.01


def right_options(weights: Sequence[float], *, single: bool) -> list[bool]:
    """Mark the right options: with one choice those with full weight, else those with any."""
    return [weight >= ALL - NEAR if single else weight > 0 for weight in weights]


def is_our_rule(weights: Sequence[float], *, single: bool) -> bool:
    """Check whether the weights follow our rule: all or nothing, or equal shares added and deducted."""
    if single:
        return all(weight in {0, ALL} for weight in weights)
    right = sum(weight > 0 for weight in weights)
    share = ALL / right if right else 0
    return all(abs(abs(weight) - share) < NEAR for weight in weights)


def accepted_forms(forms: Sequence[tuple[str, float]]) -> tuple[list[str], tuple[str, ...]]:
    r"""Keep the forms that earn full points and have no wildcard; list what was left out.

    In Moodle `*` matches anything, and `\*` the star itself.
    """
    kept: list[str] = []
    losses: dict[str, None] = {}
    for form, weight in forms:
        if weight <= 0:
            losses["answers that earn nothing"] = None
        elif weight < ALL - NEAR:
            losses["answers that earn some of the points"] = None
        elif "*" in form.replace("\\*", ""):
            losses["answers with * as a wildcard"] = None
        else:
            kept.append(form.replace("\\*", "*"))
    return list(dict.fromkeys(kept)), tuple(losses)


def whole_number(number: str, tolerance: str) -> str | None:
    """Parse a whole number without sign that is meant exactly; None for any other."""
    exact = re.fullmatch(r"0{0,9}(\.0{0,9})?", tolerance.strip())
    found = re.fullmatch(r"(\d{1,30})(\.0{1,9})?", number.strip(), re.ASCII)
    return found[1] if exact and found else None


def share_text(right: int) -> str:
    """Format the share of each of this many right options as Moodle does: 100, 50, 33.33333."""
    return f"{ALL / right:.5f}".rstrip("0").rstrip(".")
