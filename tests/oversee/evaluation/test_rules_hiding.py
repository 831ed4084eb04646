"""What is held back, and an attack on it: no combination of what is shown speaks of fewer than ten."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.oversee.evaluation.rules import (
    LEAST,
    HiddenGroups,
    NoFigureReason,
    hidden,
    hidden_rows,
)
from cissapp.oversee.evaluation.rules.hiding import may_stand_beside

F, H = NoFigureReason.FEW, NoFigureReason.HELD


def test_large_groups_are_shown():
    assert hidden({("en", "A"): 10, ("ro", "B"): 12}) == HiddenGroups(None, {}, {})


def test_fewer_than_ten_in_all_show_nothing():
    assert hidden({("en", "A"): 4, ("ro", "B"): 5}) == HiddenGroups(
        F, {"en": F, "ro": F}, {"A": F, "B": F}
    )


def test_nobody_at_all():
    assert hidden({}) == HiddenGroups(F, {}, {})


@pytest.mark.parametrize(
    ("count", "parts", "may"),
    [
        (9, [], False),
        (10, [], True),
        (30, [10, 20], True),
        (30, [21], False),
        (30, [20], True),
        (30, [21, 9], False),
    ],
)
def test_whoever_is_in_no_shown_part_is_not_a_few(count, parts, may):
    assert may_stand_beside(count, parts) is may


@pytest.mark.parametrize(
    ("counts", "held"),
    [
        ({"en": 30, "ro": 12, "uk": 9}, {"uk": F, "ro": H}),
        ({"en": 30, "ro": 12, "uk": 5, "be": 5}, {"uk": F, "be": F}),
        ({"en": 30, "ro": 12, "uk": 5, "be": 4}, {"uk": F, "be": F, "ro": H}),
        ({"en": 30, "uk": 1}, {"uk": F, "en": H}),
        ({"en": 30, "ro": 0}, {}),
    ],
    ids=["one small", "two small are ten together", "two small are nine", "nothing else", "empty"],
)
def test_a_small_group_takes_the_smallest_other_with_it(counts, held):
    assert hidden_rows(counts) == (None, held)


def test_a_language_less_a_region_gives_nobody_away():
    """All 40 of region A answer in Romanian, and two people elsewhere: Romanian less A would be those two."""
    counts = {("ro", "A"): 40, ("ro", "B"): 2, ("uk", "B"): 30, ("en", "B"): 30}

    found = hidden(counts)

    assert found.whole is None
    assert found != HiddenGroups(None, {}, {})
    assert attacked(counts, found) == []


TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("WXYZ")),
    st.sampled_from([1, 3, 6, 9, 12, 40]),
    max_size=9,
)


def attacked(counts: dict, found: HiddenGroups) -> list[tuple]:
    """List the groups of fewer than ten of whom some combination of the shown sums speaks alone."""
    cells = [key for key, count in counts.items() if count]
    shown = [] if found.whole else [[1.0] * len(cells)]
    for side, held in ((0, found.rows), (1, found.columns)):
        names = {key[side] for key in cells} - set(held)
        shown += [[float(key[side] == name) for key in cells] for name in names]
    if not shown:
        return []
    table = np.array(shown)
    rank = np.linalg.matrix_rank(table)
    small = [
        group
        for size in range(1, len(cells) + 1)
        for group in combinations(range(len(cells)), size)
        if sum(counts[cells[one]] for one in group) < LEAST
    ]
    return [group for group in small if _rank(np.delete(table, group, axis=1)) < rank]


def _rank(table: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(table)) if table.size else 0


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TABLES)
def test_no_combination_of_shown_sums_speaks_of_fewer_than_ten(counts):
    assert attacked(counts, hidden(counts)) == []


def test_the_attack_finds_what_is_not_held_back():
    counts = {("ro", "A"): 40, ("ro", "B"): 2, ("uk", "B"): 30, ("en", "B"): 30}

    assert attacked(counts, HiddenGroups(None, {}, {})) == [(1,)]


def test_a_whole_country_is_decided_quickly_and_most_of_it_is_shown():
    random = np.random.default_rng(1)
    counts = {
        (language, f"R{region:02}"): int(random.poisson(mean))
        for region in range(60)
        for language, mean in (("en", 1.5), ("ro", 20), ("uk", 6), ("ru", 4), ("be", 0.5))
    }

    found = hidden(counts)

    assert (found.whole, found.rows) == (None, {})
    assert len(found.columns) <= 3
