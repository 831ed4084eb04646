"""What is called within a template gets what it gets from Jinja itself."""

from jinja2 import Environment, pass_context, pass_environment, pass_eval_context

from cissapp.foundation.web.rendering import PreparedContext

PAGE = """{% autoescape true %}
{%- macro shown(text, caller=None) %}<b>{{ text }}{{ caller() if caller }}</b>{% endmacro -%}
{%- for word in words -%}
{{ shown(word) }}{{ plain(word, mark="!") }}{{ word.upper() }}{{ asked(word) }}{{ asked.of(word) }}{{ loop.cycle("a", "b") }}
{{- context_of(word) }}{{ environment_of() }}{{ built(word) }}{{ kind(word) }}{{ ended() }}
{{- missing.of_it is defined }}
{%- endfor -%}
{% call shown("x") %}<i>y</i>{% endcall %}
{% endautoescape %}"""


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
