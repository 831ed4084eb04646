"""Translation units, the assessment of a returned file, and the progress of a language."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.translations import (
    PARAGRAPHS,
    Strings,
    TextState,
    Translations,
    problems_of,
)
from cissapp.foundation.core.errors import counted

# A translation this much longer than its English is reported: it may not fit where it is shown.
LONG_FROM_SIGNS = 40
LONG_TIMES = 1.7


class UnitState(StrEnum):
    """What a translator has to do with a unit."""

    TO_TRANSLATE = "to-translate"
    CHANGED = "changed"
    TRANSLATED = "translated"
    READ = "read"


class Unit(Struct, frozen=True):
    """A text as a translator sees it: a paragraph of an entry, by key, in English and in the language."""

    entry: str
    key: str
    english: str
    own: str
    state: UnitState

    @property
    def context(self) -> str:
        """The entry and key in one string, as translators' tools carry it."""
        return f"{self.entry}|{self.key}"


class SentUnit(Struct, frozen=True):
    """A unit of a returned file."""

    context: str
    english: str
    own: str


class TranslationReport(Struct):
    """The outcome of a returned file: entries imported, texts that differ, and why others are refused."""

    taken: dict[str, Strings] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def units_of(translations: Translations, language: str, entries: Iterable[str]) -> list[Unit]:
    """List the units of these entries in the order in which they are read, paragraph by paragraph."""
    found = []
    for entry in entries:
        english = paragraphs_of(translations.entries[entry][ENGLISH])
        own = paragraphs_of(translations.entries[entry].get(language, {}))
        changed = paragraph_keys(translations.changed(entry, language), english)
        state = translations.state(entry, language)
        for key, text in english.items():
            found.append(
                Unit(
                    entry,
                    key,
                    text,
                    own.get(key, ""),
                    _unit_state(state, key, own.get(key), changed),
                )
            )
    return found


def _unit_state(state: TextState, key: str, own: str | None, changed: set[str]) -> UnitState:
    if not own:
        return UnitState.TO_TRANSLATE
    if state is TextState.READ:
        return UnitState.READ
    return UnitState.CHANGED if key in changed else UnitState.TRANSLATED


def paragraphs_of(strings: Mapping[str, str]) -> Strings:
    """Split every text at its empty lines: `body` becomes `body/1`, `body/2`; a single paragraph keeps its key."""
    found: Strings = {}
    for key, text in strings.items():
        parts = [one for one in PARAGRAPHS.split(text) if one.strip()]
        if len(parts) == 1:
            found[key] = parts[0]
        else:
            found |= {f"{key}/{number}": one for number, one in enumerate(parts, start=1)}
    return found


def paragraph_keys(keys: Iterable[str], paragraphs: Mapping[str, str]) -> set[str]:
    """Return the keys of the paragraphs of these texts."""
    whole = set(keys)
    return {one for one in paragraphs if re.sub(r"/\d+$", "", one) in whole}


def joined(paragraphs: Mapping[str, str]) -> Strings:
    """Join paragraphs into whole texts again."""
    found: dict[str, list[str]] = {}
    for key, text in paragraphs.items():
        found.setdefault(re.sub(r"/\d+$", "", key), []).append(text)
    return {key: "\n\n".join(parts) for key, parts in found.items()}


