"""The regions that a list can be filtered by, in countries with few and with many."""

from datetime import timedelta

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.web import regions
from cissapp.foundation.web.regions import filter_choices, region_choices
from tests.shipped import SHIPPED, country_of, region

PACK = SHIPPED.countries["UA"]
pytestmark = pytest.mark.one_database("sqlite")  # it names the languages; nothing is read from it
IN_FORCE = {code for code in PACK.regions if PACK.in_force(code)}


def offered(chosen=None, *, packs=(PACK,), within=None):
    return [code for code, _name in filter_choices(packs, "en", chosen, within=within)]


@pytest.fixture(autouse=True)
def _app(app):
    with app.app_context():
        yield


@pytest.fixture
def few_are_offered(monkeypatch):
    monkeypatch.setattr(regions, "MOST_OFFERED", len(PACK.top()) + 5)


@pytest.mark.parametrize("within", [None, ["UA-46-02", "UA-05"]])
def test_of_few_regions_all_are_offered(within):
    assert filter_choices([PACK], "en", None, within=within) == region_choices(
        [PACK], "en", within=within
    )


def test_the_districts_of_all_countries_are_few():
    packs = SHIPPED.countries.values()
    assert filter_choices(packs, "en", None) == region_choices(packs, "en")


@pytest.mark.usefixtures("few_are_offered")
@pytest.mark.parametrize("chosen", [None, "", "XX-1", "UA-46", "UA-46-02"])
def test_of_many_regions_the_upper_ones_and_those_around_the_chosen_one_are_offered(chosen):
    around = PACK.children("UA-46") if chosen in {"UA-46", "UA-46-02"} else []
    assert set(offered(chosen)) == {*PACK.top(), *around}


@pytest.mark.usefixtures("few_are_offered")
def test_each_region_is_reached_by_choosing_one_after_the_other():
    reached, new = set(), {None}
    while new:
        found = {code for chosen in new for code in offered(chosen)}
        new = found - reached
        reached |= found
    assert reached == IN_FORCE


@pytest.mark.usefixtures("few_are_offered")
def test_what_is_outside_is_never_offered():
    one = PACK.children("UA-05")[0]
    within = [*PACK.top(), *PACK.children("UA-46"), one]
    assert set(offered("UA-46", within=within)) == {*PACK.top(), *PACK.children("UA-46")}
    assert set(offered("UA-05", within=within)) == {*PACK.top(), one}


def test_the_first_level_is_offered_however_many_it_has(monkeypatch):
    monkeypatch.setattr(regions, "MOST_OFFERED", 1)
    wide = country_of(region("MD-A"), region("MD-B"), region("MD-A-1", "MD-A"))
    assert offered(packs=[wide]) == ["MD-A", "MD-B"]


def test_a_level_is_offered_after_a_first_one_of_many_only_if_it_is_empty(monkeypatch):
    monkeypatch.setattr(regions, "MOST_OFFERED", 1)
    assert list(regions.offered_levels([["A", "B", "C"], ["A-1"]])) == [["A", "B", "C"]]


def test_of_a_level_of_thousands_only_as_many_are_looked_at_as_may_be_offered(monkeypatch):
    monkeypatch.setattr(regions, "MOST_OFFERED", 5)
    lowest = iter(range(1000))

    assert list(regions.offered_levels([["A", "B"], map(str, lowest)])) == [["A", "B"]]
    assert next(lowest) == 4


def test_thousands_beside_or_below_the_chosen_region_are_not_offered(monkeypatch):
    monkeypatch.setattr(regions, "MOST_OFFERED", 3)
    places = [region(f"MD-A-{number}", "MD-A") for number in range(4)]
    wide = country_of(region("MD-A"), *places, region("MD-A-0-1", "MD-A-0"))
    named = []
    monkeypatch.setattr(
        type(wide), "region_name", lambda _pack, code, _language: named.append(code) or code
    )

    assert offered("MD-A", packs=[wide]) == ["MD-A"]
    assert offered("MD-A-0", packs=[wide]) == ["MD-A", "MD-A-0", "MD-A-0-1"]
    assert set(named) == {"MD-A", "MD-A-0", "MD-A-0-1"}


def test_the_chosen_region_is_offered_though_it_ended_is_to_come_or_is_no_use(app):
    day = clock.today()
    reformed = country_of(
        region("MD-A", until=day - timedelta(days=1), into=["MD-B", "MD-C"]),
        region("MD-B", tile=(1, 1)),
        region("MD-C", tile=(1, 2), **{"from": day + timedelta(days=1)}),
    )
    with app.test_request_context():
        for within, others in ((None, ["MD-B"]), ([], [])):
            for chosen in ("MD-A", "MD-B", "MD-C"):
                found = offered(chosen, packs=[reformed], within=within)
                assert found == list(dict.fromkeys([*others, chosen]))
            assert offered("MD-X", packs=[reformed], within=within) == others
