"""Distance to the model, goals, dates, and agreement against published figures."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.schema.standard import Calibration
from cissapp.review.calibration.rules import (
    Agreement,
    Comparison,
    Rating,
    YearlyDrift,
    alpha_of,
    compare_levels,
    is_due,
    measure_agreement,
    meets_goals,
    yearly_drift,
)

RULE = Calibration(dossiers=2, mean_difference=0.3, yearly=True)
N = None
# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
LEVELS = st.sampled_from([0, 1, 2, 3])


# --- distance to the model -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({"A1": 2, "A2": 1, "A3": 0}, Comparison(0.0, 0.0, ())),
        ({"A1": 1, "A2": 2, "A3": 0}, Comparison(2 / 3, 0.0, ("A1", "A2"))),
        ({"A1": 3, "A2": 0, "A3": 3}, Comparison(5 / 3, 1.0, ())),
        ({"A1": None, "A2": 1, "A3": None}, Comparison(0.0, 0.0, ("A1",))),
        ({}, Comparison(0.0, 0.0, ("A1", "A2"))),
    ],
)
def test_a_review_is_compared_with_the_model(own, found):
    model = {"A1": 2, "A2": 1, "A3": 0}

    assert compare_levels(own, model, {"A1", "A2"}, at_least=2) == found


@given(st.dictionaries(st.sampled_from(["A1", "A2", "B1", "C1"]), LEVELS, min_size=1))
def test_who_gives_the_models_levels_differs_in_nothing(model):
    assert compare_levels(model, model, set(model), at_least=2) == Comparison(0.0, 0.0, ())


@pytest.mark.parametrize(
    ("done", "good"),
    [
        ([], False),
        ([Comparison(0.1, 0.0, ())], False),
        ([Comparison(0.1, 0.0, ()), Comparison(0.5, 0.0, ())], True),
        ([Comparison(0.2, 0.0, ()), Comparison(0.41, 0.0, ())], False),
        ([Comparison(0.0, 0.0, ("B9",)), Comparison(0.0, 0.0, ())], False),
        ([Comparison(3.0, 0.0, ("B9",)), Comparison(0.1, 0.0, ()), Comparison(0.1, 0.0, ())], True),
    ],
)
def test_the_newest_two_together_meet_the_goals_or_not(done, good):
    assert meets_goals(done, RULE) is good


@pytest.mark.parametrize(
    ("newest_at", "has_open", "today", "due"),
    [
        (None, False, date(2026, 11, 25), True),
        (None, True, date(2026, 11, 25), False),
        (datetime(2025, 11, 26, tzinfo=UTC), False, date(2026, 11, 25), False),
        (datetime(2025, 11, 25, tzinfo=UTC), False, date(2026, 11, 25), True),
        (datetime(2025, 11, 25, tzinfo=UTC), True, date(2026, 11, 25), False),
        (datetime(2024, 2, 29, tzinfo=UTC), False, date(2025, 2, 28), False),
        (datetime(2024, 2, 29, tzinfo=UTC), False, date(2025, 3, 1), True),
        (datetime(2023, 2, 28, tzinfo=UTC), False, date(2024, 2, 29), True),
    ],
)
def test_the_next_files_are_due_a_year_later(newest_at, has_open, today, due):
    assert is_due(RULE, newest_at=newest_at, has_open=has_open, today=today) is due


def test_without_a_yearly_rule_only_the_first_files_are_due():
    rule = RULE.model_copy(update={"yearly": False})
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)

    assert is_due(rule, newest_at=None, has_open=False, today=date(2026, 1, 1))
    assert not is_due(rule, newest_at=long_ago, has_open=False, today=date(2026, 1, 1))


# --- agreement -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_is_that_of_the_published_example(level, published):
    assert alpha_of(PUBLISHED, level=level) == pytest.approx(published, abs=0.0005)


def test_a_table_of_levels_becomes_the_published_matrix():
    """The published ratings as levels given to dossiers, in any order; a 5 stands for itself."""
    levels = [
        Rating(f"person {row}", f"dossier {column}", "A1", level)
        for column in range(12)
        for row in (2, 0, 3, 1)
        for level in [PUBLISHED[row][column]]
    ]

    found = measure_agreement(levels)

    # Unit 12 has one rating only, so it is paired with nothing and counts as no thing.
    assert (found.raters, found.units) == (4, 11)
    assert found.alpha == pytest.approx(0.815, abs=0.0005)
    assert not found.low
    assert not found.same


def test_below_three_people_there_is_no_figure():
    levels = [Rating(who, dossier, "A1", 1) for who in "ab" for dossier in ("x", "y")]

    assert measure_agreement(levels) == Agreement(2, 2)
    assert measure_agreement(levels).too_few
    assert measure_agreement([]) == Agreement(0, 0)


def test_where_all_gave_the_same_level_nothing_can_be_told_from_chance():
    levels = [Rating(who, dossier, "A1", 2) for who in "abc" for dossier in ("x", "y")]

    assert measure_agreement(levels) == Agreement(3, 2, None, same=True)
    assert not measure_agreement(levels).low


def test_a_criterion_on_which_people_differ_is_low():
    given_ = {"a": (0, 3), "b": (3, 0), "c": (1, 2)}
    levels = [
        Rating(who, dossier, "A1", level)
        for who, both in given_.items()
        for dossier, level in zip(("x", "y"), both, strict=True)
    ]

    assert measure_agreement(levels).low


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=3, max_size=6))
def test_alpha_does_not_depend_on_who_comes_first(rows):
    def said(order):
        return [
            Rating(f"p{number}", dossier, "A1", level)
            for number, both in order
            for dossier, level in zip("xy", both, strict=True)
        ]

    numbered = list(enumerate(rows))
    first, again = measure_agreement(said(numbered)), measure_agreement(said(reversed(numbered)))

    assert (first.raters, first.units, first.same) == (again.raters, again.units, again.same)
    assert (first.alpha is None) == (again.alpha is None)
    if first.alpha is not None:
        assert first.alpha == pytest.approx(again.alpha)
        assert first.alpha <= 1


def test_years_are_put_together_by_person():
    done = [
        ("Ana", 2026, Comparison(0.2, 0.1, ())),
        ("Ana", 2026, Comparison(0.4, -0.1, ("B9",))),
        ("Ana", 2025, Comparison(0.5, 0.5, ("A1", "B9"))),
        ("Ion", 2026, Comparison(0.0, 0.0, ())),
    ]

    assert yearly_drift(done) == [
        YearlyDrift("Ana", 2025, 1, 0.5, 0.5, 2),
        YearlyDrift("Ana", 2026, 2, pytest.approx(0.3), 0.0, 1),
        YearlyDrift("Ion", 2026, 1, 0.0, 0.0, 0),
    ]