def judge(
    translations: Translations, language: str, alphabet: str, sent: Iterable[SentUnit]
) -> TranslationReport:
    """Compare a returned file with the current English, entry by entry.

    An entry is imported whole or not at all: if a paragraph is missing, was made from other English, or is
    not fit to be shown, nothing of it changes here, and the translator's file still has it.
    """
    report = TranslationReport()
    by_entry: dict[str, dict[str, SentUnit]] = {}
    for unit in sent:
        # An entry that is a single text, such as the title of a section, has no key below it.
        entry, mark, key = unit.context.partition("|")
        if not mark or ENGLISH not in translations.entries.get(entry, {}):
            report.refused.append((unit.context, "the programme has no text with this key"))
            continue
        by_entry.setdefault(entry, {})[key] = unit
    for entry, units in by_entry.items():
        problems = _problems_of_entry(translations, entry, units, alphabet)
        if problems is None:
            continue
        if problems:
            report.refused += [(f"{entry}|{key}", message) for key, message in problems]
            continue
        own = {key: units[key].own for key in paragraphs_of(translations.entries[entry][ENGLISH])}
        before = paragraphs_of(translations.entries[entry].get(language, {}))
        report.taken[entry] = joined(own)
        report.changes += [
            (f"{entry}|{key}", before.get(key, ""), text)
            for key, text in own.items()
            if before.get(key, "") != text
        ]
    return report


def _problems_of_entry(
    translations: Translations, entry: str, units: Mapping[str, SentUnit], alphabet: str
) -> list[tuple[str, str]] | None:
    """List what is wrong with a returned entry; None if its translation has not been started."""
    english = paragraphs_of(translations.entries[entry][ENGLISH])
    if not any(unit.own.strip() for unit in units.values()):
        return None
    problems = [
        (key, "was made from an older English text; export it again")
        for key, unit in units.items()
        if key not in english or unit.english.strip() != english[key]
    ]
    own = {key: unit.own.strip() for key, unit in units.items() if unit.own.strip()}
    return problems or list(problems_of(english, own, alphabet))


class Progress(Struct, frozen=True):
    """How far a language is with a part of the content: entries by state, and words of the English."""

    part: str
    entries: Counter[TextState]
    words: int
    words_there: int


def progress_of(translations: Translations, language: str) -> list[Progress]:
    """Count the entries of each part of the content by their state in a language."""
    parts: dict[str, list[str]] = {}
    for entry in translations.entries:
        parts.setdefault(part_of(entry), []).append(entry)
    return [_progress(translations, language, part, keys) for part, keys in sorted(parts.items())]


def part_of(entry: str) -> str:
    """Return the part of the content that an entry belongs to: its folder."""
    return entry.partition("/")[0]


def _progress(translations: Translations, language: str, part: str, entries: list[str]) -> Progress:
    states = {entry: translations.state(entry, language) for entry in entries}
    words = {entry: words_of(translations.entries[entry][ENGLISH]) for entry in entries}
    there = sum(words[one] for one, state in states.items() if state != TextState.MISSING)
    return Progress(part, Counter(states.values()), sum(words.values()), there)


def words_of(strings: Mapping[str, str]) -> int:
    """Count the words of an entry."""
    return sum(len(text.split()) for text in strings.values())


class Term(Struct, frozen=True):
    """A term of the field in English, with what each language uses or avoids for it, as beginnings of words."""

    english: str
    said: Mapping[str, tuple[str, ...]]
    not_said: Mapping[str, tuple[str, ...]]


def term_warnings(terms: Iterable[Term], language: str, english: str, own: str) -> list[str]:
    """List the terms that a translation does not render as agreed, and the words that it must not use."""
    found = []
    for term in terms:
        said = term.said.get(language, ())
        if said and _has(term.english, english) and not any(_has(one, own) for one in said):
            found.append(f"“{term.english}” should be translated as “{said[0]}”")
        found += [
            f"“{one}” should not be used"
            for one in term.not_said.get(language, ())
            if _has(one, own)
        ]
    return found


def _has(beginning: str, text: str) -> bool:
    """Return whether a text contains consecutive words with these beginnings."""
    pattern = r"\w*[\W_]+".join(re.escape(part) for part in beginning.split())
    return re.search(rf"\b{pattern}", text, re.IGNORECASE) is not None


def length_warning(english: str, own: str) -> str | None:
    """Return a warning about a translation much longer than its English; None if it is not."""
    if len(english) >= LONG_FROM_SIGNS and len(own) > len(english) * LONG_TIMES:
        return f"has {counted(len(own), 'character')}, the English text {len(english)}"
    return None
