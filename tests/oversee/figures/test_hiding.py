"""Which figures are hidden, and that nothing that is shown anywhere, or on another day, fixes a hidden one."""

from collections.abc import Callable, Hashable, Mapping
from itertools import pairwise
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cissapp.oversee.figures.rules import PLACES, Column, FigureTable, table_of
from cissapp.oversee.figures.rules.funnel import sum_of
from cissapp.oversee.figures.rules.hiding import (
    WHOLE,
    Places,
    Row,
    hidden_cells,
    hidden_parts,
    swaps,
)
from tests.oversee.figures.solver import (
    COUNTRY,
    HIDDEN,
    Country,
    fixed_cells,
    fixed_in_any_table,
    hidden_of,
    moved,
)

C = Column
# In training or trained; submitted or in review: both are told in the brief.
SUMS = (range(1, 3), range(3, 5))
PUBLIC = (C.SCHOOLS, C.LEVEL_1, C.LEVEL_2, C.LEVEL_3, C.CERTIFIED, C.EXPIRING)

Rows = Mapping[str, tuple[int, ...]]


def row(*places: int, levels=(0, 0, 0), expiring: int = 0, expired: int = 0) -> dict[Column, int]:
    """The figures of a region: its six places, then its certificates."""
    places = (*places, *[0] * (6 - len(places)))
    return {
        **dict(zip(PLACES, places, strict=True)),
        C.SCHOOLS: sum(places),
        **dict(zip((C.LEVEL_1, C.LEVEL_2, C.LEVEL_3), levels, strict=True)),
        C.CERTIFIED: sum(levels),
        C.EXPIRING: expiring,
        C.EXPIRED: expired,
    }


def texts(table: FigureTable, code: str | None, columns=PLACES) -> list[str]:
    found = table.whole if code is None else table.regions[code]
    return [found[column].text for column in columns]


# --- what is hidden ---------------------------------------------------------------------------


def test_large_figures_are_shown():
    large = row(40, 30, 20, 10, 9, 8)

    table = table_of({"A": large, "B": large})

    assert texts(table, "A") == ["40", "30", "20", "10", "9", "8"]
    assert texts(table, None) == ["80", "60", "40", "20", "18", "16"]


def test_a_small_figure_is_hidden_with_its_neighbour_and_with_both_in_the_two_smallest_regions():
    table = table_of(
        {
            "A": row(40, 30, 20, 10, 9, 8),
            "B": row(50, 30, 20, 10, 9, 8),
            "C": row(60, 30, 20, 10, 9, 8),
            "D": row(70, 30, 20, 10, 3, 18),
        }
    )

    assert texts(table, "D") == ["70", "30", "20", "–", "–", "18"]
    assert texts(table, "C") == ["60", "30", "20", "10", "9", "8"]
    assert texts(table, "A") == ["40", "30", "20", "–", "–", "8"]
    assert texts(table, None) == ["220", "120", "80", "40", "30", "42"]


def test_a_region_hides_a_place_that_few_schools_of_the_others_are_at():
    """The others hide theirs, but what is left for them of the country's number would be zero, or small."""
    others = {name: row(50, 40, 30, 20, 2, 20) for name in "AB"}
    few, many = row(60, 50, 40, 30, 40, 30), row(60, 50, 40, 30, 40, 30)

    table = table_of({**others, "C": few})

    assert texts(table, "C")[4] == HIDDEN == texts(table, "A")[4]
    assert texts(table, None)[4] == "44"
    assert texts(table_of({**others, "C": few, "D": many}), "C")[4] == "40"


def test_what_nobody_has_reached_is_shown_and_any_other_nought_is_hidden_like_a_small_figure():
    table = table_of({"A": row(40, 30), "B": row(30, 40), "C": row(90, 0)})

    assert texts(table, None) == ["160", "70", "0", "0", "0", "0"]
    assert texts(table, "C") == ["–", "–", "0", "0", "0", "0"]


def test_a_small_region_shows_no_places_and_a_region_without_schools_shows_noughts():
    table = table_of({"A": row(3, 4, 4), "B": row(0), "C": row(90, 80, 70), "D": row(80, 80, 70)})

    assert texts(table, "A") == ["–"] * 3 + ["0"] * 3
    assert texts(table, "B") == ["0"] * 6
    assert texts(table, "C") == ["90", "80", "70", "0", "0", "0"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=1, max_size=9))
