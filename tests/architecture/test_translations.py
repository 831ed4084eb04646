"""Translations: complete for the five languages, with every placeholder in its place."""

import re

import pytest
from babel.messages.pofile import read_po

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
