"""How long a join request is kept, how many are accepted, and which registered school it may come from."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from math import ceil
from statistics import median
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.unicode import folded_name, telling_words

# How long a link works; requests not confirmed by then are deleted.
CONFIRM_WITHIN = timedelta(days=7)
# Requests are deleted this long after the answer, or after confirmation if never answered.
KEPT_AFTER_ANSWER = timedelta(days=180)
# Limits per 24 hours: mails to one address, and requests in total.
DAY = timedelta(days=1)
MAILS_A_DAY = 3
REQUESTS_A_DAY = 500
# Fewer answers say nothing about the next one.
ANSWERS_LEAST = 5

NAME_MARKS, OFFICE_MARKS, REASON_MARKS = 200, 100, 1000
REFUSAL_LEAST = 10
MATCHES_SHOWN = 8


class JoinAnswer(StrEnum):
    """A national group's answer to a join request."""

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


# Characters by which mail programs recognise an address in plain text.
LINKING = re.compile(r"[.:/@\\](?=\S)")


def harmless(text: str) -> str:
    """Return untrusted text on one line, changed so that no mail program turns any of it into a link.

    It is mailed to an address that the sender chose, and our mails must not carry anybody's links.
    """
    return " ".join(LINKING.sub(r"\g<0> ", text).split())


# --- matching with the register ----------------------------------------------------------------

ALIKE = 0.82
SAME_PLACE_ALIKE = 0.6
# The likeness of a name whose words all occur in the longer name of the register.
PART_OF_NAME = 0.9


def likeness(asked: JoinFacts, known: KnownSchool) -> float:
    """Return how much a school of the register resembles the asking one, from 0 to 2.

    The register number counts most. Names are compared by their characters; if both contain numbers
    ("No. 12"), different numbers mean different schools.
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
    """Return the similarity of two names, or 0 if below the minimum; cheap checks rule out most pairs."""
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
    """List the schools of the register that the asking one may be, the likeliest first."""
    found = [(likeness(asked, one), one) for one in known]
    likely = sorted(
        ((score, one) for score, one in found if score > 0),
        key=lambda pair: (-pair[0], pair[1].name),
    )
    return [one for _score, one in likely[:MATCHES_SHOWN]]


def usual_days(answered: Sequence[timedelta]) -> int | None:
    """Return within how many days half of the requests were answered; None if too few were, to say so."""
    if len(answered) < ANSWERS_LEAST:
        return None
    return max(1, ceil(median(one / DAY for one in answered)))