def test_regions_without_schools_hide_nothing_and_share_one_row(numbers):
    """A large country has tens of thousands of them: nothing is computed for each."""
    regions = {f"A-{place}": row(*places) for place, places in enumerate(numbers)}
    filled = {code: counts for code, counts in regions.items() if counts[C.SCHOOLS]}
    filled["A"] = {column: sum(one[column] for one in regions.values()) for column in Column}
    empty = {code: row(0) for code in (*(regions.keys() - filled.keys()), "A-X", "B")}
    parents = {code: "A" for code in {**filled, **empty} if "-" in code}

    found = table_of(filled, parents, empty=empty)

    assert found == table_of({**filled, **empty}, parents)
    assert list(found.regions) == sorted({**filled, **empty})
    assert found.regions["A-X"] is found.regions["B"]


def test_a_country_with_all_schools_at_the_first_place_shows_none():
    """Each region would say where its few schools are."""
    table = table_of({"A": row(1), "B": row(12)})

    assert texts(table, "A") == texts(table, "B") == texts(table, None) == ["–"] * 6


def test_schools_certificates_and_their_ends_are_public():
    table = table_of({"A": row(0, 0, 0, 0, 0, 3, levels=(1, 2, 0), expiring=1), "B": row(9)})

    assert texts(table, "A", PUBLIC) == ["3", "1", "2", "0", "3", "1"]
    assert texts(table, None, PUBLIC) == ["12", "1", "2", "0", "3", "1"]


def test_a_certified_school_that_renews_has_neither_to_begin_nor_to_train():
    """Everybody knows that it is trained: a dash would hide a nought that can only be one."""
    renewing = row(0, 0, 1, 1, levels=(2, 0, 0), expiring=2)
    table = table_of({"A": renewing, **{name: row(9, 3, 4, 4, 3, 3) for name in "BC"}})

    assert texts(table, "A") == ["0", "0", "–", "–", "–", "–"]
    assert texts(table, "B")[1] == HIDDEN


def test_the_middle_is_as_large_as_what_is_shown_where_the_certified_are_known():
    """Registered and certified are shown, so what is left of all schools must not be small."""
    others = {name: row(40, 40, 40, 40, 40, 40) for name in "ABC"}

    few = table_of({**others, "D": row(40, 3, 0, 0, 0, 60, levels=(60, 0, 0))})

    assert texts(few, "D")[0] == HIDDEN
    assert texts(table_of({**others, "D": row(40, 3, 0, 0, 0, 60)}), "D")[0] == "40"


def test_few_schools_beside_those_that_joined_are_hidden():
    """Three had not begun, then twelve joined: where nobody begins, 15 would tell the three."""
    rows = {name: row(40, 30, 20, 10, 9, 8) for name in "ABC"} | {"D": row(15, 40, 30, 20, 20, 20)}
    same = {name: sum(one[place] for place in PLACES) for name, one in rows.items()}

    def told(joined: int, before=same):
        table = table_of(rows, before={**before, "D": same["D"] - joined})
        return texts(table, "D")[0], texts(table, "A")[0]

    assert told(12) == told(10) == (HIDDEN, HIDDEN)
    assert told(9) == told(16) == told(0) == ("15", "40")
    assert texts(table_of(rows, before={}), "D")[0] == "15"
    assert texts(table_of(rows), "D")[0] == "15"


def test_expired_ones_are_hidden_for_themselves():
    figures = {
        name: row(30, 30, expired=count) for name, count in zip("ABCD", (9, 9, 2, 9), strict=True)
    }

    table = table_of(figures)

    assert [texts(table, name, [C.EXPIRED])[0] for name in "ABCD"] == ["–", "–", "–", "9"]
    assert texts(table, None, [C.EXPIRED]) == ["29"]
    assert texts(table_of({"A": row(30), "B": row(40)}), None, [C.EXPIRED]) == ["0"]


def test_a_district_shows_no_more_than_its_region_and_schools_without_district_count_as_one():
    districts = {"A1": row(2, 30, 30), "A2": row(2, 40, 40)}
    others = {name: row(40, 90, 90) for name in "BC"}

    table = table_of({"A": row(4, 80, 80), **districts, **others}, {"A1": "A", "A2": "A"})

    assert [texts(table, name)[:3] for name in ("A", "A1", "A2")] == [
        ["–", "–", "80"],
        ["–", "–", "30"],
        ["–", "–", "40"],
    ]


