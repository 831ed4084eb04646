"""The source of each translation, the faults in it, and who has read it.

An entry is the unit that falls back to English as a whole: a lesson, a question, a criterion, a file.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Self

from msgspec import Struct, field
from pydantic import TypeAdapter, model_validator

from cissapp.foundation.content.schema.parts import Strict, Text

Strings = dict[str, str]

FOLDER = "translations"
# The same in every language: addresses, kinds, times of day, codes.
SAME = frozenset({"url", "kind", "medium", "opens", "closes", "countries"})
# Stems of words are one text: a language has as many as it needs.
AS_ONE = frozenset({"signs"})
# Titles of sources stay as they were published.
AS_PUBLISHED = "sources."
PARAGRAPHS = re.compile(r"\n[ \t]*\n")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
LETTERS_AT_LEAST = 12
SIGNS_LOOKED_AT = 80
WORDS_AT_LEAST = 5


class TextState(StrEnum):
    """The translation state of an entry in a language."""

    ORIGINAL = "original"
    READ = "read"
    DRAFT = "draft"
    STALE = "stale"
    MISSING = "missing"


class TranslationRecord(Strict):
    """Digests of the English texts an entry was translated from, and who read the translation and when."""

    of: dict[str, str]
    read_by: Text | None = None
    read_on: date | None = None

    @model_validator(mode="after")
    def _reader_and_day(self) -> Self:
        if (self.read_by is None) != (self.read_on is None):
            raise ValueError("'read_by' and 'read_on' must be given together")
        return self


RECORDS: TypeAdapter[dict[str, TranslationRecord]] = TypeAdapter(dict[str, TranslationRecord])


class Translations(Struct, frozen=True):
    """The words of all entries, and their translation records.

    `shown` names the languages in which an entry is complete; elsewhere English is shown. `digests` are
    those of the current English texts, by entry.
    """

    entries: Mapping[str, Mapping[str, Strings]] = field(default_factory=dict)
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, TranslationRecord]] = field(default_factory=dict)
    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def state(self, key: str, language: str) -> TextState:
        """Return the state of an entry in a language; an entry shown without a record counts as stale."""
        if language == "en":
            return TextState.ORIGINAL
        if language not in self.shown.get(key, ()):
            return TextState.MISSING
        record = self.records.get(language, {}).get(key)
        if record is None or record.of != self.digests[key]:
            return TextState.STALE
        return TextState.READ if record.read_by else TextState.DRAFT

    def record(self, key: str, language: str) -> TranslationRecord | None:
        """Return the record of a translation."""
        return self.records.get(language, {}).get(key)

    def reader(self, key: str, language: str) -> str | None:
        """Return the name of the native editor who has read a translation."""
        record = self.record(key, language)
        return record.read_by if record else None

    def changed(self, key: str, language: str) -> set[str]:
        """Return the keys of the English texts of an entry that have changed since it was translated."""
        record = self.record(key, language)
        if record is None:
            return set()
        now = self.digests[key]
        return {one for one in now if record.of.get(one) != now[one]}


def strings_of(raw: Any) -> Strings:
    """Flatten the words of a value to dotted keys, without non-text values and those the same everywhere."""
    return dict(_strings(raw, ""))


def _strings(raw: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(raw, list) and is_one_text(key):
        raw = ", ".join(raw)
    if isinstance(raw, str):
        if any(letter.isalpha() for letter in raw):
            yield key, raw.strip()
    elif isinstance(raw, dict | list):
        for name, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            if name not in SAME:
                yield from _strings(value, f"{key}.{name}" if key else str(name))


def is_one_text(key: str) -> bool:
    """Return whether the list at a dotted key is one text, its items separated by commas."""
    return key.rpartition(".")[2] in AS_ONE


def digests_of(strings: Mapping[str, str]) -> dict[str, str]:
    """Return a short digest of each text, which changes with any change of the text."""
    return {key: hashlib.sha256(text.encode()).hexdigest()[:8] for key, text in strings.items()}


def problems_of(english: Strings, own: Strings, alphabet: str) -> Iterator[tuple[str, str]]:
    """Yield key and fault of every text that makes an entry unfit to be shown."""
    for key in sorted(english.keys() - own.keys()):
        yield key, "is missing"
    for key in sorted(own.keys() - english.keys()):
        yield key, "is not in the English text"
    for key in sorted(english.keys() & own.keys()):
        wanted, found = _places(english[key]), _places(own[key])
        if wanted != found:
            yield (
                key,
                f"has the placeholders {_listed(found)}, but the English text has {_listed(wanted)}",
            )
        elif not key.startswith(AS_PUBLISHED):
            fault = _written(english[key], own[key], alphabet)
            if fault:
                yield key, fault


def _places(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _listed(places: list[str]) -> str:
    return ", ".join(places) if places else "(none)"


def _written(english: str, own: str, alphabet: str) -> str | None:
    if own == english:
        return "is the same as the English text" if len(own.split()) >= WORDS_AT_LEAST else None
    # The first characters are enough; checking all of them would take half of the start-up time.
    letters = [one for one in own[:SIGNS_LOOKED_AT] if one.isalpha()]
    fitting = sum(_is_of(one, alphabet) for one in letters)
    if len(letters) >= LETTERS_AT_LEAST and fitting * 3 < len(letters):
        return f"is not in the {alphabet} alphabet"
    return None


@cache
def _is_of(letter: str, alphabet: str) -> bool:
    return unicodedata.name(letter, "").startswith(alphabet.upper())
