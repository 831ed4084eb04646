"""The words of a page: the same as Flask-Babel's own, whatever is put into them."""

import pytest
from flask import render_template_string
from flask_babel import force_locale
from markupsafe import Markup

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


def plain(app):
    """Leave the bound words out: what Flask-Babel installed answers."""
    found = app.template_context_processors[None]
    rest = [one for one in found if one.__name__ != "words"]
    assert len(rest) == len(found) - 1
    return rest


@pytest.mark.parametrize("language", ["en", "ro", "uk", "ru", "be"])
@pytest.mark.parametrize("name", ["Ana", "<b>Ana</b>", Markup("<i>Ana</i>"), "100 %", "%(name)s"])
def test_the_words_are_those_of_flask_babel(app, language, name, monkeypatch):
    with app.test_request_context("/", headers={"Accept-Language": language}):
        bound = {key: render_template_string(text, name=name) for key, text in TEMPLATES.items()}
        monkeypatch.setitem(app.template_context_processors, None, plain(app))
        own = {key: render_template_string(text, name=name) for key, text in TEMPLATES.items()}

    assert bound == own


def test_a_letter_within_a_page_speaks_its_own_language(app):
    with app.test_request_context("/", headers={"Accept-Language": "ro"}):
        page = render_template_string(TEMPLATES["several"])
        with force_locale("uk"):
            letter = render_template_string(TEMPLATES["several"])
        again = render_template_string(TEMPLATES["several"])

    assert page == again
    assert (page, letter) == ("5 minute", "5 хвилин")
