"""The draw, the grading, when an attempt may begin, what comes next."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.content.loader import load
from cissapp.content.schema import Kind
from cissapp.learning.rules import (
    AttemptState,
    ModuleProgress,
    ModuleState,
    Next,
    Overview,
    Step,
    Try,
    choice_problem,
    draw,
    hand_in_problems,
    in_pool,
    is_right,
    may_start,
    next_thing,
    passed,
    spoken,
)
from config import ROOT

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN, PASSED, FAILED, VOIDED = AttemptState


@cache
def modules():
    return load(ROOT / "modules").modules


def drawn(module, random):
    return draw(module.questions, module.file.quiz, random)


# --- the draw --------------------------------------------------------------------------------


@given(st.integers(0, 4), st.integers())
@settings(max_examples=1000, deadline=None)
def test_a_draw_has_one_question_of_each_topic_with_all_its_options(number, seed):
    module = modules()[number]

    found = drawn(module, Random(seed))

    asked = [module.by_question_id[one.question_id].key for one in found]
    assert sorted(key.topic for key in asked) == list(range(1, module.file.quiz.draw + 1))
    assert [sorted(one.options) for one in found] == [sorted(key.options) for key in asked]
    assert [list(one.key) for one in found] == [key.key for key in asked]


def test_questions_come_about_as_often_as_the_others_of_their_topic():
    module, random = modules()[0], Random(7)
    seen = Counter(one.question_id for _ in range(1000) for one in drawn(module, random))

    for question in module.questions:
        forms = sum(one.key.topic == question.key.topic for one in module.questions)
        assert 0.8 < seen[question.id] / (1000 / forms) < 1.2, question.id


def test_neither_the_place_of_the_right_option_nor_of_the_question_tells_anything():
    module, random = modules()[0], Random(11)
    right, places = Counter(), Counter()
    for _ in range(2000):
        for place, one in enumerate(drawn(module, random)):
            key = module.by_question_id[one.question_id].key
            if key.topic == 1:
                places[place] += 1
            if len(one.options) == 4 and len(one.key) == 1:
                right[one.options.index(one.key[0])] += 1

    def chi_square(counts):
        expected = counts.total() / len(counts)
        return sum((count - expected) ** 2 / expected for count in counts.values())

    assert len(right) == 4
    assert chi_square(right) < 11.34  # p > 0.01, three degrees of freedom
    assert len(places) == 10
    assert chi_square(places) < 21.67  # nine degrees of freedom


def test_who_guesses_does_not_pass():
    random = Random(3)
    results = []
    for _ in range(1000):
        module = random.choice(modules())
        right = sum(
            is_right(one.key, random.sample(one.options, len(one.key)))
            for one in drawn(module, random)
        )
        results.append(passed(right, 10, 80))

    assert sum(results) / len(results) < 0.0033  # under 1 % in three attempts


def test_an_attempt_is_answerable_while_the_pool_has_its_questions_and_options():
    module = modules()[0]
    question = module.questions[0]
    options = list(question.key.options)

    answers = [
        in_pool(module, [(question.id, options[::-1])]),
        in_pool(module, [(question.id, options[1:])]),
        in_pool(module, [(question.id, [*options, "z"])]),
        in_pool(module, [(question.id, options), ("gone", ["a", "b"])]),
    ]

    assert answers == [True, False, False, False]


# --- grading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "chosen", "message"),
    [
        (Kind.SINGLE, ["a"], None),
        (Kind.TRUE_FALSE, ["b"], None),
        (Kind.MULTIPLE, ["a"], None),
        (Kind.MULTIPLE, ["b", "a"], None),
        (Kind.SINGLE, ["a", "a"], None),
        (Kind.SINGLE, ["a", "b"], "Choose one answer."),
        (Kind.TRUE_FALSE, ["a", "b"], "Choose one answer."),
        (Kind.SINGLE, [], "Choose an answer."),
        (Kind.MULTIPLE, [], "Choose an answer."),
        (Kind.SINGLE, ["z"], "Choose from the answers that are offered."),
        (Kind.MULTIPLE, ["a", "z"], "Choose from the answers that are offered."),
    ],
)
def test_an_answer_names_offered_options_and_one_where_one_is_asked(kind, chosen, message):
    problem = choice_problem(kind, ["a", "b", "c"], chosen)

    assert (problem.message if problem else None) == message


@pytest.mark.parametrize(
    ("key", "chosen", "right"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a", "c"], ["c", "a"], True),
        (["a", "c"], ["a"], False),
        (["a", "c"], ["a", "b", "c"], False),
        (["a"], [], False),
        (["a"], None, False),
    ],
)
def test_an_answer_is_right_if_exactly_the_right_options_are_chosen(key, chosen, right):
    assert is_right(key, chosen) is right


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.sets(st.sampled_from("abcdef")))
def test_order_of_choice_does_not_matter(key, chosen):
    assert is_right(sorted(key), sorted(chosen, reverse=True)) is (key == chosen)


@pytest.mark.parametrize(
    ("right", "total", "percent", "enough"),
    [
        (8, 10, 80, True),
        (7, 10, 80, False),
        (10, 10, 100, True),
        (6, 7, 86, False),
        (6, 7, 85, True),
        (0, 0, 80, False),
    ],
)
def test_the_pass_mark_is_never_rounded(right, total, percent, enough):
    assert passed(right, total, percent) is enough


# --- when an attempt may begin ---------------------------------------------------------------


def attempt(state, closed_at=None, number=1, answered=10, right=None):
    started = (closed_at or NOW) - timedelta(hours=1)
    return Try(UUID(int=number), state, started, closed_at, right, 10, answered)


@pytest.mark.parametrize(
    ("tries", "code"),
    [
        ([], None),
        ([attempt(OPEN)], None),
        ([attempt(VOIDED, NOW)], None),
        ([attempt(FAILED, NOW - DAY)], None),
        ([attempt(FAILED, NOW - DAY + timedelta(seconds=1))], "waiting"),
        ([attempt(FAILED, NOW - 3 * DAY), attempt(FAILED, NOW - DAY / 2)], "waiting"),
        ([attempt(PASSED, NOW - 9 * DAY), attempt(FAILED, NOW - 10 * DAY)], "passed"),
    ],
)
def test_a_new_attempt_waits_a_day_and_is_never_needed_after_a_pass(tries, code):
    problem = may_start(tries, NOW, DAY)

    assert (problem.code if problem else None) == code


def test_the_refusal_says_when_the_next_attempt_opens():
    problem = may_start([attempt(FAILED, NOW)], NOW, DAY)

    assert problem is not None
    assert problem.values == {"when": NOW + DAY}


def test_each_question_without_an_answer_is_named_with_its_page():
    assert [(one.values, one.link) for one in hand_in_problems("children-online", [2, 9])] == [
        (
            {"position": position},
            ("learning.question", {"module_id": "children-online", "position": position}),
        )
        for position in (2, 9)
    ]


# --- progress --------------------------------------------------------------------------------


def progress(number=0, read=0, opened=None, tries=(), passed_at=None):
    module = modules()[number]
    done = {lesson.id: NOW for lesson in module.lessons[:read]}
    also = {lesson.id: NOW + timedelta(minutes=number) for lesson in module.lessons[read:opened]}
    return ModuleProgress(
        module, {**done, **(also if opened else {})}, done, tuple(tries), passed_at
    )


def test_a_module_is_not_started_then_in_progress_then_passed():
    states = [
        progress().state,
        progress(opened=1).state,
        progress(tries=[attempt(OPEN)]).state,
        progress(read=6).state,
        progress(passed_at=NOW).state,
    ]

    assert states == [
        ModuleState.NOT_STARTED,
        ModuleState.IN_PROGRESS,
        ModuleState.IN_PROGRESS,
        ModuleState.IN_PROGRESS,
        ModuleState.PASSED,
    ]


def test_shares_and_minutes_count_the_quiz():
    all_lessons = len(modules()[0].lessons)
    overview = Overview((progress(), progress(read=all_lessons), progress(1, passed_at=NOW)))

    assert overview.shares == [0.0, all_lessons / (all_lessons + 1), 1.0]
    assert overview.minutes_left == modules()[0].minutes + 15 + 15
    assert (overview.passed, overview.is_begun) == (1, True)
    assert Overview((progress(), progress(1))).is_begun is False


def test_a_lesson_that_left_the_programme_is_not_counted():
    part = replace(progress(read=1), read={"gone": NOW}, opened={"gone": NOW})

    assert (part.lessons_read, part.unread) == (0, list(modules()[0].lessons))


def test_the_try_gives_its_percent_never_rounded_up():
    assert [attempt(FAILED, NOW, right=right).percent for right in (None, 7, 10)] == [0, 70, 100]
    assert Try(UUID(int=1), FAILED, NOW, NOW, 6, 7, 7).percent == 85


ALL = 6


@pytest.mark.parametrize(
    ("parts", "step", "module", "lesson"),
    [
        ([progress(), progress(1)], Step.LESSON, 0, 0),
        ([progress(read=2), progress(1)], Step.LESSON, 0, 2),
        ([progress(read=2), progress(1, read=1, opened=2)], Step.LESSON, 1, 1),
        ([progress(read=1, opened=2), progress(1, read=3, opened=4)], Step.LESSON, 1, 3),
        ([progress(read=ALL), progress(1)], Step.START_QUIZ, 0, None),
        ([progress(read=2), progress(1, tries=[attempt(OPEN)])], Step.CONTINUE_QUIZ, 1, None),
        ([progress(passed_at=NOW), progress(1)], Step.LESSON, 1, 0),
        ([progress(read=ALL, tries=[attempt(FAILED, NOW)]), progress(1)], Step.LESSON, 1, 0),
        (
            [progress(read=ALL, tries=[attempt(FAILED, NOW)]), progress(1, passed_at=NOW)],
            Step.WAIT,
            0,
            None,
        ),
        (
            [
                progress(read=ALL, tries=[attempt(FAILED, NOW)]),
                progress(1, read=ALL, tries=[attempt(FAILED, NOW - DAY / 2)]),
            ],
            Step.WAIT,
            1,
            None,
        ),
        ([progress(read=ALL, tries=[attempt(FAILED, NOW - DAY)])], Step.START_QUIZ, 0, None),
        ([progress(read=1, opened=2, passed_at=NOW)], Step.DONE, None, None),
    ],
)
def test_there_is_one_next_thing(parts, step, module, lesson):
    found = next_thing(parts, NOW)

    part = None if module is None else parts[module]
    assert found == Next(
        step, part, part.module.lessons[lesson] if part and lesson is not None else None
    )


def test_a_text_is_marked_with_the_language_it_answers_in():
    assert [spoken({"en": 1, "uk": 2}, language) for language in ("uk", "ro", "en")] == [
        "uk",
        "en",
        "en",
    ]
