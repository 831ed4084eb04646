"""Translations: complete for the five languages, with every placeholder in its place."""

import re

import pytest
from babel.messages.pofile import read_po

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.translations import TextState
from cissapp.foundation.paper.text import legible
from config import ROOT

FOLDER = ROOT / "cissapp" / "translations"
LANGUAGES = ["ro", "uk", "ru", "be"]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))


def catalogue(language: str):
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_its_placeholders(language: str):
    with (FOLDER / "messages.pot").open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    wrong = []
    translated = set()
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if all(strings):
            translated.add(message.id)
        allowed = set().union(*(placeholders(one) for one in ids))
        needed = placeholders(ids[0]) & placeholders(ids[-1]) if len(ids) == 1 else set()
        for one in strings:
            if one and not needed <= placeholders(one) <= allowed:
                wrong.append((ids[0], one))

    assert wrong == []
    assert len(wanted - translated) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str):
    from gettext import GNUTranslations

    path = FOLDER / language / "LC_MESSAGES" / "messages.mo"
    with path.open("rb") as file:
        compiled = GNUTranslations(file)
    for message in catalogue(language):
        if isinstance(message.id, str) and message.id and message.string:
            assert compiled.gettext(message.id) == message.string


def test_every_letter_of_the_content_can_be_printed_in_every_language():
    entries = load(ROOT / "modules").translations.entries

    lost = {
        (language, text[:60])
        for languages in entries.values()
        for language, texts in languages.items()
        for text in texts.values()
        if legible(text) != text
    }
    assert lost == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_content_is_whole_and_made_from_the_english_of_today(language: str):
    content = load(ROOT / "modules")
    states = {
        entry: content.translations.state(entry, language) for entry in content.translations.entries
    }

    done = {TextState.DRAFT, TextState.READ}
    assert {entry: state for entry, state in states.items() if state not in done} == {}
    assert [str(one) for one in content.noted if f"/{language}/" in one.file] == []
