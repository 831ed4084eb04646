"""Says the invented texts of the demonstration in the language of a school."""

from typing import TypeVar

from flask_babel import force_locale, gettext
from msgspec import Struct
from msgspec.structs import asdict, replace

from cissapp.foundation.content.languages import ENGLISH

Facts = TypeVar("Facts", bound=Struct)


def in_language(text: str, language: str, **values: str) -> str:
    """Translate a text that is marked for translation; English if the catalogue has no translation."""
    if language == ENGLISH:
        return text % values if values else text
    with force_locale(language):
        return str(gettext(text, **values))


def facts_in_language(facts: Facts, language: str) -> Facts:
    """Translate all marked texts of a struct."""
    texts = {
        name: in_language(text, language)
        for name, text in asdict(facts).items()
        if type(text) is str and text  # the names of choices are strings too
    }
    return replace(facts, **texts)
