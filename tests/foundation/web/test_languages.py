"""The words of a page: the same as Flask-Babel's own, whatever is put into them."""

import pytest
from flask import render_template_string
from flask_babel import force_locale, get_translations
from jinja2 import Environment
from markupsafe import Markup

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.content.languages import Language
from cissapp.foundation.web import languages

TEMPLATES = {
    "a word": "{{ _('Save') }}",
    "by its other name": "{{ gettext('Save') }}",
    "a value": "{{ _('Hello %(name)s', name=name) }}",
    "a percent sign": "{{ _('quiz %(percent)s %%', percent=90) }}",
    "one": "{{ ngettext('%(num)d minute', '%(num)d minutes', 1) }}",
    "several": "{{ ngettext('%(num)d minute', '%(num)d minutes', 5) }}",
    "several with a value": "{{ ngettext('%(num)d by %(name)s', '%(num)d by %(name)s', 5, name=name) }}",
    "a block": "{% trans %}Save{% endtrans %}",
    "a block with a value": "{% trans who=name %}Hello {{ who }}{% endtrans %}",
    "as text": "{% autoescape false %}{{ _('Hello %(name)s', name=name) }}{% endautoescape %}",
}


@pytest.fixture(scope="module")
def plain() -> Environment:
    """Return the words as Flask-Babel installs them."""
    found = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    found.install_gettext_callables(
        gettext=lambda text: get_translations().ugettext(text),
        ngettext=lambda one, more, num: get_translations().ungettext(one, more, num),
        newstyle=True,
    )
    return found


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", ["en", "ro", "uk", "ru", "be"])
@pytest.mark.parametrize("name", ["Ana", "<b>Ana</b>", Markup("<i>Ana</i>"), "100 %", "%(name)s"])
def test_the_words_are_those_of_flask_babel(app, plain, language, name):
    with app.test_request_context("/", headers={"Accept-Language": language}):
        ours = {key: render_template_string(text, name=name) for key, text in TEMPLATES.items()}
        own = {key: plain.from_string(text).render(name=name) for key, text in TEMPLATES.items()}

    assert ours == own


def test_a_letter_within_a_page_speaks_its_own_language(app):
    with app.test_request_context("/", headers={"Accept-Language": "ro"}):
        page = render_template_string(TEMPLATES["several"])
        with force_locale("uk"):
            letter = render_template_string(TEMPLATES["several"])
        again = render_template_string(TEMPLATES["several"])

    assert page == again
    assert (page, letter) == ("5 minute", "5 хвилин")


def test_a_language_from_right_to_left_turns_the_page(app, client, monkeypatch):
    arabic = Language(code="ar", name="العربية", direction="rtl", alphabet="arabic")
    monkeypatch.setitem(app.extensions[EXTENSION].languages, "ar", arabic)
    monkeypatch.setitem(languages.OF_PAGES, "ar", arabic.name)

    page = client.get("/help", headers={"Accept-Language": "ar"}).get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in page
    page = client.get("/help", headers={"Accept-Language": "uk"}).get_data(as_text=True)
    assert '<html lang="uk" dir="ltr">' in page


def test_pages_speak_only_what_has_a_catalogue_and_lessons_more(app, client, monkeypatch):
    monkeypatch.delitem(languages.OF_PAGES, "be")

    page = client.get("/help", headers={"Accept-Language": "be, uk;q=0.5"}).get_data(as_text=True)
    assert '<html lang="uk"' in page
    assert "be" in languages.NAMES


def test_a_language_of_an_installation_is_named_and_has_no_pages_yet():
    lists = (languages.NAMES, languages.OF_PAGES)
    known = [dict(one) for one in lists]
    try:
        languages.know({"fr": Language(code="fr", name="Français")})
        assert languages.NAMES["fr"] == "Français"
        assert "fr" not in languages.OF_PAGES
    finally:
        for one, before in zip(lists, known, strict=True):
            one.clear()
            one.update(before)