def test_schools_that_name_no_district_count_as_one():
    rows = {"A": Row((40, 40)), "A1": Row((19, 20)), "A2": Row((18, 19)), "B": Row((99, 99))}

    hidden = hidden_cells(rows, {"A1": "A", "A2": "A"}, Places(2, (1,), ((0, 1), (1, 2))), least=5)

    assert hidden == {("A2", 0), ("A2", 1)}


def test_a_sum_of_hidden_places_is_shown_if_the_cuts_on_both_sides_are():
    """Of 20 schools 16 have begun, and of the 12 that have submitted a few are at each place."""
    rows = {"A": row(4, 16, 16, 3, 9, 8), "B": row(4, 16, 16, 3, 9, 8), "C": row(*[90] * 6)}
    table = table_of(rows)

    assert texts(table, "A") == ["–", "–", "16", "–", "–", "8"]
    assert sum_of(table.regions["A"], (C.SUBMITTED, C.IN_REVIEW)).text == "12"
    assert sum_of(table.regions["A"], (C.IN_TRAINING, C.TRAINED)).text == HIDDEN


def test_a_country_may_hide_more_or_nothing():
    figures = {name: row(40, 30, 20, 10, 9, 8) for name in "AB"}

    assert "–" in texts(table_of(figures, least=10), "A")
    assert texts(table_of({"A": row(1, 2)}, least=1), "A") == ["1", "2", "0", "0", "0", "0"]


def test_nothing_at_all_is_an_empty_table():
    table = table_of({})

    assert (table.regions, {cell.text for cell in table.whole.values()}) == ({}, {"0"})


# --- what can be worked out of it -------------------------------------------------------------


def rule(
    least: int,
    parents: Mapping[str, str],
    cuts: tuple[int, ...],
    joined: Mapping[str, int] | None = None,
) -> Callable:
    """Publish by the rule of this programme, with fewer places."""
    joined, number = joined or {}, len(cuts) + 1
    places = Places(number, cuts, tuple((place, place + 1) for place in range(number)), early=2)

    def publish(rows: Rows) -> Mapping[tuple[str, int], Hashable]:
        named = {
            name: Row(numbers, joined=joined.get(name, 0))
            for name, numbers in rows.items()
            if name != COUNTRY
        }
        hidden = hidden_cells(named, parents, places, least=least)
        return shown_with(rows, hidden)

    return publish


def shown_with(rows: Rows, hidden) -> dict[tuple[str, int], Hashable]:
    return {
        (name, place): HIDDEN if (name, place) in hidden else number
        for name, numbers in rows.items()
        for place, number in enumerate(numbers)
    }


@pytest.mark.parametrize(
    ("sizes", "parents", "least", "cuts"),
    [
        ({"A": 3, "B": 7, "C": 8}, {}, 2, (1,)),
        ({"A": 1, "B": 1, "C": 8, "D": 9}, {}, 2, (1,)),
        ({"A": 5, "B": 9}, {}, 3, (1,)),
        ({"A": 6, "B": 7}, {}, 2, (1, 2)),
        ({"A": 1, "B": 6, "C": 8}, {}, 2, (1, 2)),
        ({"A": 3, "B": 6}, {}, 2, (1, 3, 2)),
        (
            {"A1": 3, "A2": 7, "B1": 2, "B2": 6},
            {"A1": "A", "A2": "A", "B1": "B", "B2": "B"},
            2,
            (1,),
        ),
        ({"A1": 1, "A2": 6, "B1": 6}, {"A1": "A", "A2": "A", "B1": "B"}, 2, (1, 2)),
    ],
)
def test_no_cell_is_the_same_in_all_tables_that_look_alike(sizes, parents, least, cuts):
    """All tables there are with these schools: whoever knows the rule cannot rule any of them out."""
    publish = rule(least, parents, cuts)

    assert fixed_in_any_table(sizes, parents, len(cuts) + 1, publish) == []


@pytest.mark.parametrize(
    ("sizes", "joined", "cuts"),
    [
        ({"A": 10, "B": 14}, {"A": 6}, (2, 1)),
        ({"A": 3, "B": 7, "C": 12}, {"B": 2, "C": 5}, (1,)),
        ({"A": 5, "B": 12}, {"B": 4}, (1, 2)),
    ],
)
def test_no_cell_is_the_same_in_all_tables_that_look_alike_where_schools_joined(
    sizes, joined, cuts
):
    publish = rule(2, {}, cuts, joined)

    assert fixed_in_any_table(sizes, {}, len(cuts) + 1, publish) == []


