"""Lists of schools: who sees which, search, pages."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, text

from cissapp.foundation.core import pages
from cissapp.foundation.core.db import db, new_id, session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import folded
from cissapp.people.schools import queries
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import SchoolSearch, rare_words
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


@pytest.mark.parametrize("ahead", [(0, 0), (0, 2), (1, 1)])
def test_a_search_finds_the_same_whether_it_reads_the_list_or_the_words_first(
    group, make, monkeypatch, ahead
):
    """The first names of the list have no such word, or few of them have."""
    for number in range(12):
        word = "Zimbru" if number in {1, 5, 8} or number > 9 else "Gimnaziul"
        make.school(group_id=group.id, name=f"{number:02} {word}", code=f"N{number}")
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    wanted = SchoolSearch(search="zimbru")
    expected = names(queries.schools_page(coordinator, wanted))
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    monkeypatch.setattr(pages, "PAGES_AHEAD", ahead[0])
    monkeypatch.setattr(pages, "PAGES_FAR_AHEAD", ahead[1])

    there = [queries.schools_page(coordinator, wanted)]
    while there[-1].later:
        there.append(queries.schools_page(coordinator, wanted, PagePlace(there[-1].later)))
    back = there[-1:]
    while back[-1].earlier:
        place = PagePlace(back[-1].earlier, back=True)
        back.append(queries.schools_page(coordinator, wanted, place))

    assert len(expected) == 5
    assert [name for page in there for name in names(page)] == expected
    assert [names(page) for page in reversed(back)] == [names(page) for page in there]


@pytest.fixture
def of_three_marks(context):
    """Whether this database has its own index of rare words."""
    return db.engine.dialect.name == "sqlite"


def test_the_index_of_rare_words_follows_names_codes_and_schools(group, make, of_three_marks):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    changed = make.school(group_id=group.id, name="Zimbru A")
    names_of_columns = set(School.__table__.columns.keys()) - {
        "id",
        "code",
        "name",
        "name_key",
        "search_text",
    }
    gone = {name: getattr(changed, name) for name in names_of_columns} | {"id": new_id()}
    with unit_of_work():
        session.execute(insert(School).values(code="GONE", name="Zimbru B", **gone))

    def found(word):
        page = queries.schools_page(coordinator, SchoolSearch(search=word))
        return names(page), page.total

    assert found("zimbru") == (["Zimbru A", "Zimbru B"], 2)
    with unit_of_work():
        school = session.get_one(School, changed.id)
        school.name, school.code = "Cocostârc", "NEW-7"
        session.execute(delete(School).where(School.id == gone["id"]))
    assert [found(word)[0] for word in ("zimbru", "costarc", "new-7")] == [
        [],
        ["Cocostârc"],
        ["Cocostârc"],
    ]
    assert (rare_words.among_found(School.id, "zimbru", ["zimbru"]) is not None) is of_three_marks
    if of_three_marks:
        places = text("SELECT school_id FROM searched_school ORDER BY school_id")
        known = session.scalars(select(School.id).order_by(School.id))
        assert list(session.scalars(places)) == [one.hex for one in known]


def test_a_short_or_a_frequent_word_is_not_looked_up_in_the_index(group, monkeypatch):
    monkeypatch.setattr(rare_words, "MOST_FOUND", 1)

    for plain, code in (("orhei", "orhei"), ("or", "or"), ("liceul", "li")):
        assert rare_words.among_found(School.id, plain, [code]) is None


def test_an_index_that_lost_a_trigger_is_not_asked(group, of_three_marks, monkeypatch):
    monkeypatch.setattr(rare_words, "_is_indexed", {})
    assert rare_words._has_index(db.engine) is of_three_marks
    monkeypatch.setattr(rare_words, "_is_indexed", {})
    if of_three_marks:
        session.execute(text("DROP TRIGGER school_words_added"))

    assert not rare_words._has_index(db.engine)


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


def test_groups_follow_the_alphabet_and_not_the_code_points(context, make):
    names = ["Élan 10", "Ärzte", "élan 9", "Zone"]
    made = {name: make.group("UA", name=name) for name in reversed(names)}

    expected = [made[name] for name in ("Ärzte", "élan 9", "Élan 10", "Zone")]
    assert queries.groups_of_country("UA") == expected
    assert [one for one in queries.groups() if one in expected] == expected
