"""Places of a plot: nothing stands outside it, and what is more stands higher."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.oversee.oversight.papers.plots import BAR_ROW, SMALL, legend_of
from cissapp.oversee.oversight.rules import (
    PlotSize,
    area_of,
    area_plot,
    line_of,
    map_class,
    rules_of_scale,
    shares_of,
)

SIZE = PlotSize(600, 300, left=50)
COUNTS = st.lists(st.integers(0, 20_000), min_size=1, max_size=40)


@given(COUNTS)
def test_every_value_stands_inside_and_in_its_order(counts):
    plot = area_plot(counts, SIZE)

    assert [point.value for point in plot.points] == counts
    assert all(SIZE.left <= point.x <= SIZE.width - SIZE.right for point in plot.points)
    assert all(SIZE.top <= point.y <= plot.base for point in plot.points)
    by_value = sorted(plot.points, key=lambda point: point.value)
    heights = [point.y for point in by_value]
    assert heights == sorted(heights, reverse=True)
    assert area_of(plot).startswith(line_of(plot))


@given(st.integers(0, 10**7))
def test_a_scale_begins_at_nought_and_has_few_round_values(most):
    rules = rules_of_scale(most)

    assert rules[0] == 0
    assert len(rules) <= 5
    assert rules[-1] <= most
    assert all(
        str(rule).rstrip("0") in {"", "1", "2", "4", "5", "6", "8", "3", "15"} for rule in rules
    )


def test_a_scale_of_a_country():
    assert rules_of_scale(412) == [0, 100, 200, 300, 400]
    assert rules_of_scale(13_000) == [0, 5000, 10_000]


@given(st.lists(st.integers(0, 500), max_size=6), st.integers(0, 4000))
def test_parts_follow_each_other_and_never_leave_the_bar(parts, more):
    places = shares_of(parts, sum(parts) + more)

    ends = [begin + length for begin, length in places]
    begins = [begin for begin, _length in places[1:]]
    assert begins == pytest.approx(ends[:-1], abs=0.02)
    assert all(end <= 100.02 for end in ends)


def test_classes_of_the_map():
    shares = (None, 0, 19, 20, 39, 40, 59, 60, 100)
    assert [map_class(share) for share in shares] == [0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_the_legend_of_a_report_goes_on_in_the_next_line():
    words = [("level-3", "certified, level 3"), ("way", "on the way"), ("ground", "not begun")]

    wide, narrow = legend_of(words, 400), legend_of(words, 150)

    assert [key.word.y for key in wide] == [0, 0, 0]
    assert [(key.word.x == 0, key.word.y) for key in narrow] == [
        (True, 0),
        (False, 0),
        (True, BAR_ROW),
    ]
    assert wide[1].word.x > SMALL.width(words[0][1])
