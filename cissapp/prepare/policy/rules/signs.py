"""Finds the signs of a statement in a text: stems at the beginnings of words, nothing more."""

import re
from collections.abc import Iterable
from functools import lru_cache

# Romanian letters are typed with a cedilla or a comma below, apostrophes straight or curved, and Belarusian spells
# words from other languages with е or with э.
_FOLDED = str.maketrans(
    {"ş": "ș", "ţ": "ț", "’": "'", "ʼ": "'", "ё": "е", "э": "е", "\xa0": " ", "\xad": ""}
)
# Markdown markup, as opposed to the words.
_MARKS = re.compile(
    r"^\s*(?:#{1,6}\s+|[-*+]\s+|\d+\.\s+)|^[|\s:-]+$|\*\*|\\(?=[^\w\s])", re.MULTILINE
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
LONGEST_SENTENCE = 400


def words_of(text: str) -> str:
    """Return the words of a Markdown text, with the ends of its lines."""
    return "\n".join(
        " ".join(line.replace("|", " ").split()) for line in _MARKS.sub("", text).split("\n")
    ).strip()


def folded(text: str) -> str:
    """Return a text normalised for comparison."""
    return text.casefold().translate(_FOLDED)


@lru_cache(maxsize=4096)
def _pattern(sign: str) -> re.Pattern[str]:
    first, *more = [re.escape(part) for part in folded(sign).split()]
    # The stem precedes the lookbehind, so that the scan is about a hundred times faster.
    begun = rf"{first}(?<!\w{first})"
    return re.compile(r"\w*\W{1,3}".join([begun, *more]))


def found_sign(said: str, signs: Iterable[str]) -> re.Match[str] | None:
    """Find the first of the signs that a folded text holds."""
    return next((found for sign in signs if (found := _pattern(sign).search(said))), None)


def holds_sign(text: str, signs: Iterable[str]) -> bool:
    """Check whether a Markdown text holds one of the signs."""
    return found_sign(folded(words_of(text)), signs) is not None


def _signs_in(said: str, patterns: Iterable[re.Pattern[str]]) -> int:
    return sum(one.search(said) is not None for one in patterns)


def sentence_with(text: str, signs: Iterable[str]) -> str:
    """Return the sentence of a Markdown text with the most signs; the first one if none has any."""
    patterns = [_pattern(sign) for sign in signs]
    sentences = [one.strip() for one in _SENTENCE.split(words_of(text)) if one.strip()]
    if not sentences:
        return ""
    best = max(sentences, key=lambda one: _signs_in(folded(one), patterns))
    return best if len(best) <= LONGEST_SENTENCE else best[: LONGEST_SENTENCE - 1].rstrip() + "…"
