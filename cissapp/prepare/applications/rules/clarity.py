"""Checks whether an answer states who does what, by when and with which evidence, in each language.

It only looks for words and understands nothing. It may be wrong in both directions, so it only asks
a question: it blocks nothing, and promises no score.
"""

import re
from collections.abc import Collection
from functools import cache

from msgspec import Struct

from cissapp.prepare.applications.rules.clarity_words import CLARITY_WORDS, ROMANIAN_WORDS, Aspect

# An answer with fewer words says hardly anything.
FEW_WORDS = 8

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яёіїєґў]", re.IGNORECASE)


class Clarity(Struct, frozen=True):
    """What an answer lacks, as far as its words show."""

    missing: frozenset[Aspect]
    short: bool

    @property
    def is_clear(self) -> bool:
        """Whether there is nothing to ask about the answer."""
        return not self.missing and not self.short


# The languages whose words are listed.
LISTED = frozenset(next(iter(CLARITY_WORDS.values())))


def language_of(text: str, usual: str = "en") -> str:
    """Guess the language of an answer by its letters and small words; `usual` if they do not decide.

    If no words are listed for `usual`, it is returned as it is, since its letters are not known here.
    """
    if usual not in LISTED:
        return usual
    low = text.casefold()
    if _CYRILLIC.search(low):
        return _cyrillic(low, usual)
    if re.search(r"[ăâîșțşţ]", low):
        return "ro"
    words = _WORD.findall(low)
    if not words:
        return usual
    romanian = sum(one in ROMANIAN_WORDS for one in words)
    return "ro" if romanian * 6 >= len(words) else "en"


def _cyrillic(low: str, usual: str) -> str:
    """Distinguish three languages: Belarusian has no и, Russian no і; else prefer `usual`."""
    if "ў" in low:
        return "be"
    if re.search(r"[їєґ]", low) or ("і" in low and ("и" in low or usual == "uk")):
        return "uk"
    if "і" in low:
        return "be"
    possible = {"uk", "ru"} if "и" in low else {"uk", "ru", "be"}
    return usual if usual in possible and not ("и" in low and re.search(r"[ыэёъ]", low)) else "ru"


@cache
def _pattern(aspect: Aspect, language: str) -> re.Pattern[str]:
    marks = CLARITY_WORDS[aspect][language]
    return re.compile("|".join(rf"(?<![^\W\d_]){one}" for one in marks), re.IGNORECASE)


def mentions(text: str, aspect: Aspect, language: str) -> bool:
    """Check whether an answer has a word for an aspect; true if no words are listed for the language."""
    return language not in LISTED or bool(_pattern(aspect, language).search(text))


def check_clarity(text: str, usual: str = "en", *, shown: Collection[object] = ()) -> Clarity:
    """Check how clear an answer is; `shown` are pages named beside it, which count as evidence."""
    language = language_of(text, usual)
    missing = {aspect for aspect in Aspect if not mentions(text, aspect, language)}
    if shown:
        missing.discard(Aspect.EVIDENCE)
    return Clarity(frozenset(missing), len(_WORD.findall(text)) < FEW_WORDS)
