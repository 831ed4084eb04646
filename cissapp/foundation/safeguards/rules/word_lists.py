"""The phrases and names of the five languages, read once from the files beside this room."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from cissapp.foundation.safeguards.rules.folding import plain
from cissapp.foundation.safeguards.rules.phrases import PhraseBook, PhraseIndex

FOLDER = Path(__file__).parents[1] / "phrases"
LANGUAGES = ("en", "ro", "uk", "ru", "be")
STORY_PARTS = ("told", "about", "whom", "when", "rule", "oneself", "harm", "mine", "lesson")
SHORTEST_STEM = 4
VOWELS = "aeiouyаеиоуыэюяіўй'ь"
SHORT_NAME = re.compile(r"[а-яі]{2,3}[ая]$")


class DisclosureWords(Struct, frozen=True):
    """The phrases of disclosures in one language."""

    told: PhraseBook
    about: PhraseBook
    whom: PhraseBook
    when: PhraseBook
    rule: PhraseBook
    oneself: PhraseBook
    harm: PhraseBook
    mine: PhraseBook
    lesson: PhraseBook
    self_: PhraseBook
    general: PhraseBook
    hints: dict[str, PhraseBook]


class NameLists(Struct, frozen=True):
    """Given names, and the words near the name of a child or of an adult.

    `everyday` are forms of names that are also common words: at the start of a sentence they are not names.
    """

    exact: frozenset[str]
    stems: frozenset[str]
    everyday: frozenset[str]
    words: dict[str, PhraseBook]


def _file(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return read


@cache
def stories() -> tuple[DisclosureWords, ...]:
    """Load the phrases of each language."""
    return tuple(_stories(_file(language)) for language in LANGUAGES)


def _stories(file: dict[str, Any]) -> DisclosureWords:
    books = {part: PhraseBook.of(file[part]) for part in STORY_PARTS}
    return DisclosureWords(
        **books,
        self_=PhraseBook.of(file["self"]),
        general=PhraseBook.of([*file["rule"], *file["general"]]),
        hints={kind: PhraseBook.of(phrases) for kind, phrases in file["hints"].items()},
    )


@cache
def names() -> NameLists:
    """Load the names."""
    file = _file("names")
    known = {plain(name) for name in file["names"].split()}
    return NameLists(
        frozenset([*known, *_declined(known)]),
        frozenset(_stems(known)),
        frozenset(plain(word) for word in file["everyday"].split()),
        {part: PhraseBook.of(phrases) for part, phrases in file["words"].items()},
    )


@cache
def shelf() -> PhraseIndex:
    """Return all books of phrases together."""
    books = list(names().words.values())
    for told in stories():
        parts = (getattr(told, name) for name in told.__struct_fields__ if name != "hints")
        books += [*parts, *told.hints.values()]
    return PhraseIndex(books)


def _stems(known: Iterable[str]) -> Iterable[str]:
    """Cut the ending off, so that the cases of a name are found too."""
    for name in known:
        stem = name.rstrip(VOWELS)
        if len(stem) >= SHORTEST_STEM:
            yield stem


def _declined(known: Iterable[str]) -> Iterable[str]:
    """Return the cases of short Slavic names, such as Оля: only the last letter changes."""
    for name in known:
        if SHORT_NAME.match(name):
            yield from (
                name[:-1] + ending
                for ending in ("ы", "и", "е", "і", "у", "ю", "ей", "ой", "єю", "ею")
            )
