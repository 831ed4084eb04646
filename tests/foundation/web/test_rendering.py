"""What is called within a template gets what it gets from Jinja itself."""

import importlib.util

import pytest
from flask_babel import lazy_gettext as _l
from jinja2 import Environment, pass_context, pass_environment, pass_eval_context
from markupsafe import Markup
from wtforms import widgets
from wtforms.widgets import core

from cissapp.foundation.web.rendering import PreparedContext, attributes

PAGE = """{% autoescape true %}
{%- macro shown(text, caller=None) %}<b>{{ text }}{{ caller() if caller }}</b>{% endmacro -%}
{%- for word in words -%}
{{ shown(word) }}{{ plain(word, mark="!") }}{{ word.upper() }}{{ asked(word) }}{{ asked.of(word) }}{{ loop.cycle("a", "b") }}
{{- context_of(word) }}{{ environment_of() }}{{ built(word) }}{{ kind(word) }}{{ ended() }}
{{- missing.of_it is defined }}
{%- endfor -%}
{% call shown("x") %}<i>y</i>{% endcall %}
{% endautoescape %}"""


def _of_the_library():
    """Return the function that the library brings, which an application of this process may have replaced."""
    spec = importlib.util.find_spec("wtforms.widgets.core")
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh.html_params


AS_THE_LIBRARY_DOES = _of_the_library()


class Asked:
    """Something that can be called, and wants to know the context."""

    @pass_context
    def __call__(self, context, word):
        return f"{word}{len(context['words'])}"

    @pass_context
    def of(self, context, word):
        return f"{word}{context['words'][0]}"


def ended():
    raise StopIteration


def rendered(*, prepared):
    environment = Environment(autoescape=True)
    if prepared:
        environment.context_class = PreparedContext
    environment.globals |= {
        "plain": lambda word, mark: word + mark,
        "asked": Asked(),
        "context_of": pass_context(lambda context, word: f"{word}{context['words']}"),
        "environment_of": pass_environment(lambda found: type(found).__name__),
        "built": pass_eval_context(lambda found, word: f"{word}{found.autoescape}"),
        "kind": str,
        "ended": ended,
        "missing": {},
    }
    return environment.from_string(PAGE).render(words=["<one>", "two"])


def test_a_template_reads_as_jinja_alone_renders_it():
    assert rendered(prepared=True) == rendered(prepared=False)


def test_what_was_compiled_once_stays(app):
    kept = app.jinja_env.cache
    app.jinja_env.get_template("layouts/base.html")

    assert type(kept) is dict
    assert any(name == "layouts/base.html" for _loader, name in kept)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {
            "class_": "a b",
            "id": "x",
            "name": "y",
            "data_of_it": 1,
            "aria_label": "<&>'\"`",
            "value": "",
        },
        {"checked": True, "required": False, "selected": None, "value": 0},
        {"value": Markup('<b title="x">'), "title": _l("Save"), "a<b": "c", "d&": True},
    ],
)
def test_attributes_are_those_of_the_library(app, values):
    with app.test_request_context():
        assert (attributes(**values), type(attributes(**values))) == (
            AS_THE_LIBRARY_DOES(**values),
            Markup,
        )


def test_fields_are_written_with_these_attributes(app):
    with app.test_request_context():
        assert {core.html_params, core.Input.html_params, widgets.html_params} == {attributes}
