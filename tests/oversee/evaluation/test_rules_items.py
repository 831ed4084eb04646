"""Figures of questions: known parameters recovered, and nothing of fewer than ten people."""

import numpy as np
import pytest

from cissapp.oversee.evaluation.rules import (
    AnswerBundle,
    AnswerKey,
    Figures,
    NoFigureReason,
    OptionUse,
    QuestionFault,
    flags_of,
    item_of,
)
from cissapp.oversee.evaluation.rules.flags import Flag
from cissapp.oversee.evaluation.rules.intervals import Moments, difference
from tests.oversee.evaluation.simulated import bundled, drawn_rest, two_parameter

ASKED = AnswerKey(("a", "b", "c"), frozenset({"a"}))
DIFFICULTY = np.linspace(-2, 2, 15)
SLOPE = np.array([0.4, 0.8, 1.2, 1.6, 2.0] * 3)


def options(right: np.ndarray) -> list[str]:
    """The right option for who is right; b and c by turns for the others."""
    return ["a" if one else "bc"[number % 2] for number, one in enumerate(right)]


def simulated(people: int = 4000) -> list[Figures]:
    _ability, right = two_parameter(DIFFICULTY, SLOPE, people=people, seed=5)
    return [
        item_of(
            f"q{one}",
            bundled(f"q{one}", right[:, one], drawn_rest(right, one), options(right[:, one])),
            ASKED,
        ).whole
        for one in range(len(DIFFICULTY))
    ]


# --- known parameters ------------------------------------------------------------------------


def test_the_difficulty_of_4000_people_is_recovered_within_three_hundredths():
    ability = np.linspace(-6, 6, 2001)
    weight = np.exp(-(ability**2) / 2)
    weight /= weight.sum()
    known = (weight[:, None] / (1 + np.exp(-SLOPE * (ability[:, None] - DIFFICULTY)))).sum(axis=0)

    found = [one.difficulty for one in simulated()]

    assert found == pytest.approx(list(known), abs=0.03)


def test_the_order_of_discrimination_is_recovered_among_questions_equally_hard():
    """With slopes 0.4, 0.8, 1.2, 1.6, 2.0 and the difficulty held still, the order is exactly theirs."""
    slope = [0.4, 0.8, 1.2, 1.6, 2.0]
    _ability, right = two_parameter([0.0] * 5, slope, people=4000, seed=6)
    found = [
        item_of("q", bundled("q", right[:, one], drawn_rest(right, one), ["a"] * 4000), ASKED)
        for one in range(5)
    ]

    values = [one.whole.discrimination for one in found]

    assert values == sorted(values)
    assert values[0] > 0.05


def test_the_order_of_discrimination_is_recovered_among_all_questions():
    """Very hard and very easy questions correlate less, so over all of them the order is near, not exact."""
    from scipy import stats

    values = [one.discrimination for one in simulated()]

    assert stats.spearmanr(values, SLOPE).statistic > 0.75


def test_sums_over_bundles_give_what_scipy_gives_of_single_answers():
    from scipy import stats

    _ability, right = two_parameter(DIFFICULTY, SLOPE, people=300, seed=9)
    share, rest = right[:, 7], drawn_rest(right, 7)
    single = stats.pearsonr(share, rest)
    interval = single.confidence_interval(0.95)

    found = item_of("q", bundled("q", share, rest, options(share)), ASKED).whole

    assert (found.people, found.difficulty) == (300, pytest.approx(share.mean()))
    assert found.discrimination == pytest.approx(single.statistic)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(interval))


def test_an_example_computed_by_hand():
    """Ten people: 6 right with 0.8 elsewhere, 4 wrong with 0.4 elsewhere; b and c two each.

    All of the upper third by the rest (ties included, so the six with 0.8) took the right one.
    """
    share, rest = [1] * 6 + [0] * 4, [0.8] * 6 + [0.4] * 4

    found = item_of("q", bundled("q", share, rest, list("aaaaaabbcc")), ASKED).whole

    assert found == Figures(
        people=10,
        difficulty=0.6,
        discrimination=pytest.approx(1.0),
        options=(
            OptionUse("a", right=True, share=0.6, strong=None, rest=None),
            OptionUse("b", right=False, share=0.2, strong=None, rest=None),
            OptionUse("c", right=False, share=0.2, strong=None, rest=None),
        ),
        interval=found.interval,
    )


