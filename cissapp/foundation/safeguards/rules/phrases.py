"""Phrases: how they are written, and how they are found among the words of a text, in linear time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from cissapp.foundation.safeguards.rules.folding import plain

WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
NUMBER = re.compile(r"(?:\d{1,4}(?:-?[^\W\d_]{1,2})?|[ivxі]{1,4}(?:-a)?)$")
# A class written short: 8A, 8-А.
CLASS = re.compile(r"(?:[1-9]|1[0-2])-?[a-gа-гґ]$")
# The dot of an initial or of "cl." ends no sentence: "Ana M., 12 ani", "2012 г.р.", "(cl. 7)".
END_OF_SENTENCE = re.compile(r"[!?\n;]|(?<!\b[^\W\d])(?<!\bcl)(?<!\bкл)\.")
ANY_NUMBER = "#"
ANY_CLASS = "##"
SPECIAL = (ANY_NUMBER, ANY_CLASS)
GAP = "_"
LONGEST_GAP = 3
MOST_KNOWN, LONGEST_KEPT = 4_096, 40


class Word(NamedTuple):
    """A word of a folded text: its letters, its place, and the number of its sentence."""

    letters: str
    start: int
    end: int
    sentence: int


def words_of(text: str) -> list[Word]:
    """List the words of a folded text."""
    found: list[Word] = []
    last, sentence = 0, 0
    for match in WORD.finditer(text):
        sentence += bool(END_OF_SENTENCE.search(text, last, match.start()))
        found.append(Word(match[0], match.start(), match.end(), sentence))
        last = match.end()
    return found


class PhraseItem(Struct, frozen=True):
    """An item of a phrase: the words that match it; an empty item is a gap."""

    words: frozenset[str]
    stems: tuple[str, ...]
    number: bool = False
    optional: bool = False
    class_: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether this item matches up to three words of any kind."""
        return not (self.words or self.stems or self.number or self.class_)

    def takes(self, word: str) -> bool:
        """Return whether a word matches this item."""
        return (
            word in self.words
            or word.startswith(self.stems)
            or (self.number and NUMBER.match(word) is not None)
            or (self.class_ and CLASS.match(word) is not None)
        )


def read(phrase: str) -> tuple[PhraseItem, ...]:
    """Parse a phrase as written in the word lists."""
    return tuple(_item(part) for part in plain(phrase).split())


def _item(part: str) -> PhraseItem:
    if part == GAP:
        return PhraseItem(frozenset(), ())
    optional = part.startswith("?")
    options = [one.lstrip("?") for one in part.split("|")]
    return PhraseItem(
        frozenset(one for one in options if not one.endswith("*") and one not in SPECIAL),
        tuple(one[:-1] for one in options if one.endswith("*")),
        ANY_NUMBER in options,
        optional,
        ANY_CLASS in options,
    )


class PhraseBook(Struct):
    """Many phrases, found by their first words."""

    by_word: dict[str, list[tuple[PhraseItem, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_stem: dict[str, list[tuple[PhraseItem, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_number: list[tuple[PhraseItem, ...]] = field(default_factory=list)
    longest_stem: int = 0
    known: dict[str, tuple[tuple[PhraseItem, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, phrases: Iterable[str]) -> "PhraseBook":
        """Build a book of phrases."""
        book = cls()
        for phrase in phrases:
            items = read(phrase)
            for word in items[0].words:
                book.by_word[word].append(items)
            for stem in items[0].stems:
                book.by_stem[stem].append(items)
                book.longest_stem = max(book.longest_stem, len(stem))
            if items[0].number or items[0].class_:
                book.by_number.append(items)
        return book

    def found(self, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """Yield first and last word of each match, the shortest for each first word."""
        starts = words.starts_of(self) if isinstance(words, IndexedWords) else range(len(words))
        for at in starts:
            ends = [
                end
                for items in self._known(words[at].letters)
                if (end := _end(items, 1, words, at + 1)) is not None
            ]
            if ends:
                yield at, min(ends) - 1

    def _known(self, word: str) -> tuple[tuple[PhraseItem, ...], ...]:
        """Return the phrases that begin with a word; most words come again, so the answer is kept."""
        known = self.known.get(word)
        if known is None:
            known = tuple(self._beginning_with(word))
            if len(word) <= LONGEST_KEPT and len(self.known) < MOST_KNOWN:
                self.known[word] = known
        return known

    def _beginning_with(self, word: str) -> Iterator[tuple[PhraseItem, ...]]:
        yield from self.by_word.get(word, ())
        # Limited to the longest stem, because a word of untrusted input may have any length.
        for length in range(1, min(len(word), self.longest_stem) + 1):
            yield from self.by_stem.get(word[:length], ())
        if self.by_number and NUMBER.match(word):
            yield from (items for items in self.by_number if items[0].takes(word))


class PhraseIndex:
    """An index of several books: one lookup of a word finds the books with a phrase that begins with it."""

    def __init__(self, books: Iterable[PhraseBook]) -> None:
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._by_stem: dict[str, set[int]] = defaultdict(set)
        self._by_number: set[int] = set()
        self._longest_stem = 0
        for book in books:
            for word in book.by_word:
                self._by_word[word].add(id(book))
            for stem in book.by_stem:
                self._by_stem[stem].add(id(book))
            if book.by_number:
                self._by_number.add(id(book))
            self._longest_stem = max(self._longest_stem, book.longest_stem)

    def starts(self, words: Iterable[Word]) -> dict[int, list[int]]:
        """Map each book to the positions of the words at which one of its phrases may begin."""
        starts: dict[int, list[int]] = defaultdict(list)
        known: dict[str, frozenset[int]] = {}
        for at, word in enumerate(words):
            opened = known.get(word.letters)
            if opened is None:
                opened = known[word.letters] = frozenset(self._opened_by(word.letters))
            for book in opened:
                starts[book].append(at)
        return starts

    def _opened_by(self, word: str) -> Iterator[int]:
        yield from self._by_word.get(word, ())
        for length in range(1, min(len(word), self._longest_stem) + 1):
            yield from self._by_stem.get(word[:length], ())
        if NUMBER.match(word):
            yield from self._by_number


class IndexedWords(list[Word]):
    """The words of a text, and where the phrases of each book of a shelf may begin among them."""

    def __init__(self, words: Iterable[Word], shelf: PhraseIndex) -> None:
        super().__init__(words)
        self._starts = shelf.starts(self)

    def starts_of(self, book: PhraseBook) -> Sequence[int]:
        """Return the positions of the words at which a phrase of this indexed book may begin."""
        return self._starts.get(id(book), ())


def _end(items: tuple[PhraseItem, ...], number: int, words: Sequence[Word], at: int) -> int | None:
    """Return the position after the last word of a phrase, if the rest matches here within one sentence."""
    if number == len(items):
        return at
    item = items[number]
    if item.is_gap:
        tries = range(at, at + LONGEST_GAP + 1)
        return next(
            (end for one in tries if (end := _end(items, number + 1, words, one)) is not None), None
        )
    if (
        at < len(words)
        and words[at].sentence == words[at - 1].sentence
        and item.takes(words[at].letters)
    ):
        end = _end(items, number + 1, words, at + 1)
        if end is not None:
            return end
    return _end(items, number + 1, words, at) if item.optional else None
