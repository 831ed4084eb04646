"""How long a wish to join waits, how many are taken, and which schools of the register it may be of."""

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.unicode import folded_name, telling_words

# A link works for so long; what nobody confirmed is deleted then.
CONFIRM_WITHIN = timedelta(days=7)
# What was answered is deleted after this time.
KEPT_AFTER_ANSWER = timedelta(days=180)
# At most so many mails to an address in a day, and so many wishes in a day in all.
DAY = timedelta(days=1)
MAILS_A_DAY = 3
REQUESTS_A_DAY = 500

NAME_MARKS, OFFICE_MARKS, REASON_MARKS = 200, 100, 1000
REFUSAL_LEAST = 10
MATCHES_SHOWN = 8


class JoinAnswer(StrEnum):
    """What a national group answered to a wish to join."""

    INVITED = "invited"
    REFUSED = "refused"


class JoinFacts(Struct, frozen=True):
    """What a school says of itself when it asks for an invitation."""

    country_code: str
    school_name: str
    locality: str
    code: str
    email: str
    person_name: str
    office: str
    reason: str


class KnownSchool(Struct, frozen=True):
    """A school of the register, as far as it is compared."""

    id: UUID
    name: str
    locality: str
    code: str


# Where mail programs find an address in plain words.
LINKING = re.compile(r"[.:/@\\](?=\S)")


def harmless(text: str) -> str:
    """Return what a stranger typed in one line in which no mail program finds an address to open.

    It goes by mail to an address that the stranger chose: our mails carry nobody's links.
    """
    return " ".join(LINKING.sub(r"\g<0> ", text).split())


# --- is it one of the register? ----------------------------------------------------------------

ALIKE = 0.82
SAME_PLACE_ALIKE = 0.6
# What a name counts whose words are all in the longer name of the register.
PART_OF_NAME = 0.9


def likeness(asked: JoinFacts, known: KnownSchool) -> float:
    """Return how much a school of the register is like the one that asks, from 0 to 2.

    The number in the register counts most. Names count by their letters; where both have figures in
    them ("No. 12"), other figures are another school.
    """
    if asked.code and _code(asked.code) == _code(known.code):
        return 2.0
    one, other = telling_words(asked.school_name), telling_words(known.name)
    if _figures(one) and _figures(other) and _figures(one) != _figures(other):
        return 0.0
    same_place = folded_name(asked.locality) == folded_name(known.locality)
    if same_place and one and set(one.split()) <= set(other.split()):
        return 1 + PART_OF_NAME
    alike = _alike(one, other, at_least=SAME_PLACE_ALIKE if same_place else ALIKE)
    return 1 + alike if alike and same_place else alike


def _alike(one: str, other: str, *, at_least: float) -> float:
    """Return the share of letters in common; 0 below the least. Most names are told apart by a quick look."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < at_least or matcher.quick_ratio() < at_least:
        return 0.0
    found = matcher.ratio()
    return found if found >= at_least else 0.0


def _code(text: str) -> str:
    return "".join(mark for mark in text.casefold() if mark.isalnum()).lstrip("0")


def _figures(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if word.isdigit())


def possible_matches(asked: JoinFacts, known: Iterable[KnownSchool]) -> list[KnownSchool]:
    """List the schools of the register that the one who asks may be, the likeliest first."""
    found = [(likeness(asked, one), one) for one in known]
    likely = sorted(
        ((score, one) for score, one in found if score > 0),
        key=lambda pair: (-pair[0], pair[1].name),
    )
    return [one for _score, one in likely[:MATCHES_SHOWN]]
