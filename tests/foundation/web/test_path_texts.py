"""Texts in paths."""

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

from cissapp.foundation.web.path_texts import PathText


@pytest.mark.both_databases
def test_no_address_with_a_null_character_reaches_the_database(client):
    paths = ["/staff/a%00b", "/logos/a%00b.png", "/log/proof/certificate/a%00b", "/verify/a%00b"]
    paths += ["/api/v1/countries/UA/schools/a%00b", "/api/v1/countries/UA/schools/17/a%00b"]

    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


@pytest.mark.one_database("sqlite")
def test_no_route_takes_a_text_that_may_have_a_null_character(app):
    found = [
        (rule.rule, converter)
        for rule in app.url_map.iter_rules()
        for converter in rule._converters.values()
        if rule.endpoint != "static"  # reads files alone
    ]
    texts = [converter for _rule, converter in found if isinstance(converter, PathText)]
    others = (IntegerConverter, UUIDConverter, AnyConverter)

    assert [one for one in found if not isinstance(one[1], (PathText, *others))] == []
    assert len(texts) > 50
    assert [one.regex for one in texts if r"[^/\0]" not in one.regex] == []
