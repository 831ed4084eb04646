"""What answers are worth: a table for each kind, and what must hold for any answer."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.pools import SCENARIOS_AT_LEAST
from cissapp.foundation.content.schema import QuestionKey, QuestionKind, ScenarioKey
from cissapp.learn.learning.rules.grading import (
    CREDIT_RULES,
    FULL,
    answer_problem,
    full_answer,
    is_complete,
    next_step,
    normalise_answer,
    points,
)
from config import ROOT

COMMON = {
    "id": "q",
    "topic": 1,
    "difficulty": "easy",
    "lesson": "l",
    "source": {"title": "t", "url": "https://example.org"},
}
STORY = {
    "hall": {
        "a": {"next": "office", "points": 2},
        "b": {"next": "mend", "points": 0},
        "c": {"points": 0},
    },
    "mend": {"a": {"next": "office", "points": 1}, "b": {"points": 0}},
    "office": {"a": {"points": 2}, "b": {"points": 0}},
}


def key(kind, **values):
    return TypeAdapter(QuestionKey).validate_python({**COMMON, "kind": kind, **values})


SINGLE = key("single", options=["a", "b", "c"], key=["a"])
TRUE_FALSE = key("true_false", options=["a", "b"], key=["b"])
MULTIPLE = key("multiple", options=["a", "b", "c", "d", "e"], key=["a", "c", "e"])
MATCHING = key(
    "matching",
    options=["a", "b", "c"],
    matches=["p", "q", "r", "s"],
    pairs={"a": "p", "b": "q", "c": "r"},
)
ORDERING = key("ordering", options=["a", "b", "c", "d"], key=["c", "a", "d", "b"])
SHORT = key(
    "short_text",
    accepted={"any": ["116111"], "ro": ["telefonul copilului"], "ru": ["Детская линия"]},
)
SCENARIO = key("scenario", steps=STORY)
KEYS = [SINGLE, TRUE_FALSE, MULTIPLE, MATCHING, ORDERING, SHORT, SCENARIO]


@pytest.mark.parametrize(
    ("of", "chosen", "worth"),
    [
        (SINGLE, ["a"], 100),
        (SINGLE, ["b"], 0),
        (SINGLE, ["a", "b"], 0),
        (SINGLE, ["a", "a"], 100),
        (SINGLE, [], 0),
        (SINGLE, None, 0),
        (TRUE_FALSE, ["b"], 100),
        (TRUE_FALSE, ["a"], 0),
        (MULTIPLE, ["a", "c", "e"], 100),
        (MULTIPLE, ["e", "c", "a"], 100),
        (MULTIPLE, ["a", "c"], 66),
        (MULTIPLE, ["a"], 33),
        (MULTIPLE, ["a", "b"], 0),
        (MULTIPLE, ["a", "c", "b"], 33),
        (MULTIPLE, ["a", "c", "e", "b"], 66),
        (MULTIPLE, ["a", "b", "c", "d", "e"], 33),
        (MULTIPLE, ["b", "d"], 0),
        (MATCHING, ["a=p", "b=q", "c=r"], 100),
        (MATCHING, ["a=p", "b=q", "c=s"], 66),
        (MATCHING, ["a=q", "b=p", "c=r"], 33),
        (MATCHING, ["a=s", "b=p", "c=q"], 0),
        (ORDERING, ["c", "a", "d", "b"], 100),
        (ORDERING, ["a", "c", "d", "b"], 66),
        (ORDERING, ["c", "b", "a", "d"], 33),
        (ORDERING, ["b", "d", "a", "c"], 0),
        (ORDERING, ["c", "a", "d"], 0),
        (SHORT, ["116 111"], 100),
        (SHORT, [" 116-111. "], 100),
        (SHORT, ["Telefonul Copilului"], 100),
        (SHORT, ["детская ЛИНИЯ"], 100),
        (SHORT, ["112"], 0),
        (SCENARIO, ["hall=a", "office=a"], 100),
        (SCENARIO, ["hall=a", "office=b"], 50),
        (SCENARIO, ["hall=b", "mend=a", "office=a"], 75),
        (SCENARIO, ["hall=b", "mend=b"], 0),
        (SCENARIO, ["hall=c"], 0),
        (SCENARIO, ["hall=a"], 50),
        (SCENARIO, ["hall=c", "office=a"], 0),
    ],
)
def test_what_an_answer_is_worth(of, chosen, worth):
    assert points(of, chosen) == worth


OFFERED, ONE, NOTHING = (
    "Choose from the answers offered.",
    "Choose one answer.",
    "Choose an answer.",
)


@pytest.mark.parametrize(
    ("of", "chosen", "message"),
    [
        (SINGLE, ["a"], None),
        (MULTIPLE, ["b", "a"], None),
        (SINGLE, ["a", "a"], None),
        (SINGLE, ["a", "b"], ONE),
        (TRUE_FALSE, ["a", "b"], ONE),
        (SINGLE, [], NOTHING),
        (MULTIPLE, [], NOTHING),
        (SHORT, ["  "], NOTHING),
        (SINGLE, ["z"], OFFERED),
        (MULTIPLE, ["a", "z"], OFFERED),
        (MATCHING, ["a=p", "b=q", "c=r"], None),
        (MATCHING, ["a=p", "b=p", "c=p"], None),
        (MATCHING, ["a=p", "b=q"], "Choose an option for each line."),
        (MATCHING, ["a=p", "a=q", "c=r"], "Choose an option for each line."),
        (MATCHING, ["a=p", "b=q", "c=z"], OFFERED),
        (MATCHING, ["a=p", "b=q", "c"], OFFERED),
        (ORDERING, ["a", "b", "c", "d"], None),
        (ORDERING, ["a", "b", "c"], "Give each step a different place."),
        (ORDERING, ["a", "b", "c", "c"], "Give each step a different place."),
        (ORDERING, ["a", "b", "c", "z"], OFFERED),
        (SHORT, ["116111"], None),
        (SHORT, ["x" * 121], "Enter a few words, at most 120 characters."),
        (SHORT, ["a", "b"], "Enter a few words, at most 120 characters."),
        (SCENARIO, ["hall=a"], None),
        (SCENARIO, ["hall=b", "mend=a", "office=b"], None),
        (SCENARIO, ["hall=z"], OFFERED),
        (SCENARIO, ["office=a"], OFFERED),
        (SCENARIO, ["hall=c", "office=a"], OFFERED),
        (SCENARIO, ["hall=a", "hall=b"], OFFERED),
    ],
)
def test_what_is_no_answer(of, chosen, message):
    problem = answer_problem(of, chosen)

    assert (problem.message if problem else None) == message


@pytest.mark.parametrize("of", KEYS, ids=lambda one: one.kind)
def test_a_full_answer_is_whole_allowed_and_earns_everything(of):
    answer = full_answer(of)

    assert (points(of, answer), is_complete(of, answer), answer_problem(of, answer)) == (
        FULL,
        True,
        None,
    )
    assert normalise_answer(of, answer) == answer


def test_a_scenario_is_whole_when_its_story_has_ended():
    ways = [None, ["hall=a"], ["hall=a", "office=b"], ["hall=c"], ["hall=b", "mend=a"]]

    assert [is_complete(SCENARIO, way) for way in ways] == [False, False, True, True, False]
    assert [next_step(SCENARIO, way) for way in ways] == ["hall", "office", None, None, "office"]


WORDS = st.sampled_from(
    [
        *"abcdez",
        *(f"{a}={b}" for a in "abc" for b in "pqrsz"),
        *("hall=a", "hall=b", "hall=c", "mend=a", "mend=b", "office=a", "office=b"),
        *("116111", "=", ""),
    ]
)


@given(st.sampled_from(KEYS), st.lists(WORDS, max_size=6))
@settings(max_examples=500, deadline=None)
def test_any_words_are_worth_something_between_nothing_and_all(of, chosen):
    earned = points(of, chosen)

    assert 0 <= earned <= FULL
    if answer_problem(of, chosen) is None:
        assert points(of, normalise_answer(of, chosen)) == earned
        assert normalise_answer(of, normalise_answer(of, chosen)) == normalise_answer(of, chosen)


@given(st.sets(st.sampled_from("abcde")))
def test_the_order_of_choosing_does_not_matter(chosen):
    assert points(MULTIPLE, sorted(chosen)) == points(MULTIPLE, sorted(chosen, reverse=True))


@cache
def shipped():
    return [one.key for module in load(ROOT / "modules").modules for one in module.questions]


def test_every_shipped_question_can_earn_everything_and_has_its_rule_in_words():
    for of in shipped():
        assert points(of, full_answer(of)) == FULL
        assert CREDIT_RULES[of.kind]


def test_each_shipped_scenario_has_no_dead_end_and_only_its_best_way_earns_all():
    stories = [of for of in shipped() if of.kind is QuestionKind.SCENARIO]
    assert len(stories) >= SCENARIOS_AT_LEAST * 5
    for of in stories:
        ends = [way for way in ways(of) if is_complete(of, way)]
        assert [points(of, way) for way in ends].count(FULL) == 1, of.id
        reached = {one.split("=")[0] for way in ends for one in way}
        assert reached == set(of.steps)


def test_in_each_shipped_scenario_a_weak_decision_leads_to_a_scene_where_it_can_be_put_right():
    """A story that goes the same way whatever is decided shows nobody what follows from a decision."""
    for of in [of for of in shipped() if of.kind is QuestionKind.SCENARIO]:
        best = {one.split("=")[0] for one in full_answer(of)}
        consequences = [options for step, options in of.steps.items() if step not in best]
        assert consequences, of.id
        for options in consequences:
            assert sorted({one.points for one in options.values()}) == [0, 1], of.id


def ways(of: ScenarioKey):
    """Every way through the steps."""
    open_ends, found = [[]], []
    while open_ends:
        way = open_ends.pop()
        step = next_step(of, way)
        if step is None:
            found.append(way)
            continue
        open_ends += [[*way, f"{step}={option}"] for option in of.steps[step]]
    return found
