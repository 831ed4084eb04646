"""The addresses of other pages of a list: a search and the other lists stay, nothing else gets in."""

import pytest
from flask import Flask

from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.web.list_pages import other_pages, place_asked


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("asked", "own", "place", "address"),
    [
        ("", "", {"after": "x"}, "?after=x"),
        ("?name=ana&after=a", "invited_", {"after": "x"}, "?name=ana&after=a&invited_after=x"),
        ("?name=ana&before=a&invited_before=b", "", {"after": "x"}, "?name=ana&invited_before=b&after=x"),
        ("?name=ana&after=a", "", {}, "?name=ana"),
        ("?_external=1&_scheme=javascript", "", {"before": "x"}, "?_external=1&_scheme=javascript&before=x"),
    ],
)  # fmt: skip
def test_a_page_of_one_list_leaves_the_others_where_they_are(
    app: Flask, asked: str, own: str, place: dict[str, str], address: str
) -> None:
    with app.test_request_context(f"/admin/people{asked}"):
        assert other_pages(own)(**place) == f"/admin/people{address}"


def test_each_list_of_a_page_has_its_own_place(app: Flask) -> None:
    with app.test_request_context("/admin/people?before=a&invited_after=b"):
        assert (place_asked(), place_asked("invited_"), place_asked("held_")) == (
            PagePlace("a", back=True),
            PagePlace("b"),
            None,
        )
