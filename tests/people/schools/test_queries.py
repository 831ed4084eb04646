"""Lists of schools: who sees which, search, pages."""

from uuid import uuid4

import pytest

from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import folded
from cissapp.people.schools import queries
from cissapp.people.schools.queries import SchoolSearch
from cissapp.people.schools.rules import Progress


def names(page):
    return [school.name for school in page.rows]


@pytest.fixture
def group(context, make):
    group = make.group("MD")
    make.school(
        group_id=group.id, name="Школа № 5", locality="Бельцы", code="50%", region_code="MD-BA"
    )
    make.school(group_id=group.id, name="Liceul Eminescu", locality="Orhei", code="A_1")
    make.school(
        group_id=group.id,
        name="Gimnaziul Mic",
        locality="Orhei",
        code="AB1",
        progress=Progress.TRAINED,
    )
    make.school(name="Of another group", code="X")
    return group


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (SchoolSearch(), ["Gimnaziul Mic", "Liceul Eminescu", "Школа № 5"]),
        (SchoolSearch(search="школа"), ["Школа № 5"]),
        (SchoolSearch(search="ШКОЛА бельцы"), ["Школа № 5"]),
        (SchoolSearch(search="EMINESCU"), ["Liceul Eminescu"]),
        (SchoolSearch(search="orhei liceul"), ["Liceul Eminescu"]),
        (SchoolSearch(search="%"), ["Школа № 5"]),
        (SchoolSearch(search="_"), ["Liceul Eminescu"]),
        (SchoolSearch(search="\\"), []),
        (SchoolSearch(search="another"), []),
        (SchoolSearch(region_code="MD-OR"), ["Gimnaziul Mic", "Liceul Eminescu"]),
        (SchoolSearch(region_code="MD-OR", progress=Progress.TRAINED), ["Gimnaziul Mic"]),
    ],
)
def test_a_coordinator_finds_schools_of_the_own_group(group, make, wanted, expected):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)

    assert names(queries.schools_page(coordinator, wanted)) == expected


def test_the_secretariat_sees_all_schools_and_a_ministry_none(group, make):
    assert len(queries.schools_page(make.user(Role.SECRETARIAT), SchoolSearch()).rows) == 4
    assert queries.schools_page(make.user(Role.MINISTRY), SchoolSearch()).rows == []


def test_a_word_is_found_as_by_comparing_every_text(group, make):
    """Whatever index the database uses: the same as looking at each school."""
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    everyone = queries.schools_page(coordinator, SchoolSearch()).rows
    texts = [
        "школа",
        "Beltsy",
        "бЕЛЬ",
        "ic",
        "Emin",
        "0%",
        "a_1",
        "_",
        "%",
        "5",
        "№",
        "орхей",
        "liceul",
    ]

    for word in texts:
        found = names(queries.schools_page(coordinator, SchoolSearch(search=word)))
        plain = folded(word)
        assert found == [
            one.name
            for one in everyone
            if word.lower() in one.code.lower()
            or (plain in one.search_text if plain else word in f"{one.name} {one.locality}")
        ], word


def test_a_long_list_has_pages(context, make, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    group = make.group("MD")
    for letter in "CABED":
        make.school(group_id=group.id, name=letter)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)

    def page(place=None):
        return queries.schools_page(coordinator, SchoolSearch(), place)

    first = page()
    second = page(PagePlace(first.later))
    third = page(PagePlace(second.later))
    gone = [page(PagePlace(row)) for row in (str(uuid4()), "9", "x")]

    assert [names(one) for one in (first, second, third)] == [["A", "B"], ["C", "D"], ["E"]]
    assert names(page(PagePlace(third.earlier, back=True))) == ["C", "D"]
    assert (first.earlier, third.later) == ("", "")
    assert gone == [first] * 3


def test_the_own_group_is_what_the_guard_asks_for(context, make):
    coordinator = make.user(Role.COORDINATOR)
    found = queries.own_group(coordinator)

    assert found
    assert found.group_id == coordinator.group_id
    assert queries.own_group(make.user(Role.SECRETARIAT)) is None


def test_open_groups_of_a_country_are_found(context, make):
    wide, _other = make.group("MD", "UA", name="Wide"), make.group("UA", name="Narrow")
    make.group("MD", name="Closed", to_on=wide.from_on)

    assert queries.groups_of_country("MD") == [wide]
