"""Which pages of a document may show a criterion: those on which its words are found. A plain search, no judgement."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec import Struct

from cissapp.foundation.content.values import Standard

MOST_PAGES_NAMED = 3
MOST_WORDS_NAMED = 4
# A page counts when two different words of the criterion stand on it: one alone stands on too many.
LEAST_WORDS = 2
# More than about a hundred pages are not searched, so that a long file costs no more than a long policy.
MOST_LETTERS = 300_000
# A word that so many criteria use tells none of them apart.
COMMON = 5
STEM = 5
TITLE_WEIGHT = 2

_WORD = re.compile(r"[^\W\d_]{4,}")
# Romanian words change these letters with their endings, and are typed with a cedilla or a comma below.
_FOLDED = str.maketrans("ăâîșşțţ", "aaisstt")


class SuggestedPage(Struct, frozen=True):
    """A page on which words of a criterion are found, as they stand there."""

    page: int
    words: tuple[str, ...]


def terms_of(standard: Standard, criterion_id: str, languages: Sequence[str]) -> dict[str, int]:
    """Return the words that tell a criterion from the others, with their weights: those of its title count twice."""
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
    """Name up to three pages on which words of a criterion are found, the best first; linear in the text.

    A word counts less the more pages it stands on.
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
    """Return the words of a text, each once, by the form in which they are compared."""
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
    """Return the terms that stand on a page, each with the word that it stands there as; a word stands for one term."""
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
    """Check whether two words share so long a beginning that they are forms of one."""
    shared = _shared(word, term)
    return word == term or (shared >= STEM and shared >= 0.8 * min(len(word), len(term)))


def _named(found: Mapping[str, str], worth: Mapping[str, float]) -> tuple[str, ...]:
    order = sorted(found, key=lambda term: (-worth[term], term))
    return tuple(dict.fromkeys(found[term] for term in order))[:MOST_WORDS_NAMED]