def test_an_option_that_ten_people_took_says_how_they_did_elsewhere():
    share, rest = [1] * 30 + [0] * 10, [0.9] * 30 + [0.5] * 10

    found = item_of("q", bundled("q", share, rest, ["a"] * 30 + ["b"] * 10), ASKED).whole

    assert found.options == (
        OptionUse("a", right=True, share=0.75, strong=1.0, rest=pytest.approx(0.9)),
        OptionUse("b", right=False, share=0.25, strong=0.0, rest=pytest.approx(0.5)),
        OptionUse("c", right=False, share=0.0, strong=0.0, rest=None),
    )


def test_without_any_difference_there_is_no_discrimination():
    found = item_of("q", bundled("q", [1] * 20, np.linspace(0, 1, 20), ["a"] * 20), ASKED).whole

    assert (found.difficulty, found.discrimination, found.interval) == (1.0, None, None)


# --- small groups ----------------------------------------------------------------------------


def plain(people: int, language: str, share: float = 0.5) -> list[AnswerBundle]:
    right = [number < people * share for number in range(people)]
    rest = [0.8 if number % 2 else 0.6 for number in range(people)]
    return bundled("q", right, rest, options(np.array(right)), language)


def test_nobody_answered():
    assert item_of("q", [], ASKED).whole == Figures(reason=NoFigureReason.FEW)


def test_fewer_than_ten_have_no_figures():
    found = item_of("q", plain(9, "en"), ASKED)

    few = Figures(reason=NoFigureReason.FEW)
    assert (found.whole, found.languages) == (few, {"en": few})
    assert flags_of(found.whole) == ()


def test_a_language_that_would_give_a_small_one_away_is_held_back():
    found = item_of("q", [*plain(60, "en"), *plain(20, "ro"), *plain(4, "uk")], ASKED)

    assert found.whole.people == 84
    assert {name: one.reason for name, one in found.languages.items()} == {
        "en": None,
        "ro": NoFigureReason.HELD,
        "uk": NoFigureReason.FEW,
    }


def test_how_who_took_an_option_did_is_not_told_where_a_few_could_be_computed():
    """Of 50 in each language 20 and 4 took b: told in one, the other four would be what is left."""
    many = bundled("q", [0] * 20 + [1] * 30, [0.5] * 50, ["b"] * 20 + ["a"] * 30, "en")
    few = bundled("q", [0] * 4 + [1] * 46, [0.5] * 50, ["b"] * 4 + ["a"] * 46, "ro")

    found = item_of("q", [*many, *few], ASKED)

    def of_b(figures: Figures) -> float | None:
        return figures.options[1].rest

    assert of_b(found.languages["en"]) == pytest.approx(0.5)
    assert of_b(found.languages["ro"]) is None
    assert of_b(found.whole) is None


# --- languages -------------------------------------------------------------------------------


def cohort(
    people: int, language: str, easier: float, seed: int, able: float = 0.0
) -> list[AnswerBundle]:
    """People of a language who answer ten questions; the first is easier by so much."""
    random = np.random.default_rng(seed)
    ability = random.normal(able, 1, people)
    chance = 1 / (1 + np.exp(-1.2 * (ability[:, None] + np.array([easier] + [0.0] * 9))))
    right = (random.random((people, 10)) < chance).astype(float)
    return bundled("q", right[:, 0], drawn_rest(right, 0), options(right[:, 0]), language)


def test_a_bad_translation_shows_as_harder_than_in_the_other_languages():
    good = [*cohort(1000, "en", 0, 1), *cohort(1000, "uk", 0, 2)]
    found = item_of("q", [*good, *cohort(300, "ro", -1.8, 3)], ASKED)

    about = {QuestionFault.HARDER, QuestionFault.EASIER}
    faults = {
        name: [one.fault for one in flags_of(own) if one.fault in about]
        for name, own in found.languages.items()
    }

    assert faults == {"en": [], "uk": [], "ro": [QuestionFault.HARDER]}
    assert found.languages["ro"].apart == pytest.approx(-0.33, abs=0.06)


def test_a_language_whose_people_know_less_of_everything_is_not_blamed_on_the_translation():
    found = item_of("q", [*cohort(300, "en", 0, 1), *cohort(300, "ro", 0, 4, able=-1.5)], ASKED)

    gap = found.languages["ro"].difficulty - found.languages["en"].difficulty
    assert gap < -0.2
    assert found.languages["ro"].apart is None


def test_the_difference_of_two_languages_is_what_scipy_says_of_two_groups():
    from scipy import stats

    random = np.random.default_rng(8)
    one, other = random.random(40), random.random(70) + 0.2
    moments = [Moments(len(x), float(x.mean()), float(x.var(ddof=1))) for x in (one, other)]

    found = difference(moments[0], moments[1:])

    known = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((known.low, known.high))


