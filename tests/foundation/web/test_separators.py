"""The dot between two facts stays at the end of its line; sentences for translation keep their letters."""

import re

import pytest
from jinja2 import Environment

from cissapp.foundation.web.separators import BETWEEN_FACTS, SeparatorsEndLines
from config import ROOT

# A blank is kept before this tag: the line could be broken there.
BLANK_BEFORE_DOT = re.compile(r"\s\{%(?!-)(?:(?!%\}).)*%\}\s*·\s", re.DOTALL)


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("{{ a }} · {{ b }}", "one\xa0· two"),
        ("<a>{{ a }}</a>\n  · <a>{{ b }}</a>", "<a>one</a>\xa0· <a>two</a>"),
        ("{{ a }}{% if b %} · {{ b }}{% endif %}", "one\xa0· two"),
        ('{{ [a, b]|join(" · ") }}', f"one{BETWEEN_FACTS}two"),
        ("{{ a ~ ' · ' ~ b }}", "one\xa0· two"),
        ("{% if a %}<a>{{ a }}</a> ·{% endif %} {{ b }}", "<a>one</a>\xa0· two"),
        ("{{ a }} ·\n{{ b }}", "one\xa0·\ntwo"),
        ("<span>·</span>", "<span>·</span>"),
        ("{{ typed }}", "what · is typed"),
        ('{{ _("%(a)s · %(b)s", a=a, b=b) }}', "one · two"),
        ("{% for trans in [a] %}{{ trans }} · {{ b }}{% endfor %}", "one\xa0· two"),
        ("{% set trans = a %}{{ trans }} · {{ b }}", "one\xa0· two"),
        ("{%- trans a=a %}{{ a }} · {% endtrans %}", "one · "),
        ("{% trans a=a, b=b %}{{ a }} · {{ b }}{% endtrans %} · {{ a }}", "one · two\xa0· one"),
    ],
)
def test_a_line_ends_with_the_dot_and_never_begins_with_it(template: str, page: str):
    environment = Environment(extensions=["jinja2.ext.i18n", SeparatorsEndLines], autoescape=True)
    environment.install_gettext_callables(str, lambda one, _many, _number: one, newstyle=True)

    shown = environment.from_string(template).render(a="one", b="two", typed="what · is typed")

    assert shown == page


def test_no_template_leaves_a_blank_before_a_dot_that_follows_a_tag():
    found = {
        path.relative_to(ROOT).as_posix(): [one.group() for one in broken]
        for path in sorted((ROOT / "cissapp").rglob("templates/**/*.html"))
        if (broken := [*BLANK_BEFORE_DOT.finditer(path.read_text(encoding="utf-8"))])
    }

    assert not found, 'write "{%-" before the dot'
