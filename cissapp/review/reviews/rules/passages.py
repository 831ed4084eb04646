"""How a text is shown beside a criterion: in paragraphs, with words of criterion and search marked. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

WORD = re.compile(r"[^\W\d_]{5,}")
# A list item, a section number, or a letter with a bracket begins a new paragraph.
BEGINS = re.compile(r"(?:[•–—\-*▪●○]|\d{1,2}(?:\.\d{1,2})*[.)]?|\w\))\s")
HYPHENATED = re.compile(r"[^\W\d_]-$")
SHORT = 0.6  # of the longest line: such a line ends a paragraph or is a heading
ENDING = 3  # letters that inflection may change
STEM_LEAST = 5
COMMON = 5  # a word in more criteria than these tells nothing of one
SEARCH_MOST = 80
AROUND = 60  # characters before and after what was found
PLACES_MOST = 100


class Mark(StrEnum):
    """Why a piece of text stands out."""

    NONE = ""
    CRITERION = "criterion"
    SEARCH = "search"


class MarkedText(Struct, frozen=True):
    """A piece of text and why it stands out."""

    mark: Mark
    text: str


def paragraphs(text: str) -> list[str]:
    """Join the lines of a text into paragraphs: a PDF breaks lines at the margin, not after a thought."""
    lines = [line.strip() for line in text.split("\n")]
    longest = max(map(len, lines), default=0)
    found: list[list[str]] = []
    before = ""
    for line in lines:
        if line and found and before and not _begins_anew(before, line, longest):
            pieces = found[-1]
            if HYPHENATED.match(before[-2:]) and line[:1].islower():
                pieces[-1] = pieces[-1][:-1]
                pieces.append(line)
            else:
                pieces += [" ", line]
        elif line:
            found.append([line])
        before = line
    return ["".join(pieces) for pieces in found]


def _begins_anew(before: str, line: str, longest: int) -> bool:
    """Return whether a line begins a paragraph after the line before it."""
    if BEGINS.match(line):
        return True
    if BEGINS.match(before) and line[:1].isupper() and before[-1].isalnum():
        return True  # after the heading of a section
    short = len(before) < SHORT * longest
    return short and (before[-1] in ".!?:;…" or line[:1].isupper())


def stem(word: str) -> str:
    """Return the part of a word that inflection leaves alone."""
    folded = word.casefold()
    return folded[: max(STEM_LEAST, len(folded) - ENDING)]


def telling_stems(own: str, all_texts: Iterable[str]) -> frozenset[str]:
    """Return the stems of a criterion's words that few criteria share; `all_texts` includes its own text."""
    count = Counter(
        word for text in all_texts for word in {stem(one) for one in WORD.findall(text)}
    )
    return frozenset(word for one in WORD.findall(own) if count[word := stem(one)] <= COMMON)


def search_pattern(searched: str) -> re.Pattern[str] | None:
    """Return the pattern for a search; None if the search is too short."""
    words = searched[:SEARCH_MOST].split()
    if len("".join(words)) < 2:
        return None
    return re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)


def marked(
    text: str, stems: Collection[str], pattern: re.Pattern[str] | None = None
) -> list[MarkedText]:
    """Split a text into pieces: search matches, words with a stem of the criterion, and the rest."""
    spans = [(*one.span(), Mark.SEARCH) for one in (pattern.finditer(text) if pattern else ())]
    longest = max(map(len, stems), default=0)
    spans += [
        (*one.span(), Mark.CRITERION)
        for one in WORD.finditer(text)
        if _has_stem(one[0], stems, longest)
    ]
    return list(_pieces(text, sorted(spans, key=lambda span: (span[0], span[2] is Mark.CRITERION))))


def _has_stem(word: str, stems: Collection[str], longest: int) -> bool:
    # Untrusted text may be one word of a million characters, so only as much as the longest stem is examined.
    folded = word[:longest].casefold()
    return any(folded[:size] in stems for size in range(STEM_LEAST, len(folded) + 1))


def _pieces(text: str, spans: Sequence[tuple[int, int, Mark]]) -> Iterator[MarkedText]:
    at = 0
    for start, end, mark in spans:
        if start < at or start == end:
            continue  # inside what is marked already
        if start > at:
            yield MarkedText(Mark.NONE, text[at:start])
        yield MarkedText(mark, text[start:end])
        at = end
    if at < len(text):
        yield MarkedText(Mark.NONE, text[at:])


class FoundPlace(Struct, frozen=True):
    """A page with search matches: how many, and the first one with the words around it."""

    page: int
    count: int
    before: str
    words: str
    after: str


def find_pages(pages: Sequence[str], pattern: re.Pattern[str]) -> list[FoundPlace]:
    """List the pages of a text on which a pattern is found, at most `PLACES_MOST`."""
    found = []
    for number, page in enumerate(pages, 1):
        text = " ".join(page.split())
        hits = list(pattern.finditer(text))
        if hits:
            start, end = hits[0].span()
            around = text[max(0, start - AROUND) : start], text[end : end + AROUND]
            found.append(FoundPlace(number, len(hits), around[0], text[start:end], around[1]))
    return found[:PLACES_MOST]
