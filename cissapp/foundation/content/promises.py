"""Checks that no text of the programme relies on a number that its reader's country does not print."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cissapp.foundation.content.faults import ContentFault
from cissapp.foundation.content.mentions import MentionFinder
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.phrases import PhraseFile
from cissapp.foundation.content.values import Content, Module

PHRASES = Path("countries") / "phrases.yaml"
# Nobody reads these as help: where a fact comes from, and what is still to be confirmed.
UNREAD = frozenset({"sources", "source", "confirm"})

# A text: its file, key and language, the text itself, and the countries whose readers see it (empty: all).
Said = tuple[str, str, str, str, list[str]]


def promise_faults(content: Content, root: Path) -> list[ContentFault]:
    """List every text that relies on a missing number, with its file and key."""
    reader = ContentReader(root)
    file = reader.read(root / PHRASES, PhraseFile)
    if file is None:
        return reader.faults
    finder = MentionFinder(file, content)
    for path, key, language, text, countries in texts_of(content):
        for problem in finder.problems(text, language, readers(content, countries)):
            reader.fault(path, key, problem)
    return reader.faults


def readers(content: Content, countries: list[str]) -> list[CountryPack]:
    """List the packs of these countries; of all, if none is named."""
    packs = content.countries
    return [packs[code] for code in countries or packs if code in packs]


def texts_of(content: Content) -> Iterator[Said]:
    """Yield the texts of modules, lessons and questions, in every language."""
    for module in content.modules:
        folder = f"{module.number}-{module.id}"
        for language, text in module.texts.items():
            for key, said in strings(text):
                yield f"{folder}/{language}/module.yaml", key, language, said, []
        yield from _lessons(module, folder)
        yield from _questions(module, folder)


def _lessons(module: Module, folder: str) -> Iterator[Said]:
    for lesson in module.lessons:
        for language, text in lesson.texts.items():
            path = f"{folder}/{language}/{lesson.id}.md"
            for key, said in strings(text):
                first, _dot, second = key.partition(".")
                yield path, key, language, said, [second] if first == "by_country" else []


def _questions(module: Module, folder: str) -> Iterator[Said]:
    for question in module.questions:
        countries = list(question.key.countries)
        for language, text in question.texts.items():
            path = f"{folder}/{language}/questions.yaml"
            for key, said in strings(text):
                yield path, f"{question.id}.{key}", language, said, countries
        for key, said in strings(getattr(question.key, "accepted", None) or {}, "accepted"):
            yield f"{folder}/questions.yaml", f"{question.id}.{key}", "en", said, countries


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text below a value with its key."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            if name not in UNREAD:
                yield from strings(one, f"{key}.{name}" if key else str(name))
