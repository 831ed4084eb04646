"""Rules of the awareness rounds: what is shown of how many, codes, shares and their intervals."""

from datetime import timedelta
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.awareness.rules.questions import (
    ASKED,
    OPTIONS,
    Question,
    choice_problems,
    counted,
    every_option,
)
from cissapp.prepare.awareness.rules.rounds import (
    ALPHABET,
    CODE_LENGTH,
    LEAST_SHOWN,
    RoundFacts,
    RoundKind,
    clean_code,
    most_answers,
    round_problems,
    shown_at_end,
    shows_more,
    written_code,
)
from cissapp.prepare.awareness.rules.shares import change_of, share_of
from tests.factories import NOW

TODAY = NOW.date()
ALL_GOOD = {one: OPTIONS[one][0] for one in ASKED}


@given(expected=st.integers(10, 200), come=st.integers(0, 240))
def test_no_two_showings_of_a_round_differ_by_fewer_than_ten_answers(expected, come):
    showings, shown = [0], 0
    for answers in range(1, min(come, most_answers(expected)) + 1):
        if shows_more(answers, shown, expected):
            shown = answers
            showings.append(shown)
    showings.append(shown_at_end(min(come, most_answers(expected)), shown))

    steps = [later - earlier for earlier, later in pairwise(showings)]
    assert all(step >= LEAST_SHOWN for step in steps[:-1])
    assert steps[-1] == 0 or steps[-1] >= LEAST_SHOWN


@given(expected=st.integers(10, 200))
def test_when_all_that_are_expected_come_the_figures_at_the_end_are_of_all(expected):
    shown = 0
    for answers in range(1, expected + 1):
        if shows_more(answers, shown, expected):
            shown = answers

    assert shown_at_end(expected, shown) == expected


def test_figures_are_shown_from_ten_answers_on_where_as_many_are_still_to_come():
    assert [shows_more(answers, 0, 30) for answers in (9, 10)] == [False, True]
    assert [shows_more(answers, 10, 30) for answers in (19, 20)] == [False, True]
    assert not shows_more(30, 20, 30)
    assert [shown_at_end(9, 0), shown_at_end(10, 0), shown_at_end(25, 20)] == [0, 10, 20]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("K3P X7M", "K3PX7M"), ("k3p-x7m", "K3PX7M"), ("к3р х7м", "K3PX7M"), ("", "")],
)
def test_a_code_is_read_as_it_was_typed(typed, code):
    assert clean_code(typed) == code


@given(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_is_read_as_it_is_written(code):
    assert clean_code(written_code(code).lower()) == code


@pytest.mark.parametrize(
    ("expected", "days", "codes"),
    [
        (10, 0, []),
        (3000, 60, []),
        (9, -1, ["expected", "ends_on"]),
        (3001, 61, ["expected", "ends_on"]),
    ],
)
def test_a_round_needs_ten_pupils_and_a_day_that_comes_soon(expected, days, codes):
    facts = RoundFacts("x", RoundKind.BEFORE, expected, TODAY + timedelta(days=days))

    assert [one.code for one in round_problems(facts, TODAY)] == codes


def test_each_question_needs_one_of_its_answers():
    assert choice_problems(ALL_GOOD) == []
    wrong = {**ALL_GOOD, Question.OUTSIDE: "two"}
    assert [one.code for one in choice_problems(wrong)] == ["outside"]
    assert len(choice_problems({})) == 4


@pytest.mark.parametrize(
    ("in_school", "outside", "both"),
    [("two", "yes", "yes"), ("one", "yes", "no"), ("two", "not_sure", "no")],
)
def test_the_aim_is_two_ways_in_school_and_one_outside(in_school, outside, both):
    chosen = {**ALL_GOOD, Question.IN_SCHOOL: in_school, Question.OUTSIDE: outside}

    assert counted(chosen) == {**chosen, Question.BOTH: both}
    assert set(counted(chosen).items()) <= set(every_option())


def test_the_intervals_are_those_of_the_papers():
    # Newcombe 1998: 56 of 70 and 48 of 80, method 10.
    share, other = share_of(56, 70), share_of(48, 80)
    change = change_of(other, share)
    found = (share.low, share.high, change.value, change.low, change.high)

    assert [round(one, 4) for one in found] == [0.6918, 0.8770, 0.2, 0.0524, 0.3339]
    assert change.is_clear


@given(whole=st.integers(1, 500), data=st.data())
def test_an_interval_holds_its_share_and_stays_within_0_and_1(whole, data):
    share = share_of(data.draw(st.integers(0, whole)), whole)
    other = share_of(data.draw(st.integers(0, whole)), whole)
    change, back = change_of(share, other), change_of(other, share)

    assert 0 <= share.low <= share.value <= share.high <= 1
    assert -1 <= change.low <= change.value <= change.high <= 1
    assert isclose(change.low, -back.high, abs_tol=1e-12)
