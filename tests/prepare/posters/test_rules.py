"""What stands on a poster for whom, what is left out, and how taps on the spot are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.unicode import CODE_LETTERS
from cissapp.foundation.paper.outlines import commands_of
from cissapp.prepare.posters.rules.choices import (
    PosterChoice,
    PosterFormat,
    Readers,
    choice_of,
    offered_languages,
)
from cissapp.prepare.posters.rules.contents import (
    confirmed,
    contents_problem,
    left_out,
    ways_for,
    ways_of_format,
)
from cissapp.prepare.posters.rules.rounds import (
    CODE_LENGTH,
    MOST_PLACES,
    MOST_TAPS,
    UNSEEN_MONTHS,
    PosterState,
    Sightings,
    count_tap,
    new_code,
    place_problem,
    state_of,
    sum_up,
)
from cissapp.prepare.posters.rules.signs import OUTLINES, SIDE
from tests.prepare.posters.invented import WAYS, unconfirmed

TODAY = date(2026, 11, 27)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("readers", "kept"),
    [
        (Readers.YOUNGER, ["person.1", "person.2", "channel.1", "channel.2", "child", "police"]),
        (Readers.OLDER, ["person.1", "person.2", "channel.1", "channel.2", "child", "police"]),
        (Readers.PARENTS, ["person.1", "person.2", "channel.2", "child", "police"]),
        (Readers.STAFF, ["person.1", "person.2", "step.1", "child", "police"]),
    ],
)
def test_each_kind_of_reader_gets_the_ways_that_concern_them(readers, kept):
    keys = [one.key.removeprefix("helpline.UA.") for one in ways_for(reversed(WAYS), readers)]

    assert sorted(keys) == sorted(kept)
    outside = ("child", "police", "step.1")
    assert [one in outside for one in keys] == sorted(one in outside for one in keys)


def test_what_nobody_confirmed_is_printed_nowhere():
    ways = [unconfirmed(WAYS[0]), *WAYS[1:]]

    assert WAYS[0].key not in {one.key for one in confirmed(ways)}
    assert left_out(ways) == [ways[0]]
    assert contents_problem(ways, Readers.OLDER) is None


@pytest.mark.parametrize(
    ("ways", "readers", "endpoint"),
    [
        ([unconfirmed(one) for one in WAYS], Readers.OLDER, "facts.numbers"),
        ([], Readers.YOUNGER, "mechanism.reporting"),
        (WAYS[-2:], Readers.STAFF, "mechanism.reporting"),
    ],
)
def test_without_a_way_in_school_nothing_is_made_and_it_says_where_to_go(ways, readers, endpoint):
    problem = contents_problem(ways, readers)

    assert problem is not None
    assert problem.link == (endpoint, {})


def test_a_sticker_has_the_number_for_children_and_a_way_only_where_no_page_tells_all():
    found = {
        has_page: [
            one.key for one in ways_of_format(WAYS, PosterFormat.STICKERS, has_page=has_page)
        ]
        for has_page in (True, False)
    }

    assert found == {True: ["helpline.UA.child"], False: ["person.1", "helpline.UA.child"]}


@given(
    st.sampled_from(PosterFormat),
    st.sampled_from(Readers),
    st.lists(st.sampled_from(["uk", "ro", "en"]), min_size=1, max_size=3, unique=True),
    st.booleans(),
)
def test_a_made_paper_names_its_choice(paper, readers, languages, large):
    choice = PosterChoice(paper, readers, tuple(languages), large)

    assert choice_of(choice.name, choice.language) == choice


@pytest.mark.parametrize("name", ["a4", "a5-older", "a4-teachers", "", "policy"])
def test_the_name_of_another_paper_is_no_choice(name):
    assert choice_of(name, "uk") is None


def test_the_languages_of_pupils_come_first_and_only_those_with_words():
    found = offered_languages(["ru", "gag"], ["ro", "ru"], ["en", "ro", "ru", "uk"])

    assert found == ["ru", "ro", "en", "uk"]


def test_every_sign_is_an_outline_on_its_square():
    for outline in OUTLINES.values():
        numbers = [number for _, said in commands_of(outline) for number in said]
        assert all(0 <= number <= SIDE for number in numbers)


@pytest.mark.parametrize("wrong", ["M1 2 Q3 4", "M1", "Z 3", "5 6", "M 1 2 <x>"])
def test_an_outline_of_anything_else_is_refused(wrong):
    with pytest.raises(ValueError, match=r"of an outline|numbers after"):
        commands_of(wrong)


# --- the round -----------------------------------------------------------------------------------


@given(st.lists(DAYS, max_size=60))
def test_taps_are_days_not_people(days):
    counts: dict[date, int] = {}
    for day in days:
        counts[day] = count_tap(counts.get(day, 0))

    expected = Sightings(min(days), max(days), len(set(days))) if days else None
    assert sum_up(counts) == expected
    assert all(1 <= count <= MOST_TAPS for count in counts.values())
    # Taps more or less on a day that is counted already change nothing that is shown.
    assert sum_up({day: count_tap(count) for day, count in counts.items()}) == expected


@given(DAYS, st.none() | DAYS, DAYS)
def test_a_poster_is_looked_for_three_months_after_it_was_last_known(printed, seen, today):
    state = state_of(printed, seen, today)
    known = seen or printed

    if months_after(known, UNSEEN_MONTHS) <= today:
        assert state is PosterState.UNSEEN
    else:
        assert state is (PosterState.HANGS if seen else PosterState.PRINTED)


def test_the_last_day_before_three_months_still_counts():
    seen = date(2026, 8, 28)
    states = [state_of(seen, seen, TODAY + timedelta(days=days)) for days in (0, 1)]

    assert states == [PosterState.HANGS, PosterState.UNSEEN]
    assert state_of(None, None, TODAY) is PosterState.NO_POSTER


def test_a_place_is_on_the_list_once_and_the_list_has_an_end():
    assert place_problem("Canteen", ["Corridor"]) is None
    assert place_problem("canteen", ["Canteen"]).code == "name"
    assert place_problem("x", [str(place) for place in range(MOST_PLACES)]).code == "many"


def test_codes_differ_and_can_be_read_out():
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(one) for one in codes} == {CODE_LENGTH}
    assert set("".join(codes)) <= set(CODE_LETTERS)
