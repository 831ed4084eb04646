"""Fragments: made of their key alone, rendered once in each language, and forgotten with the content."""

import re
from functools import lru_cache

import pytest
from flask import render_template_string, session
from flask_babel import force_locale
from markupsafe import Markup
from msgspec.structs import replace

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import fragments
from cissapp.foundation.web.context import ENTRIES, navigation
from cissapp.foundation.web.fragments import EXTENSION as FRAGMENTS
from cissapp.foundation.web.fragments import filled, fragment, gaps, words_alone

LINKS = "layouts/_footer_links.html"


@pytest.fixture
def request_of_a_visitor(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield app


def test_a_fragment_is_rendered_once_and_in_each_language(request_of_a_visitor):
    english = words_alone(LINKS)
    with force_locale("uk"):
        ukrainian = words_alone(LINKS)

    assert "Certified schools" in english
    assert english != ukrainian
    assert words_alone(LINKS) is english


def test_each_key_has_its_own(request_of_a_visitor):
    made = []

    def build(*key: str) -> dict[str, object]:
        made.append(key)
        return {}

    for key in (("a", "b"), ("ab",), ("a", "b"), ("b", "a")):
        fragment(LINKS, build, *key)

    assert made == [("a", "b"), ("ab",), ("b", "a")]


def test_what_is_asked_for_stays_when_no_place_is_left(request_of_a_visitor, monkeypatch):
    """What every page needs was rendered anew with all the rest as soon as there was one too many."""
    monkeypatch.setattr(fragments, "KEPT", 3)
    monkeypatch.delitem(request_of_a_visitor.extensions, FRAGMENTS, raising=False)
    made = []

    def build(number: int) -> dict[str, object]:
        made.append(number)
        return {}

    for number in (0, 1, 0, 2, 0, 3, 0, 4, 0, 1):
        fragment(LINKS, build, number)

    assert made == [0, 1, 2, 3, 4, 1]


def test_other_content_forgets_what_was_kept(request_of_a_visitor):
    app = request_of_a_visitor
    first, known = words_alone(LINKS), app.extensions[EXTENSION]
    try:
        app.extensions[EXTENSION] = replace(known)
        assert words_alone(LINKS) is not first
    finally:
        app.extensions[EXTENSION] = known


def test_a_fragment_knows_nothing_of_its_page(request_of_a_visitor):
    of_a_page = {"signed_in", "here", "person_mark", "nav", "can", "place", "unread_notices"}
    template = request_of_a_visitor.jinja_env.get_template(LINKS)

    assert not of_a_page & set(template.new_context({}).get_all())


def test_words_follow_the_language_in_force(request_of_a_visitor):
    template = "{% from 'components/breadcrumbs.html' import breadcrumbs %}{{ breadcrumbs([]) }}"
    english = render_template_string(template)
    with force_locale("uk"):
        ukrainian = render_template_string(template)

    assert "You are here" in english
    assert "You are here" not in ukrainian
    assert render_template_string(template) == english
    assert "csrf_token" not in session


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_navigation_is_that_of_a_role_a_place_and_a_language(app, language):
    def at(path, role):
        with app.test_request_context(path, headers={"Accept-Language": language}):
            return navigation(SystemActor(role=role))

    for role, known in ENTRIES.items():
        elsewhere = at("/help", role)
        hrefs = re.findall(r'href="([^"]+)"', elsewhere)
        assert len(hrefs) == len(known)
        assert "aria-current" not in elsewhere
        assert ("Main navigation" in elsewhere) == (language == "en")
        for href in hrefs:
            assert re.findall(r'href="([^"]+)"\s+aria-current', at(f"{href}/x", role)) == [href]
            assert ("data-current" in at(href, role)) == (href in hrefs[5:])


def test_what_is_put_into_gaps_is_escaped_each_time_and_not_kept(request_of_a_visitor):
    kept = Markup("<a title='{name}'>{name} {nav}</a>").format(**gaps("name", "nav"))

    def seen(name):
        return filled(kept, name=name, nav=Markup("<b>"))

    assert seen("<i> & '") == "<a title='&lt;i&gt; &amp; &#39;'>&lt;i&gt; &amp; &#39; <b></a>"
    assert seen("\0nav\0") == "<a title='\0nav\0'>\0nav\0 <b></a>"


PAGES = ("/learn", "/learn/risks-and-harms", "/learn/risks-and-harms/grooming", "/notifications")
PERSONAL = (
    r'name="csrf_token"\s+value="([^"]+)"',
    r'data-person="([^"]+)"',
    r'account-name">([^<]+)<',
    r'class="place small">([^<]+)<',
)


def rendered_from_now_on(app):
    """Forget what is kept, and list what is rendered to be kept."""
    app.extensions.pop(FRAGMENTS, None)
    with app.test_request_context("/"):
        words_alone(LINKS)
    content, known = app.extensions[FRAGMENTS]
    kept = []

    def render(*key):
        kept.append(known.__wrapped__(*key))
        return kept[-1]

    app.extensions[FRAGMENTS] = (content, lru_cache(render))
    return kept


def test_nothing_of_a_person_is_kept_or_seen_by_another(app, make, sign_in):
    """People of all roles and of two schools, after each other and once more, in one process."""
    others = [make.manager(school=make.school(name=f"School {word}")) for word in ("one", "two")]
    others += [make.user(Role.REVIEWER), make.user(Role.COORDINATOR), make.user(Role.SECRETARIAT)]
    kept = rendered_from_now_on(app)
    found, pages = {}, {}
    for person in (*others, *reversed(others)):
        browser = sign_in(person)
        texts = [browser.get(path).get_data(as_text=True) for path in PAGES]
        own = {one for text in texts for pattern in PERSONAL for one in re.findall(pattern, text)}
        assert person.name in own
        found.setdefault(person.id, set()).update(own)
        pages.setdefault(person.id, []).append("".join(texts))

    assert kept
    for person_id, own in found.items():
        foreign = set().union(*(found[other] for other in found if other != person_id)) - own
        assert foreign
        assert [one for page in pages[person_id] for one in foreign if one in page] == []
        assert [one for one in own if one in "".join(kept)] == []


def test_who_may_do_less_never_gets_what_was_rendered_for_another(make, sign_in):
    learner, reader = make.manager(), make.user(Role.REVIEWER)
    lesson = "/learn/risks-and-harms/grooming"
    forms = [r"/read\"", r"/quiz\""]

    def seen(person):
        page = sign_in(person).get(lesson).get_data(as_text=True)
        return [bool(re.search(form, page)) for form in forms]

    assert [seen(one) for one in (learner, reader, learner)] == [
        [True, True],
        [False, False],
        [True, True],
    ]
