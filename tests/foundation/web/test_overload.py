"""Who is sent away because too many ask gets a page at once, without the database, with what was typed."""

import re

import pytest
from flask import Flask

from cissapp.foundation.web.overload import LONGEST, SHORTEST, TOO_MANY
from tests.foundation.web.test_faults import ADDRESS, JSON, cut_off, signed_in

__all__ = ["cut_off"]
FULL = {TOO_MANY: True}
SAID = "Many people are using the service right now."


@pytest.mark.parametrize("address", ["/", "/register", "/learn", "/nowhere"])
def test_who_looks_gets_a_page_in_their_language(cut_off: Flask, address: str):
    browser = signed_in(cut_off)

    pages = [browser.get(address, environ_overrides=FULL) for _ in range(2)]

    assert [page.status_code for page in pages] == [503, 503]
    assert all(SHORTEST <= int(page.headers["Retry-After"]) <= LONGEST for page in pages)
    assert SAID in pages[1].get_data(as_text=True)
    assert pages[1].headers["Content-Security-Policy"]


def test_the_page_tells_nobody_what_another_asked_for(cut_off: Flask):
    addresses = ("/password-reset/a-secret-of-one", "/")

    pages = [
        cut_off.test_client().get(address, environ_overrides=FULL).get_data(as_text=True)
        for address in addresses
    ]

    tokens = [re.findall(r'name="csrf_token"\s+value="([^"]+)"', page) for page in pages]
    assert len(tokens[0]) == 1
    assert tokens[0] != tokens[1]
    assert pages[0].replace(tokens[0][0], "") == pages[1].replace(tokens[1][0], "")
    assert "a-secret-of-one" not in pages[0]


@pytest.mark.parametrize(("language", "said"), [("en", SAID), ("ro", '<html lang="ro"')])
def test_each_language_has_its_page(cut_off: Flask, language: str, said: str):
    for _ in range(2):
        browser = signed_in(cut_off, language=language)
        assert said in browser.get("/", environ_overrides=FULL).get_data(as_text=True)


def test_what_was_typed_is_given_back(cut_off: Flask):
    browser = signed_in(cut_off)

    page = browser.post(ADDRESS, data={"text": "what was typed"}, environ_overrides=FULL)

    words = page.get_data(as_text=True)
    assert (page.status_code, SAID in words, "what was typed" in words) == (503, True, True)
    assert page.headers["Retry-After"]


def test_programs_are_told_in_their_way(cut_off: Flask):
    browser = cut_off.test_client()

    script = browser.post(ADDRESS, data={"text": "x"}, headers=JSON, environ_overrides=FULL)
    program = browser.get("/api/v1/schools", environ_overrides=FULL)

    assert (script.status_code, SAID in script.get_json()["message"]) == (503, True)
    assert (program.status_code, program.get_json()["code"]) == (503, "busy")
    assert program.headers["Retry-After"]
