"""Searches a text for every kind of sign."""

from collections.abc import Iterable

from cissapp.foundation.safeguards.rules import word_lists
from cissapp.foundation.safeguards.rules.disclosures import disclosures
from cissapp.foundation.safeguards.rules.folding import folded, shortened
from cissapp.foundation.safeguards.rules.identity import numbers
from cissapp.foundation.safeguards.rules.names import named
from cissapp.foundation.safeguards.rules.phrases import IndexedWords, words_of
from cissapp.foundation.safeguards.rules.signs import Sign, SignKind


def find_signs(text: str) -> list[Sign]:
    """List the signs in a text, in order; only the first 500,000 characters are searched.

    A match may be harmless, and a text without one may still hold a sign: no word list covers every story.
    """
    text = shortened(text)
    flat = folded(text)
    words = IndexedWords(words_of(flat.text), word_lists.shelf())
    seen = {
        SignKind.IDENTITY_NUMBER: numbers(flat.text),
        SignKind.CHILD_NAMED: named(text, flat, words),
        SignKind.DISCLOSURE: disclosures(flat.text, words),
    }
    signs = [Sign(kind, *flat.place(*place)) for kind, of in seen.items() for place in _joined(of)]
    return sorted(signs, key=lambda sign: (sign.start, sign.end, sign.kind))


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge spans that overlap or are one character apart: given name and surname are one name."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
