"""The normalised gain: an example by hand, cohorts whose gain is known, and where there is none."""

import numpy as np
import pytest

from cissapp.oversee.evaluation.rules import Gain, GainSize, Interval, NoFigureReason, Pair, gain_of
from cissapp.oversee.evaluation.rules.gain import hake
from cissapp.oversee.evaluation.rules.intervals import bootstrap

# Before: 20 40 40 60 60 60 80 80 20 40, a mean of 500 / 10 = 50.
# After:  60 60 80 80 80 100 80 100 60 50, a mean of 750 / 10 = 75.
# Gain:   (75 - 50) / (100 - 50) = 0.5.
BY_HAND = [
    Pair(20, 60),
    Pair(40, 60),
    Pair(40, 80),
    Pair(60, 80),
    Pair(60, 80),
    Pair(60, 100),
    Pair(80, 80),
    Pair(80, 100),
    Pair(20, 60),
    Pair(40, 50),
]


def cohort(true_gain: float, people: int, random: np.random.Generator) -> list[Pair]:
    """People whose expected result after the module is their own before plus a share of what is left."""
    before = random.binomial(5, random.beta(3, 3, size=people)) * 20.0
    known = before / 100
    after = random.binomial(20, known + true_gain * (1 - known)) * 5.0
    return [Pair(*one) for one in zip(before.tolist(), after.tolist(), strict=True)]


def test_an_example_computed_by_hand_is_reproduced():
    found = gain_of(BY_HAND)

    assert (found.people, found.before, found.after, found.gain) == (10, 50.0, 75.0, 0.5)
    assert found.reason is None
    assert found.interval is not None
    assert found.interval.low < 0.5 < found.interval.high
    assert found.size is GainSize.MEDIUM


def test_the_interval_is_the_same_in_any_order_and_on_any_day():
    together = [Pair(60, 80, people=2), *(one for one in BY_HAND if one != Pair(60, 80))]

    assert gain_of(list(reversed(BY_HAND))) == gain_of(BY_HAND) == gain_of(together)


@pytest.mark.parametrize("people", [0, 1, 9])
def test_fewer_than_ten_people_have_no_figure(people: int):
    assert gain_of(BY_HAND[:people]) == Gain(reason=NoFigureReason.FEW)


def test_where_nothing_was_left_to_learn_there_is_no_gain():
    assert gain_of([Pair(100, 90, people=6), Pair(100, 100, people=4)]) == Gain(
        10, 100.0, 94.0, reason=NoFigureReason.FULL
    )


@pytest.mark.parametrize(
    ("pairs", "gain"),
    [
        ([Pair(40, 70, people=10)], 0.5),
        ([Pair(40, 100, people=5), Pair(80, 100, people=5)], 1.0),
        ([Pair(60, 60, people=12)], 0.0),
    ],
    ids=["all the same", "all know everything", "nothing changed"],
)
def test_people_who_are_alike_have_a_gain_without_an_interval(pairs: list[Pair], gain: float):
    found = gain_of(pairs)

    assert (found.gain, found.interval, found.reason) == (
        pytest.approx(gain),
        None,
        NoFigureReason.ALIKE,
    )
    assert found.size is None


def test_where_some_resample_leaves_nothing_to_learn_there_is_no_interval():
    found = gain_of([Pair(100, 100, people=9), Pair(80, 90, people=1)])

    assert (found.gain, found.reason) == (pytest.approx(0.5), NoFigureReason.ALIKE)


def test_a_loss_is_a_gain_below_nothing():
    found = gain_of([Pair(80, 60, people=8), Pair(60, 60, people=8)])

    assert found.gain == pytest.approx(-1 / 3)
    assert found.size is GainSize.NONE


@pytest.mark.parametrize(
    ("gain", "low", "size"),
    [
        (0.29, 0.2, GainSize.LOW),
        (0.3, 0.2, GainSize.MEDIUM),
        (0.69, 0.2, GainSize.MEDIUM),
        (0.7, 0.2, GainSize.HIGH),
        (0.7, 0.0, GainSize.NONE),
        (0.7, -0.1, GainSize.NONE),
    ],
)
def test_the_word_for_a_gain(gain: float, low: float, size: GainSize):
    assert Gain(10, 50, 60, gain, Interval(low, 0.9)).size is size


def test_the_interval_holds_the_known_gain_in_about_95_of_100_cohorts():
    """200 cohorts of 60 with a gain of 0.4: between 90 and 99 of 100 intervals hold it."""
    random = np.random.default_rng(7)
    found = [gain_of(cohort(0.4, 60, random)).interval for _ in range(200)]
    held = sum(not one.excludes(0.4) for one in found if one)

    assert 0.90 <= held / len(found) <= 0.99


def test_a_cohort_that_learned_nothing_is_called_so():
    """Of 100 cohorts without a gain about 2 or 3 look like one: the interval has two sides."""
    random = np.random.default_rng(11)
    verdicts = [gain_of(cohort(0.0, 60, random)).size for _ in range(100)]

    assert verdicts.count(GainSize.NONE) >= 93


def test_a_large_cohort_is_recovered_and_both_ways_to_an_interval_agree():
    pairs = cohort(0.4, 600, np.random.default_rng(3))
    found = gain_of(pairs)
    before = np.array([one.before for one in pairs])
    after = np.array([one.after for one in pairs])
    resampled = bootstrap((before, after), hake)

    assert found.gain == pytest.approx(0.4, abs=0.04)
    assert found.interval is not None
    assert resampled is not None
    assert found.interval.low == pytest.approx(resampled.low, abs=0.005)
    assert found.interval.high == pytest.approx(resampled.high, abs=0.005)