def test_the_solver_sees_through_a_rule_that_asks_of_each_table_alone_whether_it_is_safe():
    """Small figures hidden, and the smallest others until two of each row and column are.

    That was the rule before. Of regions with 9, 10 and 12 schools it showed 0 and 9, "< 5" and "–", "–" and
    "< 5", of the country 9 and 22. Only 1 and 9, 8 and 4 are hidden in this way.
    """

    def publish(rows: Rows) -> Mapping[tuple[str, int], Hashable]:
        hidden = {name for name, numbers in rows.items() if any(0 < one < 5 for one in numbers)}
        if len(hidden - {COUNTRY}) == 1:
            others = [name for name in rows if name not in {*hidden, COUNTRY}]
            hidden.add(min(others, key=lambda name: rows[name]))
        return shown_with(rows, {(name, place) for name in hidden for place in (0, 1)})

    found = fixed_in_any_table({"A": 9, "B": 10, "C": 12}, {}, 2, publish)

    assert len(found) > 20


def as_published(
    parents: Mapping[str, str], certified: Mapping[str, int], sums: tuple[range, ...] = ()
) -> Callable:
    """Publish the whole table of figures, as the page, the files and the API do."""

    def publish(rows: Rows) -> Mapping[tuple[str, int], Hashable]:
        table = table_of(
            {
                name: row(*numbers[: len(PLACES)], levels=(certified.get(name, 0), 0, 0))
                for name, numbers in rows.items()
                if name != COUNTRY
            },
            parents,
        )
        shown = {**table.regions, COUNTRY: table.whole}
        return {
            (name, place): sum_of(shown[name], columns).text
            for name in rows
            for place, columns in enumerate(told)
        }

    told = [*((column,) for column in PLACES), *([PLACES[place] for place in one] for one in sums)]

    return publish


@st.composite
def countries(draw) -> tuple[Country, dict[str, int]]:
    """Invent a country: how far it is, how large its regions are, what is below them, who is certified."""
    tops = draw(st.integers(1, 5))
    below = draw(st.sampled_from([0, 0, 2, 3]))
    parents = {f"R{top}-{part}": f"R{top}" for top in range(tops) for part in range(below)}
    names = list(parents) or [f"R{top}" for top in range(tops)]
    most = [draw(st.sampled_from([0, 1, 4, 7, 12, 30])) for _place in PLACES]
    leaves = {name: tuple(draw(st.integers(0, one)) for one in most) for name in names}
    country = Country(leaves, parents, SUMS)
    certified: dict[str, int] = {}
    for name, places in leaves.items():
        count = draw(st.integers(0, places[-1]))
        for above in country.above(name):
            certified[above] = certified.get(above, 0) + count
    return country, certified


@given(countries())
@settings(max_examples=25, derandomize=True, phases=[Phase.generate])
def test_a_solver_fixes_no_hidden_figure_of_an_invented_country(invented):
    country, certified = invented
    publish = as_published(country.parents, certified, country.sums)

    assert fixed_cells(country, publish, tries=3000) == []


@given(countries())
@settings(max_examples=60, derandomize=True)
def test_no_small_figure_is_shown_and_what_is_shown_is_true(invented):
    country, certified = invented
    rows = country.rows()
    shown = as_published(country.parents, certified, country.sums)(rows)

    for (name, place), text in shown.items():
        number = rows[name][place]
        assert text == HIDDEN or (text == str(number) and not 0 < number < 5)


@given(
    st.dictionaries(
        st.sampled_from("ABCDEF"),
        st.tuples(st.integers(0, 9), st.integers(0, 40)),
        min_size=1,
    )
)
@settings(derandomize=True)
def test_a_part_of_a_public_number_is_hidden_in_no_region_alone(numbers):
    parts = {name: min(part, whole) for name, (part, whole) in numbers.items()}
    wholes = {name: whole for name, (_part, whole) in numbers.items()}

    hidden = hidden_parts(parts, wholes, {}, least=5)

    open_ones = [name for name in wholes if wholes[name]]
    assert len(hidden - {WHOLE}) != 1 or len(open_ones) == 1
    assert all(name in hidden for name in open_ones if 0 < parts[name] < 5)


