"""A language of the programme is known wherever languages are listed (docs/recipes/language.md)."""

import pytest

from cissapp.foundation.content.languages import programme_languages
from cissapp.foundation.safeguards.rules import word_lists
from cissapp.foundation.web import languages
from cissapp.learn.authoring.rules.drafts import WORDS_OF_TRUTH
from cissapp.prepare.applications.rules.clarity_words import CLARITY_WORDS
from cissapp.prepare.drills.rules.messages import MESSAGES
from config import ROOT

PLACES = {
    "how it calls itself": languages.NAMES,
    "safeguards": word_lists.LANGUAGES,
    "true and false": WORDS_OF_TRUTH,
    **{f"clear answers: {aspect}": words for aspect, words in CLARITY_WORDS.items()},
    **{f"drills: {template}": words for template, words in MESSAGES.items()},
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_knows_every_language(place: str):
    assert set(PLACES[place]) == set(programme_languages())


def test_pages_are_translated_into_every_language():
    catalogues = {path.parts[-3] for path in ROOT.glob("cissapp/translations/*/LC_MESSAGES/*.po")}

    assert catalogues | {"en"} == set(programme_languages())


def test_certificates_have_their_words_in_every_language():
    words = {path.parent.name for path in ROOT.glob("modules/standard/*/certificate.yaml")}

    assert words == set(programme_languages())
