"""Suggests pages that may show a criterion, because its words occur there. A plain search, no judgement."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec import Struct

from cissapp.foundation.content.values import Standard

MOST_PAGES_NAMED = 3
MOST_WORDS_NAMED = 4
# A page counts if two different words of the criterion occur on it: single words are too common.
LEAST_WORDS = 2
# Only about the first hundred pages are searched, so that a long file costs no more than a long policy.
MOST_LETTERS = 300_000
# A word that more criteria use than this does not distinguish them.
COMMON = 5
STEM = 5
TITLE_WEIGHT = 2

_WORD = re.compile(r"[^\W\d_]{4,}")
# Romanian endings change these letters, and they are typed with a cedilla or a comma below.
_FOLDED = str.maketrans("ăâîșşțţ", "aaisstt")


class SuggestedPage(Struct, frozen=True):
    """A page on which words of a criterion occur, as they are written there."""

    page: int
    words: tuple[str, ...]


def terms_of(standard: Standard, criterion_id: str, languages: Sequence[str]) -> dict[str, int]:
    """Return the words that distinguish a criterion, with their weights: those of its title count double."""
    found: dict[str, int] = {}
    for language in languages:
        texts = {one.id: one.text(language) for one in standard.criteria}
        used: dict[str, int] = {}
        for text in texts.values():
            for stem in {word[:STEM] for word in _words(f"{text.title} {text.levels['2']}")}:
                used[stem] = used.get(stem, 0) + 1
        own = texts[criterion_id]
        titled = set(_words(own.title))
        for word in sorted({*titled, *_words(own.levels["2"])}):
            if used[word[:STEM]] <= COMMON:
                found[word] = TITLE_WEIGHT if word in titled else 1
    return found


def suggest_pages(terms: Mapping[str, int], pages: Sequence[str]) -> list[SuggestedPage]:
    """Return up to three pages on which words of a criterion occur, the best first; linear in the text.

    A word counts less the more pages it occurs on.
    """
    by_stem: dict[str, list[str]] = {}
    for term in terms:
        by_stem.setdefault(term[:STEM], []).append(term)
    hits = {
        number: _found_on(page, by_stem) for number, page in enumerate(_bounded(pages), start=1)
    }
    pages_with = {term: sum(term in found for found in hits.values()) for term in terms}
    worth = {term: terms[term] / most for term, most in pages_with.items() if most}

    def value(number: int) -> float:
        return sum(worth[term] for term in hits[number])

    good = [number for number, found in hits.items() if len(found) >= LEAST_WORDS]
    best = sorted(good, key=lambda number: (-value(number), number))[:MOST_PAGES_NAMED]
    return [SuggestedPage(number, _named(hits[number], worth)) for number in best]


def _words(text: str) -> dict[str, str]:
    """Return the words of a text by the form in which they are compared, each once."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        small = word.casefold()
        found.setdefault(small.translate(_FOLDED), small)
    return found


def _bounded(pages: Sequence[str]) -> list[str]:
    found, left = [], MOST_LETTERS
    for page in pages:
        if left <= 0:
            break
        found.append(page[:left])
        left -= len(page)
    return found


def _found_on(page: str, by_stem: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the terms on a page, each with the word as written there; a word counts for one term only."""
    found: dict[str, str] = {}
    for word, written in _words(page).items():
        term = max(
            by_stem.get(word[:STEM], ()),
            key=lambda one: (one == word, _shared(word, one)),
            default="",
        )
        if term and term not in found and _is_form_of(word, term):
            found[term] = written
    return found


def _shared(word: str, term: str) -> int:
    pairs = zip(word, term, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_form_of(word: str, term: str) -> bool:
    """Check whether two words share enough of their beginning to be forms of the same word."""
    shared = _shared(word, term)
    return word == term or (shared >= STEM and shared >= 0.8 * min(len(word), len(term)))


def _named(found: Mapping[str, str], worth: Mapping[str, float]) -> tuple[str, ...]:
    order = sorted(found, key=lambda term: (-worth[term], term))
    return tuple(dict.fromkeys(found[term] for term in order))[:MOST_WORDS_NAMED]
