"""Compares two texts: passages first, then words inside them. The work is bounded for any two texts.

Lines of a PDF break at the margin and not with the sense, so a text is compared by sentences.
Sentences that occur once in both texts anchor the comparison; what lies between them is compared
closely if it is short enough. Passages that are too long are shown in full, old and new.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

SENTENCE_END = re.compile(r"(?<=[.!?;:…])\s+|\n\s*\n")
CLOSE_LOOK = 40_000  # pairs of sentences, or of words, that are compared with each other at once
# The total number of pairs for one comparison of two texts, which then takes half a second at most.
ALL_CLOSE_LOOKS = 400_000
MOST_SENTENCES = 40_000
LONGEST_SENTENCE = 2_000


class TextChange(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Sentence(Struct, frozen=True):
    """A sentence, and the number of the page on which it begins."""

    page: int
    text: str


class TextPiece(Struct, frozen=True):
    """Adjacent words with the same change."""

    mark: TextChange
    text: str


class Passage(Struct, frozen=True):
    """A place where the texts differ: the pages in the old and the new one, and its pieces."""

    old_page: int | None
    new_page: int | None
    pieces: tuple[TextPiece, ...]


Block = tuple[int, int, int, int]


def sentences(pages: Sequence[str], *, by_line: bool = False) -> list[Sentence]:
    """Split the pages of a text into sentences, or into lines where each paragraph has its own line."""
    found = []
    for number, page in enumerate(pages, 1):
        for raw in page.split("\n") if by_line else SENTENCE_END.split(page):
            text = " ".join(raw.split())
            found += [
                Sentence(number, text[at : at + LONGEST_SENTENCE])
                for at in range(0, len(text), LONGEST_SENTENCE)
            ]
    return found[:MOST_SENTENCES]


def differences(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Passage]:
    """List the passages that differ, in the order of the new text."""
    budget = _Budget()
    olds, news = [one.text for one in old], [one.text for one in new]
    blocks = _merged(
        block for gap in _gaps(olds, news) for block in _changed(olds, news, gap, budget)
    )
    return [_passage(old, new, block, budget) for block in blocks]


class _Budget:
    """How many pairs may still be compared."""

    def __init__(self) -> None:
        self.left = ALL_CLOSE_LOOKS

    def allows(self, pairs: int) -> bool:
        if pairs > min(CLOSE_LOOK, self.left):
            return False
        self.left -= pairs
        return True


def _gaps(old: list[str], new: list[str]) -> Iterator[Block]:
    """Yield the gaps between the sentences that occur once in both texts and in the same order."""
    once_old, once_new = Counter(old), Counter(new)
    where = {text: at for at, text in enumerate(new) if once_new[text] == 1}
    shared = [
        (at, where[text]) for at, text in enumerate(old) if once_old[text] == 1 and text in where
    ]
    fixed = [(-1, -1), *_rising(shared), (len(old), len(new))]
    for (old_before, new_before), (old_at, new_at) in pairwise(fixed):
        if old_at - old_before > 1 or new_at - new_before > 1:
            yield old_before + 1, old_at, new_before + 1, new_at


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Choose the longest run of pairs that rise in both texts (patience sorting, n log n)."""
    tops: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for place, (_, at) in enumerate(pairs):
        low, high = 0, len(tops)
        while low < high:
            middle = (low + high) // 2
            if pairs[tops[middle]][1] < at:
                low = middle + 1
            else:
                high = middle
        before[place] = tops[low - 1] if low else -1
        tops[low : low + 1] = [place]
    chosen = []
    place = tops[-1] if tops else -1
    while place >= 0:
        chosen.append(pairs[place])
        place = before[place]
    return chosen[::-1]


def _changed(old: list[str], new: list[str], gap: Block, budget: _Budget) -> Iterator[Block]:
    """Yield what differs inside a gap; a gap that is too large differs as a whole, but for its ends."""
    first, last, new_first, new_last = _trimmed(old, new, gap)
    if not budget.allows((last - first) * (new_last - new_first)):
        yield first, last, new_first, new_last
        return
    matcher = SequenceMatcher(None, old[first:last], new[new_first:new_last], autojunk=False)
    for kind, one, two, three, four in matcher.get_opcodes():
        if kind != "equal":
            yield first + one, first + two, new_first + three, new_first + four


def _trimmed(old: list[str], new: list[str], gap: Block) -> Block:
    first, last, new_first, new_last = gap
    while first < last and new_first < new_last and old[first] == new[new_first]:
        first, new_first = first + 1, new_first + 1
    while first < last and new_first < new_last and old[last - 1] == new[new_last - 1]:
        last, new_last = last - 1, new_last - 1
    return first, last, new_first, new_last


def _merged(blocks: Iterator[Block]) -> list[Block]:
    """Join blocks that touch, and leave out empty ones."""
    found: list[Block] = []
    for first, last, new_first, new_last in blocks:
        if first == last and new_first == new_last:
            continue
        if found and (found[-1][1], found[-1][3]) == (first, new_first):
            found[-1] = (found[-1][0], last, found[-1][2], new_last)
        else:
            found.append((first, last, new_first, new_last))
    return found


def _passage(
    old: Sequence[Sentence], new: Sequence[Sentence], block: Block, budget: _Budget
) -> Passage:
    first, last, new_first, new_last = block
    was, now = old[first:last], new[new_first:new_last]
    return Passage(
        old_page=was[0].page if was else None,
        new_page=now[0].page if now else None,
        pieces=tuple(_pieces(_words(was), _words(now), budget)),
    )


def _words(part: Sequence[Sentence]) -> list[str]:
    return " ".join(one.text for one in part).split()


def _pieces(was: list[str], now: list[str], budget: _Budget) -> Iterator[TextPiece]:
    """Compare word by word if the texts are short and similar; else yield the old and the new in full."""
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if not was or not now or not budget.allows(len(was) * len(now)) or matcher.ratio() < 1 / 3:
        yield from _whole(was, now)
        return
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            yield TextPiece(TextChange.SAME, " ".join(was[first:last]))
        else:
            yield from _whole(was[first:last], now[new_first:new_last])


def _whole(was: list[str], now: list[str]) -> Iterator[TextPiece]:
    if was:
        yield TextPiece(TextChange.REMOVED, " ".join(was))
    if now:
        yield TextPiece(TextChange.ADDED, " ".join(now))
