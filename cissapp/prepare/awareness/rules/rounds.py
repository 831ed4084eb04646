"""Rules of a round: its code, its dates, how many may answer, and when its figures are shown.

Figures based on fewer than ten answers are never shown, nor is a difference of fewer than ten answers
between two showings of a round: refreshing the page must not reveal what one pupil tapped.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import normalised

# Characters that cannot be confused with others on paper, in Latin or Cyrillic.
ALPHABET = "34679ACEHJKMNPRTWXY"
CODE_LENGTH = 6
# Look-alikes from another keyboard layout, or typed in a hurry.
_TYPED_FOR = str.maketrans("АСЕНКМРТХУЗ", "ACEHKMPTXY3")

LEAST_SHOWN = 10
LEAST_EXPECTED, MOST_EXPECTED = 10, 3000
MOST_DAYS = 60
MOST_ROUNDS = 60
LABEL_MOST = 60


class RoundKind(StrEnum):
    """Whether a round takes place before or after the lessons and posters."""

    BEFORE = "before"
    AFTER = "after"


class RoundFacts(Struct, frozen=True):
    """What a school says of a round; `compared_with` is an earlier round of the school."""

    label: str
    kind: RoundKind
    expected: int
    ends_on: date
    compared_with: UUID | None = None


def clean_code(typed: str) -> str:
    """Read a code as someone typed it: case, blanks, dashes and look-alikes do not matter."""
    signs = normalised("NFKC", typed).upper().translate(_TYPED_FOR)
    return "".join(sign for sign in signs if sign.isalnum())[: 2 * CODE_LENGTH]


def written_code(code: str) -> str:
    """Write a code in two groups, as it is read out."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def round_problems(facts: RoundFacts, today: date) -> Iterator[Problem]:
    """Yield what is wrong with the facts of a round."""
    if not LEAST_EXPECTED <= facts.expected <= MOST_EXPECTED:
        message = N_("Enter a number from %(least)s to %(most)s.")
        yield Problem("expected", message, {"least": LEAST_EXPECTED, "most": MOST_EXPECTED})
    if not today <= facts.ends_on <= today + timedelta(days=MOST_DAYS):
        message = N_("Choose today or a later date, within %(most)s days.")
        yield Problem("ends_on", message, {"most": MOST_DAYS})


def most_answers(expected: int) -> int:
    """Return how many answers a round takes: a fifth more than are expected."""
    return expected * 6 // 5


def is_over(ends_on: date, ended_on: date | None, today: date) -> bool:
    """Check whether a round has ended, by its day or because the school ended it."""
    return ended_on is not None or today > ends_on


def shows_more(answers: int, shown: int, expected: int) -> bool:
    """Check whether an open round shows its new figures now.

    At least ten answers must be new, and at least ten still be expected: these are shown at the end, and
    a smaller remainder could be derived by subtraction.
    """
    return answers - shown >= LEAST_SHOWN and expected - answers >= LEAST_SHOWN


def shown_at_end(answers: int, shown: int) -> int:
    """Return how many answers the figures of an ended round are based on; 0 if none are shown.

    If fewer than ten came after the last showing, the figures stay as they were.
    """
    return answers if answers - shown >= LEAST_SHOWN else shown
