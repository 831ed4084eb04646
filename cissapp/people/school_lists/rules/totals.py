"""Recognises rows that add up others: “Всього”, “Итого по району”, “Total general”."""

import re
from collections.abc import Mapping, Sequence

from cissapp.foundation.core.unicode import folded
from cissapp.people.school_lists.rules.columns import ListColumn as C

WORDS = tuple(
    map(
        folded,
        (
            "total", "totals", "subtotal", "grand total", "în total", "всього", "усього", "разом", "загалом", "підсумок",
            "итого", "всего", "общий итог", "усяго", "разам", "razem", "ogółem",
        ),
    )
)  # fmt: skip
BEGINNINGS = tuple(f"{word} " for word in WORDS)
NO_TEXT = re.compile(r"[\d\s.,%\u2013\u2014-]*|\0formula")
# Without one of these, a row cannot be a school.
OF_A_SCHOOL = (C.NAME, C.LOCALITY, C.REGION, C.ADDRESS)


def is_total(cells: Sequence[str], places: Mapping[C, int]) -> bool:
    """Check whether a row says nothing but numbers and one text that begins with a word for a total.

    It is a school if it has a code, or everything else that a school needs, unless the word is all that the text says.
    """
    texts = (place for place, cell in enumerate(cells) if not NO_TEXT.fullmatch(cell))
    place = next(texts, None)
    if place is None or next(texts, None) is not None:
        return False
    said = folded(cells[place])
    if said not in WORDS and not said.startswith(BEGINNINGS):
        return False
    code = places.get(C.CODE, place)
    if code != place and _is_filled(cells, code):
        return False
    needed = (places[column] for column in OF_A_SCHOOL if column in places)
    return said in WORDS or not all(_is_filled(cells, one) for one in needed)


def _is_filled(cells: Sequence[str], place: int) -> bool:
    return place < len(cells) and any(map(str.isalnum, cells[place]))
