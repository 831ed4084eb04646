"""Which language a page speaks: the person's own, else the chosen one, else the browser's; and lessons."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, request, session
from flask_babel import Babel, force_locale, get_locale, gettext
from wtforms.i18n import messages_path

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.languages import (
    ENGLISH,
    Direction,
    Language,
    SortKey,
    programme_languages,
)
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.web import rendering

OFFERED = "ciss-offered-languages"  # of the present content, an editor's preview puts another one in its place
CATALOGUES = Path(__file__).parents[2] / "translations"
NAMES = {code: one.name for code, one in programme_languages().items()}
# The pages are available in languages that have a catalogue; lessons may have more.
OF_PAGES = {
    code: name for code, name in NAMES.items() if code == ENGLISH or (CATALOGUES / code).is_dir()
}


def know(languages: Mapping[str, Language]) -> None:
    """Add the languages of this installation's content to those that are listed and named."""
    for code, language in languages.items():
        NAMES[code] = language.name
        if (CATALOGUES / code).is_dir():
            OF_PAGES[code] = language.name


def direction_of(language: str) -> str:
    """Return in which direction a language is written, as HTML names it."""
    known = content().languages.get(language)
    return known.direction if known else Direction.LEFT_TO_RIGHT


def in_order_of(language: str) -> Callable[[str], SortKey]:
    """Return the sort key of a language; that of English for one that the content does not know."""
    known = content().languages
    return known.get(language, known[ENGLISH]).sort_key


def current() -> str:
    """Return the language of this request."""
    person = signed_in()
    chosen = getattr(person, "language", None) or session.get("language")
    if chosen in OF_PAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(OF_PAGES), ENGLISH) or ENGLISH


def in_every_language(message: str) -> set[str]:
    """Return a marked sentence in each language of the pages, to recognise what was named after it."""
    said = set()
    for language in OF_PAGES:
        with force_locale(language):
            said.add(str(gettext(message)))
    return said


def country_name(code: str | None) -> str:
    """Name a country in the language of this request; by its code, if the content does not know it."""
    country = content().countries.get(code or "")
    return country.name(current()) if country else code or ""


def of_content(person: Actor | None = None) -> str:
    """Return the language in which a person learns: the one chosen for lessons, else that of the pages.

    Without a person, those of this request; for a named one, who gets a mail, that person's own.
    """
    chosen = getattr(person or signed_in(), "content_language", None)
    if chosen in content().languages:
        return str(chosen)
    return str(getattr(person, "language", ENGLISH)) if person else current()


def offered_for_content() -> dict[str, str]:
    """Return the languages in which something of the modules can be read, each by its own name."""
    found = content()
    kept: tuple[Content, dict[str, str]] | None = current_app.extensions.get(OFFERED)
    if kept is None or kept[0] is not found:
        there: set[str] = set()
        for module in found.modules:
            there.update(module.texts, *(lesson.texts for lesson in module.lessons))
        names = {code: one.name for code, one in found.languages.items() if code in there}
        kept = current_app.extensions[OFFERED] = (found, names)
    return kept[1]


@cache
def _of_forms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def of_forms() -> NullTranslations:
    """Return the words of WTForms in the language of the page; each catalogue is read once."""
    return _of_forms(str(get_locale() or "en"))


@cache
def _locale_of(language: str) -> Locale:
    """Return the rules of a language; Babel looks for its file each time it is asked by name."""
    return Locale.parse(language)


def init_app(app: Flask, time_zone: Callable[[], str]) -> None:
    """Set Flask-Babel up; moments are written in the time zone that the function names."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=lambda: _locale_of(current()), timezone_selector=time_zone)
    rendering.init_app(app)
