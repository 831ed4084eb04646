"""Codes that people type, which are unique in the country: of drills, posters, pages and rounds of questions."""

from collections.abc import Callable

from msgspec import Struct

from cissapp.foundation.core.unicode import CODE_LETTERS
from cissapp.prepare.awareness.rules import rounds
from cissapp.prepare.drills.rules import codes as drills
from cissapp.prepare.posters.rules import rounds as posters
from cissapp.prepare.reporting_page import rules as pages


class CodeForm(Struct, frozen=True):
    """What the codes of a kind look like."""

    alphabet: str
    length: int
    prefix: str = ""

    def draw(self, choose: Callable[[str], str]) -> str:
        """Draw a code."""
        return self.prefix + "".join(choose(self.alphabet) for _ in range(self.length))


# By the table that has them in its column `code`.
FORMS = {
    "awareness_round": CodeForm(rounds.ALPHABET, rounds.CODE_LENGTH),
    "drill": CodeForm(CODE_LETTERS, drills.CODE_LENGTH, drills.PREFIX),
    "placed_poster": CodeForm(CODE_LETTERS, posters.CODE_LENGTH),
    "reporting_page": CodeForm(pages.SIGNS, pages.LENGTH),
}