def test_a_large_language_does_not_outweigh_the_others():
    """Bad in Romanian, which half of the people speak: English is not called easier for that."""
    good = [*cohort(300, "en", 0, 1), *cohort(300, "uk", 0, 2), *cohort(300, "ru", 0, 21)]
    found = item_of("q", [*good, *cohort(2000, "ro", -1.8, 3)], ASKED)

    away = {name: abs(own.apart or 0.0) > 0.2 for name, own in found.languages.items()}

    assert away == {"en": False, "uk": False, "ru": False, "ro": True}


def test_languages_alike_are_seldom_flagged():
    """Forty questions without any difference in three languages of 60 people each: at most one flag."""
    flagged = 0
    for seed in range(0, 120, 3):
        bundles = [cohort(60, name, 0, 100 + seed + n) for n, name in enumerate(("en", "ro", "uk"))]
        found = item_of("q", [one for group in bundles for one in group], ASKED)
        flagged += any(own.apart and abs(own.apart) > 0.2 for own in found.languages.values())

    assert flagged <= 1


# --- flags -----------------------------------------------------------------------------------


def use(
    option: str, share: float, strong: float | None = None, *, right: bool = False
) -> OptionUse:
    return OptionUse(option, right, share, strong, None)


@pytest.mark.parametrize(
    ("figures", "flags"),
    [
        (Figures(100, 0.95, 0.3), []),
        (Figures(100, 0.951, 0.3), [Flag(QuestionFault.TOO_EASY)]),
        (Figures(100, 0.25, 0.3), []),
        (Figures(100, 0.249, 0.3), [Flag(QuestionFault.TOO_HARD)]),
        (Figures(100, 0.5, 0.1), []),
        (Figures(100, 0.5, 0.099), [Flag(QuestionFault.BADLY)]),
        (Figures(100, 0.5, 0.0), [Flag(QuestionFault.BADLY)]),
        (Figures(100, 0.5, -0.01), [Flag(QuestionFault.WRONG_WAY)]),
        (Figures(100, 0.96, None), [Flag(QuestionFault.TOO_EASY)]),
        (Figures(49, 0.96, None), [Flag(QuestionFault.TOO_EASY, tentative=True)]),
        (Figures(100, 0.5, 0.3, apart=-0.21), [Flag(QuestionFault.HARDER, {"gap": 0.21})]),
        (Figures(100, 0.5, 0.3, apart=0.21), [Flag(QuestionFault.EASIER, {"gap": 0.21})]),
        (Figures(100, 0.5, 0.3, apart=-0.2), []),
    ],
)
def test_flags_of_numbers(figures: Figures, flags: list[Flag]):
    assert list(flags_of(figures)) == flags


@pytest.mark.parametrize(
    ("people", "share", "faults"),
    [(50, 0.02, []), (50, 0.019, [QuestionFault.UNUSED]), (49, 0.0, [])],
)
def test_an_answer_that_nobody_takes(people: int, share: float, faults: list[QuestionFault]):
    options = (use("a", 0.6, right=True), use("b", share))

    flags = flags_of(Figures(people, 0.6, 0.3, options=options))

    assert [one.fault for one in flags] == faults


@pytest.mark.parametrize(
    ("right", "wrong", "faults"),
    [
        ([0.5], [0.5, 0.0], []),
        ([0.4], [0.5, 0.1], [QuestionFault.MISLEADS]),
        ([0.9, 0.3], [0.4], [QuestionFault.MISLEADS]),
        ([None], [None], []),
    ],
    ids=["as often", "more often", "more often than one of the right ones", "too few"],
)
def test_a_wrong_answer_that_misleads_the_strong(right, wrong, faults):
    options = (
        *(use(f"r{n}", 0.5, strong, right=True) for n, strong in enumerate(right)),
        *(use(f"w{n}", 0.5, strong) for n, strong in enumerate(wrong)),
    )

    flags = flags_of(Figures(100, 0.6, 0.3, options=options))

    assert [one.fault for one in flags] == faults


def test_a_key_that_is_wrong_is_found():
    """The key says b, but a is right: the strong take a, and the question works the wrong way round."""
    _ability, right = two_parameter([0.0] * 10, [1.5] * 10, people=500, seed=12)
    miskeyed = bundled("q", 1 - right[:, 0], drawn_rest(right, 0), options(right[:, 0]))

    found = item_of("q", miskeyed, AnswerKey(("a", "b"), frozenset({"b"}))).whole

    assert [(one.fault, one.values) for one in flags_of(found)] == [
        (QuestionFault.WRONG_WAY, {}),
        (QuestionFault.MISLEADS, {"option": "a"}),
    ]
