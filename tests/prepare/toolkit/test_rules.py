"""Which answers count, what a product lacks, how it stands, in which language it is offered, what comes first."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from cissapp.prepare.facts.rules import Fact
from cissapp.prepare.toolkit.rules.answers import fitting, unanswered
from cissapp.prepare.toolkit.rules.first_thing import FirstThing, ToolkitFacts, first_thing
from cissapp.prepare.toolkit.rules.making import (
    ProductState,
    evidence_of,
    lacking,
    offered_languages,
    state_of,
)
from cissapp.prepare.toolkit.rules.old_papers import is_old
from cissapp.prepare.toolkit.rules.unconfirmed import left_out
from tests.factories import NOW
from tests.prepare.toolkit.library import CARD, LOG, ORDER

FIELDS = ORDER.key.fields


def test_an_answer_that_fits_no_field_any_more_is_left_out():
    given = {
        "trained_by": "  the methodologist ",
        "given_on": None,
        "hours": 4,
        "aim": "third",
        "devices": ["tablets", "watches"],
        "volunteers": "no",
        "gone": "x",
    }

    assert fitting(FIELDS, given) == {
        "trained_by": "the methodologist",
        "hours": "4",
        "devices": ["tablets"],
        "volunteers": "no",
    }
    assert unanswered(FIELDS, {}) == ["trained_by"]
    assert unanswered(FIELDS, {"trained_by": "x"}) == []


def test_a_product_lacks_each_value_once():
    assert lacking(["people", "page"], ["trained_by", "people"], {"page"}) == [
        "people",
        "trained_by",
    ]


@pytest.mark.parametrize(
    ("made_at", "old", "answered_at", "state"),
    [
        (None, True, NOW, ProductState.NOT_MADE),
        (NOW, False, NOW, ProductState.MADE),
        (NOW, True, None, ProductState.OLD),
        (NOW, False, NOW + timedelta(seconds=1), ProductState.OLD),
    ],
)
def test_a_product_is_old_once_what_it_was_made_of_changed(made_at, old, answered_at, state):
    assert state_of(made_at, is_old=old, answered_at=answered_at) is state


def test_a_product_is_old_if_it_says_what_is_not_so_or_too_little():
    said = {"a": "1", "b": "2"}

    assert not is_old({"a": "1"}, said, {"a"})
    assert is_old({"a": "0"}, said, {"a"})
    assert is_old({"gone": "1"}, said, {"gone"})
    assert is_old({"a": "1"}, said, {"a", "b"})
    # It would be left out of the next file, but what was made is not wrong.
    assert not is_old({"a": "1", "b": "2"}, said, {"a"})


def test_what_pupils_read_comes_first():
    found = offered_languages(["uk", "xx"], "ro", {"en", "ro", "uk"}, ["en", "uk", "ro", "ru"])

    assert found == ["uk", "ro", "en"]


def test_some_products_show_nothing():
    assert [evidence_of(one.key) for one in (ORDER, LOG, CARD)] == ["ORD", "POL", None]


def test_a_contact_is_left_out_only_where_its_value_is_used():
    today = date(2026, 11, 25)
    long_ago, lately = date(2026, 5, 1), date(2026, 11, 1)
    facts = {
        fact.key: fact
        for fact in (
            Fact("person.1.contact", "room 7", is_contact=True, confirmed_on=long_ago),
            Fact("channel.1.contact", "box", is_contact=True, confirmed_on=lately),
            Fact("cover.parents_contact", "000", is_contact=True, confirmed_on=None),
            Fact("limits.crime_hours", "24"),
        )
    }

    def named(*used):
        return [one.key for one in left_out(facts, used, today)]

    assert named("people", "crime_hours") == ["person.1.contact"]
    assert named("channels", "outside") == []
    assert named("parents_contact") == ["cover.parents_contact"]


def test_what_everything_is_made_of_comes_first_and_the_plan_last():
    nothing = ToolkitFacts(*[False] * 6)
    whole = ToolkitFacts(
        has_ways=True,
        has_old=False,
        has_unconfirmed=False,
        has_policy=True,
        has_all_products=True,
        has_posters=True,
    )

    assert first_thing(nothing) is FirstThing.WAYS
    assert first_thing(replace(nothing, has_ways=True)) is FirstThing.POLICY
    assert first_thing(replace(whole, has_old=True, has_policy=False)) is FirstThing.RENEW
    assert first_thing(whole) is FirstThing.PLAN
