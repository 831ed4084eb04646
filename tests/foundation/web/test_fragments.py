"""Fragments: made of their key alone, rendered once in each language, and forgotten with the content."""

import re
from dataclasses import replace

import pytest
from flask import render_template_string, session
from flask_babel import force_locale

from cissapp.foundation.content.installed import EXTENSION
from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.web.context import ENTRIES, navigation
from cissapp.foundation.web.fragments import fragment, words_alone

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
