"""Which figures are hidden, and that no sum gives a hidden one away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules import (
    DEFINITIONS,
    NAMES,
    PLACES,
    Column,
    FigureTable,
    counts_of,
    percent,
    table_of,
)
from cissapp.people.schools.rules import Figure, Progress, Standing, figures_of

C = Column
SHOWN_ALWAYS = (C.SCHOOLS, C.LEVEL_1, C.LEVEL_2, C.LEVEL_3, C.CERTIFIED)


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


TOPS = st.sampled_from([1, 4, 6, 30])


@st.composite
def regions(draw, tops=TOPS):
    top = draw(tops)
    found = {}
    for number in range(draw(st.integers(1, 5))):
        places = draw(st.lists(st.integers(0, top), min_size=6, max_size=6))
        certified = draw(st.integers(0, sum(places)))
        low = draw(st.integers(0, certified))
        found[f"R{number}"] = row(
            *places,
            levels=(low, certified - low, 0),
            expiring=draw(st.integers(0, certified)),
            expired=draw(st.integers(0, sum(places) - certified)),
        )
    return found


def cells(table: FigureTable):
    """Every cell of the table, by row and column; the whole country is the row None."""
    rows = {**table.regions, None: table.whole}
    return {(code, column): cell for code, found in rows.items() for column, cell in found.items()}


# --- counting --------------------------------------------------------------------------------


def test_every_figure_has_a_name_and_a_definition():
    assert list(NAMES) == list(DEFINITIONS) == list(Column)


def test_what_a_region_counts():
    tallies = {figure: number for number, figure in enumerate(Figure, start=1)}

    assert counts_of(tallies) == {
        C.SCHOOLS: 1,
        C.REGISTERED: 2,
        C.IN_TRAINING: 3,
        C.TRAINED: 4,
        C.SUBMITTED: 5,
        C.IN_REVIEW: 6 + 7,
        C.DECIDED: 8,
        C.LEVEL_1: 9,
        C.LEVEL_2: 10,
        C.LEVEL_3: 11,
        C.CERTIFIED: 9 + 10 + 11,
        C.EXPIRING: 12,
        C.EXPIRED: 13,
    }
    assert set(counts_of({}).values()) == {0}


@pytest.mark.parametrize("progress", Progress)
@pytest.mark.parametrize("standing", Standing)
def test_every_school_is_at_exactly_one_place(progress: Progress, standing: Standing):
    level = None if standing is Standing.NONE else 2
    counts = counts_of(dict.fromkeys(figures_of(progress, standing, level), 1))

    assert sum(counts[place] for place in PLACES) == counts[C.SCHOOLS] == 1


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 0, 0), (0, 9, 0), (1, 3, 33), (2, 3, 66), (199, 200, 99), (200, 200, 100)],
)
def test_a_share_is_rounded_down_so_that_100_means_all(part: int, whole: int, share: int):
    assert percent(part, whole) == share


# --- hiding ----------------------------------------------------------------------------------


def texts(table: FigureTable, code: str | None, columns=PLACES) -> list[str]:
    found = table.whole if code is None else table.regions[code]
    return [found[column].text for column in columns]


def test_large_figures_and_zeros_are_shown():
    table = table_of({"A": row(7, 0, 9), "B": row(5, 12, 0)})

    assert texts(table, "A") == ["7", "0", "9", "0", "0", "0"]
    assert texts(table, "B") == ["5", "12", "0", "0", "0", "0"]
    assert texts(table, None) == ["12", "12", "9", "0", "0", "0"]


def test_a_small_figure_takes_others_along_in_its_row_and_column():
    table = table_of({"A": row(3, 20, 30), "B": row(50, 6, 70), "C": row(80, 90, 95)})

    assert texts(table, "A")[:3] == ["< 5", "–", "30"]
    assert texts(table, "B")[:3] == ["–", "–", "70"]
    assert texts(table, "C")[:3] == ["80", "90", "95"]
    assert texts(table, None)[:3] == ["133", "116", "195"]


def test_certified_schools_and_all_schools_are_never_hidden():
    table = table_of({"A": row(0, 0, 0, 0, 0, 3, levels=(1, 2, 0)), "B": row(9)})

    assert texts(table, "A", SHOWN_ALWAYS) == ["3", "1", "2", "0", "3"]
    assert texts(table, None, SHOWN_ALWAYS) == ["12", "1", "2", "0", "3"]


def test_the_only_small_figure_of_a_column_without_row_sums_takes_a_zero_along():
    certified = {"levels": (20, 0, 0)}
    table = table_of(
        {
            "A": row(0, 0, 0, 0, 0, 30, **certified, expiring=2),
            "B": row(0, 0, 0, 0, 0, 30, **certified),
            "C": row(0, 0, 0, 0, 0, 30, **certified, expiring=8),
        }
    )

    assert [texts(table, code, [C.EXPIRING]) for code in ("A", "B", "C", None)] == [
        ["< 5"],
        ["< 5"],
        ["8"],
        ["10"],
    ]


def test_a_school_that_is_alone_is_not_placed():
    table = table_of({"A": row(1), "B": row(0)})

    assert texts(table, "A").count("< 5") == 2


def test_where_everything_is_as_full_as_it_can_be_a_dash_says_nothing():
    table = table_of({"A": row(4, 4, 4, 4, 4, 4)})

    assert texts(table, "A") == texts(table, None) == ["–"] * 6


def test_where_every_certificate_expires_the_sum_is_not_shown():
    one = row(0, 0, 0, 0, 0, 9, levels=(1, 0, 0), expiring=1)
    table = table_of({f"R{number}": one for number in range(5)})

    assert {cell.text for (_, column), cell in cells(table).items() if column is C.EXPIRING} == {
        "< 5",
        "–",
    }
    assert table.whole[C.EXPIRING].text == "–"


def test_nothing_at_all_is_an_empty_table():
    table = table_of({})

    assert (table.regions, {cell.text for cell in table.whole.values()}) == ({}, {"0"})


@given(regions())
def test_no_small_figure_is_shown(counts):
    for (_code, column), cell in cells(table_of(counts)).items():
        if column in SHOWN_ALWAYS:
            assert cell.reason is None
        else:
            assert not (0 < cell.count < 5 and cell.reason is None)


@given(regions())
def test_what_is_printed_is_true(counts):
    table = table_of(counts)
    for (code, column), cell in cells(table).items():
        real = counts[code][column] if code else sum(one[column] for one in counts.values())
        assert cell.count == real
        assert cell.text in {str(real), "–"} or (cell.text == "< 5" and real < 5)


@given(regions())
def test_the_order_of_regions_changes_nothing(counts):
    assert table_of(dict(reversed(counts.items()))) == table_of(counts)


@given(regions())
@settings(max_examples=300, deadline=None)
def test_every_small_figure_could_be_another_one(counts):
    """For every hidden small figure there is another table that looks exactly the same."""
    table = table_of(counts)
    for key, cell in cells(table).items():
        if 0 < cell.count < 5 and key[1] not in SHOWN_ALWAYS:
            other = another(table, key)
            assert other is not None, key
            assert abs(other[key] - cell.count) == 1
            assert looks_the_same(table, other)


@given(regions(st.just(200)))
@settings(max_examples=50)
def test_in_a_table_of_large_figures_little_is_hidden(counts):
    """A small figure takes at most three others along, a table without one none."""
    found = cells(table_of(counts)).values()
    small = sum(0 < cell.count < 5 for cell in found if cell.reason)
    hidden = sum(cell.reason is not None for cell in found)

    assert hidden <= 8 * small


# --- another table that looks the same: found along a closed walk, judged by adding up ----------


def could_be(shown, key, number: int) -> bool:
    """Whether a reader could think that a hidden cell has this number.

    Behind a dash stands five or more; only where everything else is full, a sum or a whole row is freed.
    """
    if not 0 <= number <= most(shown, key):
        return False
    if shown[key].reason is NoFigureReason.FEW:
        return number < 5
    freed = any(cell.reason is NoFigureReason.HELD and cell.count < 5 for cell in shown.values())
    return number >= 5 or key[0] is None or freed


def most(shown, key) -> int:
    code, column = key
    certified = shown[code, C.CERTIFIED].count
    schools = shown[code, C.SCHOOLS].count
    return {C.EXPIRING: certified, C.EXPIRED: schools - certified}.get(column, schools)


def looks_the_same(table: FigureTable, other) -> bool:
    """Whether a reader could not tell the two apart: same cells, same sums, same marks."""
    codes, shown = [*table.regions, None], cells(table)
    return (
        all(
            other[key] == cell.count if cell.reason is None else could_be(shown, key, other[key])
            for key, cell in shown.items()
        )
        and all(
            sum(other[code, place] for place in PLACES) == other[code, C.SCHOOLS] for code in codes
        )
        and all(
            sum(other[code, column] for code in table.regions) == other[None, column]
            for column in Column
        )
    )


def row_of(key):
    """The row of a cell; what adds up along no row may be mended anywhere."""
    return ("row", key[0] if key[1] in PLACES else "any")


def another(table: FigureTable, key):
    """Make a table in which this cell has one more or one less, if there is one."""
    shown = cells(table)
    for step in (1, -1):
        other = {one: cell.count for one, cell in shown.items()}
        walk = closed_walk(shown, key, step)
        if walk is not None:
            for one, change in walk:
                other[one] += change
            return other
    return None


def closed_walk(shown, key, step: int):
    """From the cell along its column, then rows and columns in turn, back to its row."""
    hidden = [one for one, cell in shown.items() if cell.reason]

    def change(one, by):
        by = -by if one[0] is None else by
        return by if could_be(shown, one, shown[one].count + by) else None

    first = change(key, step)
    if first is None:
        return None
    waiting, seen = [(("column", key[1]), [(key, first)])], set()
    while waiting:
        node, walk = waiting.pop(0)
        if node == row_of(key):
            return walk
        along = node[0] == "column"
        for one in hidden:
            there = row_of(one) if along else ("column", one[1])
            here = ("column", one[1]) if along else row_of(one)
            by = change(one, -step if along else step)
            if here == node and one != key and there not in seen and by is not None:
                seen.add(there)
                waiting.append((there, [*walk, (one, by)]))
    return None
