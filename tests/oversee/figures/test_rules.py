"""What is counted of a region, and that every figure has a name and a definition."""

import pytest

from cissapp.oversee.figures.rules import DEFINITIONS, NAMES, PLACES, Column, counts_of, percent
from cissapp.people.schools.rules import Figure, Progress, Standing, figures_of

C = Column


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
