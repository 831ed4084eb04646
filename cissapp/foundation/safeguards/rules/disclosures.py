"""Disclosures: a person describes what is being done to them or was done to a child they know."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from cissapp.foundation.safeguards.rules import word_lists
from cissapp.foundation.safeguards.rules.hints import hinted
from cissapp.foundation.safeguards.rules.phrases import Word
from cissapp.foundation.safeguards.rules.word_lists import DisclosureWords

QUOTED = re.compile(r"«[^«»\n]{0,400}»|“[^“”\n]{0,400}”|„[^„“”\n]{0,400}[“”]|\"[^\"\n]{0,400}\"")
MOST_OF_IT = 0.7
FAR = 1_000_000
NEAR = 4
Places = list[tuple[int, int]]
First = dict[int, int]


def disclosures(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the spans of a folded text that look like a disclosure.

    A rule ("if a pupil is touched …") does not count, nor does a quoted example in a sentence that does not
    say when: policies and training texts are full of both.
    """
    quotes = [found.span() for found in QUOTED.finditer(text)]
    if quotes and sum(end - start for start, end in quotes) > MOST_OF_IT * len(text.strip()):
        quotes = []
    for told in word_lists.stories():
        yield from _in_one_language(words, told, quotes)


def _in_one_language(
    words: Sequence[Word], told: DisclosureWords, quotes: Places
) -> Iterator[tuple[int, int]]:
    rules = _by_sentence(words, told.rule.found(words))
    days = _by_sentence(words, told.when.found(words))
    others = _sentences_of_others(words, told, days)
    plain = [*told.told.found(words), *_near_oneself(words, told)]
    heard = {words[first].sentence for first, _last in plain}
    hints = [
        place
        for place in hinted(words, told, others, rules)
        if words[place[0]].sentence not in heard
    ]
    for first, last in (*plain, *hints):
        place = words[first].start, words[last].end
        sentence = words[first].sentence
        if _begins_before(rules.get(sentence), first):
            continue
        if _inside(place, quotes) and sentence not in days:
            continue
        yield place
    yield from _of_others(words, told, others)


def _near_oneself(words: Sequence[Word], told: DisclosureWords) -> Iterator[tuple[int, int]]:
    """Yield spans with a word for oneself near a word for harm in the same sentence."""
    oneself = [first for first, _last in told.oneself.found(words)]
    for first, _last in told.harm.found(words):
        after = bisect_left(oneself, first - NEAR)
        for one in oneself[after : bisect_right(oneself, first + NEAR)]:
            if one != first and words[one].sentence == words[first].sentence:
                yield min(one, first), max(one, first)
                break


def _sentences_of_others(words: Sequence[Word], told: DisclosureWords, days: First) -> set[int]:
    """Return the sentences that mention a child and say when; a general rule does not count."""
    if not days:
        return set()
    whom = _by_sentence(words, told.whom.found(words))
    general = _by_sentence(words, told.general.found(words))
    return {one for one in whom if one in days and not _begins_before(general.get(one), whom[one])}


def _of_others(
    words: Sequence[Word], told: DisclosureWords, others: set[int]
) -> Iterator[tuple[int, int]]:
    """Yield spans, within these sentences about a child, that describe something happening to the child."""
    if not others:
        return
    general = _by_sentence(words, told.general.found(words))
    for first, last in told.about.found(words):
        sentence = words[first].sentence
        if sentence in others and not _begins_before(general.get(sentence), first):
            yield words[first].start, words[last].end


def _by_sentence(words: Sequence[Word], found: Iterator[tuple[int, int]]) -> First:
    """Return for each sentence the first word with which one of the phrases begins."""
    firsts: First = {}
    for first, _last in found:
        firsts.setdefault(words[first].sentence, first)
    return firsts


def _begins_before(first: int | None, at: int) -> bool:
    return first is not None and first < at


def _inside(place: tuple[int, int], quotes: Places) -> bool:
    found = bisect_right(quotes, (place[0], FAR)) - 1
    return found >= 0 and place[1] <= quotes[found][1]
