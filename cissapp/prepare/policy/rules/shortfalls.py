"""Answers that are true and say less than level 2 asks: the clause is printed, and its element is not covered."""

from collections.abc import Mapping
from dataclasses import dataclass

from cissapp.foundation.core.errors import N_
from cissapp.prepare.policy.rules.answers import Answers, number_of


@dataclass(frozen=True)
class Shortfall:
    """An element that an answer keeps from being covered: at which question, and the sentence with its values."""

    element: str
    question: str
    message: str
    values: Mapping[str, int]


# The element, the count that must be whole, the count of all, and the sentence.
WHOLE_COUNTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "A7.signed",
        "adults_signed",
        "adults_total",
        N_("Level 2 asks that all adults have signed the code: %(some)s of %(every)s have."),
    ),
    (
        "A8.counts",
        "adults_checked",
        "adults_total",
        N_("Level 2 asks that all adults were checked: %(some)s of %(every)s were."),
    ),
)


def shortfalls(answers: Answers) -> list[Shortfall]:
    """List the elements that an answer keeps from being covered."""
    found = []
    for element, part, whole, message in WHOLE_COUNTS:
        some, every = number_of(answers.get(part)), number_of(answers.get(whole))
        if some is not None and every is not None and some < every:
            found.append(Shortfall(element, part, message, {"some": some, "every": every}))
    return found