# --- over time --------------------------------------------------------------------------------


def days_of(country: Country, *, days: int, seed: int) -> list[Country]:
    """Let one school a day go a step further."""
    random, found = Random(seed), [country]
    while len(found) < days:
        leaves = dict(found[-1].leaves)
        leaf = random.choice(sorted(leaves))
        start = random.choice([place for place in range(5) if leaves[leaf][place]] or [5])
        if start < 5:
            leaves[leaf] = moved(leaves[leaf], start, start + 1)
            found.append(Country(leaves, country.parents))
    return found


def goes_one_step(days: list[dict[str, tuple[int, ...]]]) -> bool:
    """Whether one school a day goes to the next place: nothing else happens, and the reader knows it."""
    for before, after in pairwise(days):
        changes = [
            [new - old for old, new in zip(before[leaf], after[leaf], strict=True)]
            for leaf in before
            if before[leaf] != after[leaf]
        ]
        if len(changes) != 1 or sorted(one for one in changes[0] if one) != [-1, 1]:
            return False
        if changes[0].index(1) - changes[0].index(-1) != 1:
            return False
    return True


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whoever_reads_every_day_and_knows_that_one_school_a_day_moves_fixes_no_small_figure(seed):
    """For each hidden small figure there is another course of days, just as quiet, that looks the same."""
    random = Random(seed)
    leaves = {
        f"R{number}": tuple(random.choice([2, 5, 6, 9, 14]) for _place in PLACES)
        for number in range(5)
    }
    days = days_of(Country(leaves, {}), days=8, seed=seed)
    publish = as_published({}, {})
    shown = [publish(day.rows()) for day in days]
    open_cells = {
        (number, cell)
        for number, day in enumerate(days)
        for cell in hidden_of(shown[number])
        if 0 < day.rows()[cell[0]][cell[1]] < 5
    }

    assert open_cells
    for first in range(len(days)):
        for course in other_courses(days, first):
            changed = changed_cells(days, course) & open_cells
            if changed and looks_the_same(course, shown, publish, first):
                open_cells -= changed
    assert open_cells == set()


def other_courses(days: list[Country], first: int):
    """List the courses in which two schools have changed places from one day on."""
    names = sorted(days[0].leaves)
    for name in names:
        for other in names:
            for start in range(6):
                for end in range(6):
                    ways = [day.leaves for day in days[first:]]
                    if start == end or name == other:
                        continue
                    if any(not way[name][start] or not way[other][end] for way in ways):
                        continue
                    later = [
                        {
                            **way,
                            name: moved(way[name], start, end),
                            other: moved(way[other], end, start),
                        }
                        for way in ways
                    ]
                    course = [dict(day.leaves) for day in days[:first]] + later
                    if goes_one_step(course):
                        yield course


def changed_cells(days: list[Country], course) -> set[tuple[int, tuple[str, int]]]:
    return {
        (number, (name, place))
        for number, (day, other) in enumerate(zip(days, course, strict=True))
        for name, places in other.items()
        for place, count in enumerate(places)
        if count != day.leaves[name][place]
    }


def looks_the_same(course, shown, publish, first: int) -> bool:
    return all(
        publish(Country(course[number], {}).rows()) == shown[number]
        for number in range(first, len(shown))
    )


def test_no_more_tables_are_made_than_are_looked_at(monkeypatch):
    made, moved_row = [], swaps._moved

    def note(numbers: tuple[int, ...], move: swaps.Move) -> tuple[int, ...]:
        made.append(move)
        return moved_row(numbers, move)

    monkeypatch.setattr(swaps, "_moved", note)
    first, second, fourth = row(1), row(0, 1), row(0, 0, 0, 1)
    districts = [[first] * 7 + [second] + [fourth] * 2] + [
        [first] * 4 + [second] * 2 + [fourth]
    ] * 2
    regions, parents = {}, {}
    for district, places in enumerate(districts):
        parts = {f"{district}-{place}": figures for place, figures in enumerate(places)}
        whole = {column: sum(part[column] for part in parts.values()) for column in first}
        regions |= {str(district): whole, **parts}
        parents |= dict.fromkeys(parts, str(district))

    table_of(regions, parents)

    assert 0 < len(made) < 5 * swaps.TABLES
