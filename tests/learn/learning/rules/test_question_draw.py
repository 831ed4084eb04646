"""The draw: by blueprint, evenly, and without a word about the key."""

import re
from collections import Counter, defaultdict
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import Draw, QuestionKind, ScenarioKey, asks_a_scale
from cissapp.learn.learning.rules import is_pass
from cissapp.learn.learning.rules.grading import next_step, points
from cissapp.learn.learning.rules.question_draw import (
    draw_counterpart,
    draw_questions,
    draw_short_test,
    shuffled_parts,
)
from config import ROOT


@cache
def modules():
    return load(ROOT / "modules").modules


def drawn(module, random):
    return draw_questions(module.questions_for(None), module.file.quiz.blueprint, random)


@given(st.integers(0, 4), st.integers())
@settings(max_examples=1000, deadline=None)
def test_a_draw_keeps_to_the_blueprint_and_takes_no_topic_twice(number, seed):
    module = modules()[number]

    keys = [one.question.key for one in drawn(module, Random(seed))]

    assert len(keys) == module.file.quiz.draw == 10
    assert len({key.topic for key in keys}) == 10
    assert sum(key.kind is QuestionKind.SCENARIO for key in keys) == 1


@pytest.mark.parametrize("number", range(5))
def test_each_question_of_a_topic_comes_about_as_often_as_the_others(number):
    module, random = modules()[number], Random(7)
    seen = Counter(one.question.id for _ in range(3000) for one in drawn(module, random))
    groups = defaultdict(list)
    for question in module.questions_for(None):
        story = question.key.kind is QuestionKind.SCENARIO
        groups[question.key.topic, story].append(seen[question.id])

    for counts in groups.values():
        mean = sum(counts) / len(counts)
        assert min(counts) / mean > 0.8
        assert max(counts) / mean < 1.2


def test_tags_of_all_kinds_choose_what_may_be_drawn():
    module = modules()[0]
    blueprint = [
        Draw(draw=2, criteria=["C8"]),
        Draw(draw=1, difficulties=["hard"]),
        Draw(draw=2, topics=[1, 2, 3], kinds=["single", "multiple"]),
    ]

    found = {
        number: draw_questions(module.questions, blueprint, Random(number)) for number in range(200)
    }

    for questions in found.values():
        keys = [one.question.key for one in questions]
        assert len({key.topic for key in keys}) == len(keys)
    assert any(len(questions) == 5 for questions in found.values())


def test_what_is_left_out_is_never_drawn():
    module = modules()[0]
    without = {module.questions[0].id, module.questions[5].id}

    for seed in range(200):
        blueprint = module.file.quiz.blueprint
        ids = {
            one.question.id
            for one in draw_questions(module.questions, blueprint, Random(seed), without=without)
        }
        assert ids.isdisjoint(without)


def test_neither_the_place_of_the_right_option_nor_of_the_question_tells_anything():
    module, random = modules()[0], Random(11)
    right, places = Counter(), Counter()
    for _ in range(3000):
        for place, one in enumerate(drawn(module, random)):
            key = one.question.key
            if key.topic == 1:
                places[place] += 1
            if key.kind is QuestionKind.SINGLE and len(one.options) == 4 and not key.scale:
                right[one.options.index(key.key[0])] += 1

    def chi_square(counts):
        expected = counts.total() / len(counts)
        return sum((count - expected) ** 2 / expected for count in counts.values())

    assert len(right) == 4
    assert chi_square(right) < 11.34  # p > 0.01, three degrees of freedom
    assert len(places) == 10
    assert chi_square(places) < 21.67  # nine degrees of freedom


def guess(one, random):
    """Answer without knowing anything, as somebody who presses what is there."""
    key = one.question.key
    if key.kind is QuestionKind.MATCHING:
        matches = random.sample(one.options, len(key.options))
        return [f"{option}={match}" for option, match in zip(key.options, matches, strict=True)]
    if key.kind is QuestionKind.SHORT_TEXT:
        return ["?"]
    if isinstance(key, ScenarioKey):
        path, step = [], key.first
        while step is not None:
            path.append(f"{step}={random.choice(list(key.steps[step]))}")
            step = next_step(key, path)
        return path
    if key.kind is QuestionKind.ORDERING:
        return random.sample(one.options, len(one.options))
    wanted = len(key.key) if key.kind is QuestionKind.MULTIPLE else 1
    return random.sample(one.options, wanted)


def test_who_guesses_does_not_pass():
    random = Random(3)
    results = []
    for _ in range(2000):
        module = random.choice(modules())
        earned = sum(points(one.question.key, guess(one, random)) for one in drawn(module, random))
        results.append(is_pass(earned, 10, 80))

    assert sum(results) / len(results) < 0.0033  # under 1 % in three attempts


@given(st.integers(0, 4), st.integers())
@settings(max_examples=200, deadline=None)
def test_the_test_afterwards_asks_the_same_topics_with_other_questions(number, seed):
    module, random = modules()[number], Random(seed)
    pool, check = module.questions_for(None), module.file.quiz.check
    before = [one.question for one in draw_short_test(pool, check, random)]

    after = [one.question for one in draw_counterpart(pool, before, random)]

    assert sorted(one.key.topic for one in before) == sorted(one.key.topic for one in after)
    assert {one.id for one in before}.isdisjoint(one.id for one in after)
    assert len(before) == 5
    assert [one.id for one in [*before, *after] if asks_a_scale(one.key)] == []


def test_a_topic_whose_second_question_was_voided_is_in_no_short_test():
    module = modules()[0]
    pool = module.questions_for(None)
    # Topic 14 has two questions that are no scale.
    voided = next(one for one in pool if one.key.topic == 14 and not asks_a_scale(one.key))

    def topics(**left_out):
        check = module.file.quiz.check
        tests = [draw_short_test(pool, check, Random(seed), **left_out) for seed in range(100)]
        return {one.question.key.topic for drawn_questions in tests for one in drawn_questions}

    assert topics() - topics(without={voided.id}) == {14}


def test_a_scale_asked_in_an_earlier_test_before_is_answered_by_a_scale():
    pool = modules()[0].questions_for(None)
    scales = [one for one in pool if asks_a_scale(one.key)]

    after = [one.question for one in draw_counterpart(pool, scales, Random(1))]

    assert len(scales) == len(after) > 5
    assert all(asks_a_scale(one.key) for one in after)


@given(st.integers())
def test_the_steps_of_a_scale_keep_their_order(seed):
    keys = [one.key for module in modules() for one in module.questions]
    scales = [key for key in keys if key.kind is QuestionKind.SINGLE and key.scale]

    assert len(scales) > 20
    assert all(shuffled_parts(key, Random(seed)) == key.options for key in scales)


@pytest.mark.parametrize("language", ["en", "ro", "uk", "ru", "be"])
def test_options_that_are_levels_stand_in_their_order(language):
    for module in modules():
        for question in module.questions:
            if question.key.kind is not QuestionKind.SINGLE:
                continue
            words = question.text(language).options
            shown = [words[one].text for one in question.key.options]
            if all(re.fullmatch(r"\w+ \d", one) for one in shown):
                assert question.key.scale, question.id
                assert shown == sorted(shown), question.id


@given(st.integers())
def test_an_ordering_is_never_shown_in_its_right_order(seed):
    key = next(
        one.key
        for module in modules()
        for one in module.questions
        if one.key.kind is QuestionKind.ORDERING
    )

    shown = shuffled_parts(key, Random(seed))

    assert sorted(shown) == sorted(key.key)
    assert shown != key.key
