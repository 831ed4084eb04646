"""The languages of the programme: data, in `modules/languages.yaml`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import yaml
from pydantic import StringConstraints, TypeAdapter

from cissapp.foundation.content.schema.parts import Strict, Text
from cissapp.foundation.core.unicode import normalised
from config import MODULES

V = TypeVar("V")

ENGLISH = "en"
# A run of digits, or a single letter.
PARTS = re.compile(r"\d+|[^\W\d_]")
FILE = "languages.yaml"
# The safe loader in C if libyaml is available: it reads ten times as fast.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SortKey = tuple[tuple[int, int, str], ...]


class Translated(Generic[V]):
    """Something with words in several languages; English stands in for those that are missing."""

    __slots__ = ()
    texts: Mapping[str, V]

    def text(self, language: str) -> V:
        """Return the words in the language, or in English."""
        return self.texts.get(language) or self.texts[ENGLISH]

    def language(self, language: str) -> str:
        """Return the language that `text` answers in."""
        return language if language in self.texts else ENGLISH


class Direction(StrEnum):
    """In which direction a language is written, as HTML names it."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Language(Strict):
    """A language: its code, its own name, its direction, and its alphabet as Unicode names it."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    name: Text
    direction: Direction = Direction.LEFT_TO_RIGHT
    alphabet: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "latin"
    order: str = ""

    def sort_key(self, text: str) -> SortKey:
        """Return the key that sorts a text in a list of this language.

        Letters follow the language's own order, foreign letters come after them in Unicode order; numbers
        sort by value; punctuation, spaces and apostrophes are ignored.
        """
        return _sort_key(self.order, text)


# The regions and countries of the lists to choose from, which many pages sort.
@lru_cache(maxsize=4096)
def _sort_key(order: str, text: str) -> SortKey:
    return tuple(_place(order, part) for part in PARTS.findall(text.casefold()))


def _place(order: str, part: str) -> tuple[int, int, str]:
    if part.isdecimal():
        return 0, int(part[:18]), ""
    own = order.find(part)
    if own < 0 and order:
        own = order.find(normalised("NFKD", part)[0])
    return (1, own, part) if own >= 0 else (2, 0, part)


def locale_of(language: str) -> str:
    """Return the locale in which texts of a language write dates, numbers and lists: English is British."""
    return "en_GB" if language == ENGLISH else language


LANGUAGE_LIST = TypeAdapter(list[Language])


def read_languages(root: Path) -> tuple[Language, ...]:
    """Read the languages of a content folder; raise `ValueError` if the list is not valid."""
    text = (root / FILE).read_text(encoding="utf-8")
    found = LANGUAGE_LIST.validate_python(yaml.load(text, Loader=SAFE))  # noqa: S506 -- it is safe
    if not found or found[0].code != ENGLISH:
        raise ValueError("English must be the first language")
    if len({one.code for one in found}) != len(found):
        raise ValueError("a language is listed twice")
    return tuple(found)


@cache
def programme_languages() -> dict[str, Language]:
    """Return the languages that come with the programme, by code, English first."""
    return {one.code: one for one in read_languages(MODULES)}
