"""A lesson's body in parts, and whose law it tells to whom."""

import pytest

from cissapp.learn.learning.rules.lesson_parts import body_parts, country_texts

BY_COUNTRY = {"MD": "Law of Moldova", "UA": "Law of Ukraine"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## One\n\ntext\n\n## Two\n\nmore", ["One", "Two"]),
        ("Before.\n\n## **One** and [two](https://a.example)\n\ntext", ["", "One and two"]),
        ("### Small\n\nOnly text", [""]),
        ("## One ##\n### Below\ntext", ["One"]),
    ],
)
def test_a_body_falls_into_parts_at_its_headings(body, expected):
    found = body_parts(body)

    assert [one.heading for one in found] == expected
    assert [one.number for one in found] == list(range(1, len(expected) + 1))
    assert "".join("".join(one.text for one in found).split()) == "".join(body.split())


def test_a_reader_sees_the_own_country_and_no_other():
    assert country_texts(BY_COUNTRY, ["UA"]).texts == {"UA": "Law of Ukraine"}
    assert country_texts(BY_COUNTRY, ["BY"]).texts == {}
    assert country_texts(BY_COUNTRY, ["MD", "UA"]).texts == BY_COUNTRY
    assert not country_texts(BY_COUNTRY, ["UA"]).folded


def test_who_has_no_country_sees_all_of_them_folded():
    found = country_texts(BY_COUNTRY, [])

    assert found.texts == BY_COUNTRY
    assert found.folded
