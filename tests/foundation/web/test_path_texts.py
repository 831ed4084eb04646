"""Texts in paths."""

import pytest


@pytest.mark.both_databases
def test_no_address_with_a_null_character_reaches_the_database(client):
    paths = ["/staff/a%00b", "/logos/a%00b.png", "/log/proof/certificate/a%00b", "/verify/a%00b"]

    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


@pytest.mark.one_database("sqlite")
def test_no_route_takes_a_text_that_may_have_a_null_character(app):
    rules = list(app.url_map.iter_rules())
    texts = [one.regex for rule in rules for one in rule._converters.values()]

    assert [one for one in texts if one.startswith("[^/]{")] == []
    assert len([one for one in texts if one.startswith(r"[^/\0]")]) > 50
