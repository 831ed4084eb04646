"""How far a person is, what is left, what comes next."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

import pytest
from msgspec.structs import replace

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import Policy
from cissapp.learn.learning.rules import (
    AttemptFacts,
    AttemptPurpose,
    AttemptState,
    LearningOverview,
    ModuleProgress,
    ModuleState,
    NextTask,
    NextTaskKind,
    next_task,
    text_language,
)
from config import ROOT

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN, PASSED, FAILED = AttemptState.OPEN, AttemptState.PASSED, AttemptState.FAILED
POLICY = Policy(pass_percent=80, retake_after_hours=24)


@cache
def modules():
    return load(ROOT / "modules").modules


def attempt(state, closed_at=None, number=1, answered=10, points=None):
    started = (closed_at or NOW) - timedelta(hours=1)
    return AttemptFacts(
        UUID(int=number),
        state,
        started,
        started + 30 * DAY,
        closed_at,
        points,
        10,
        answered,
        POLICY,
    )


def progress(number=0, read=0, opened=None, attempts=(), passed_at=None):
    module = modules()[number]
    done = {lesson.id: NOW for lesson in module.lessons[:read]}
    also = {lesson.id: NOW + timedelta(minutes=number) for lesson in module.lessons[read:opened]}
    return ModuleProgress(
        module, {**done, **(also if opened else {})}, done, tuple(attempts), passed_at
    )


def test_a_module_is_not_started_then_in_progress_then_passed():
    states = [
        progress().state,
        progress(opened=1).state,
        progress(attempts=[attempt(OPEN)]).state,
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
    overview = LearningOverview(
        (progress(), progress(read=all_lessons), progress(1, passed_at=NOW))
    )

    assert overview.shares == [0.0, all_lessons / (all_lessons + 1), 1.0]
    assert overview.minutes_left == modules()[0].minutes + 15 + 15
    assert (overview.passed, overview.is_begun) == (1, True)
    assert LearningOverview((progress(), progress(1))).is_begun is False


def test_a_lesson_that_left_the_programme_is_not_counted():
    part = replace(progress(read=1), read={"gone": NOW}, opened={"gone": NOW})

    assert (part.lessons_read, part.unread) == (0, list(modules()[0].lessons))


ALL = 20  # more lessons than any module has


@pytest.mark.parametrize(
    ("parts", "step", "module", "lesson"),
    [
        ([progress(), progress(1)], NextTaskKind.LESSON, 0, 0),
        ([progress(read=2), progress(1)], NextTaskKind.LESSON, 0, 2),
        ([progress(read=2), progress(1, read=1, opened=2)], NextTaskKind.LESSON, 1, 1),
        ([progress(read=1, opened=2), progress(1, read=3, opened=4)], NextTaskKind.LESSON, 1, 3),
        ([progress(read=ALL), progress(1)], NextTaskKind.START_QUIZ, 0, None),
        (
            [progress(read=2), progress(1, attempts=[attempt(OPEN)])],
            NextTaskKind.CONTINUE_QUIZ,
            1,
            None,
        ),
        ([progress(passed_at=NOW), progress(1)], NextTaskKind.LESSON, 1, 0),
        (
            [progress(read=ALL, attempts=[attempt(FAILED, NOW)]), progress(1)],
            NextTaskKind.LESSON,
            1,
            0,
        ),
        (
            [progress(read=ALL, attempts=[attempt(FAILED, NOW)]), progress(1, passed_at=NOW)],
            NextTaskKind.WAIT,
            0,
            None,
        ),
        (
            [
                progress(read=ALL, attempts=[attempt(FAILED, NOW)]),
                progress(1, read=ALL, attempts=[attempt(FAILED, NOW - DAY / 2)]),
            ],
            NextTaskKind.WAIT,
            1,
            None,
        ),
        (
            [progress(read=ALL, attempts=[attempt(FAILED, NOW - DAY)])],
            NextTaskKind.START_QUIZ,
            0,
            None,
        ),
        ([progress(read=1, opened=2, passed_at=NOW)], NextTaskKind.DONE, None, None),
    ],
)
def test_there_is_one_next_thing(parts, step, module, lesson):
    found = next_task(parts, NOW)

    part = None if module is None else parts[module]
    assert found == NextTask(
        step, part, part.module.lessons[lesson] if part and lesson is not None else None
    )


def changed(number=0, reread_from=2):
    """A module whose first lesson has changed so much that it is to be read again."""
    module = modules()[number]
    first = module.lessons[0]
    plan = first.plan.model_copy(update={"version": 2, "reread_from": reread_from})
    return replace(module, lessons=(replace(first, plan=plan), *module.lessons[1:]))


@pytest.mark.parametrize(
    ("reread_from", "read_version", "asked"), [(1, 1, False), (2, 1, True), (2, 2, False)]
)
def test_a_lesson_that_changed_asks_for_none_or_for_reading_again(reread_from, read_version, asked):
    module = changed(reread_from=reread_from)
    read = {lesson.id: NOW for lesson in module.lessons}
    versions = dict.fromkeys(read, read_version)
    part = ModuleProgress(module, read, read, (), NOW, versions)

    assert [lesson.number for lesson in part.to_read] == ([1] if asked else [])
    assert part.is_done is not asked
    assert part.minutes_left == (module.lessons[0].plan.minutes if asked else 0)
    assert next_task([part], NOW).step is (NextTaskKind.LESSON if asked else NextTaskKind.DONE)


@pytest.mark.parametrize(("passed_version", "asked"), [(1, True), (2, False)])
def test_a_module_that_changed_asks_for_a_new_quiz_and_the_pass_stands(passed_version, asked):
    module = modules()[0]
    file = module.file.model_copy(update={"version": 2, "retest_from": 2})
    read = {lesson.id: NOW for lesson in module.lessons}
    part = ModuleProgress(
        replace(module, file=file), read, read, (), NOW, {}, passed_version=passed_version
    )

    assert (part.retest, part.is_done, part.state) == (asked, not asked, ModuleState.PASSED)
    assert next_task([part], NOW).step is (NextTaskKind.START_QUIZ if asked else NextTaskKind.DONE)


def test_the_short_tests_are_open_before_the_module_and_after_its_pass():
    before = replace(attempt(AttemptState.CLOSED, NOW, points=200), purpose=AttemptPurpose.BEFORE)
    after = replace(before, purpose=AttemptPurpose.AFTER)
    steps = [
        progress(),
        progress(opened=1),
        replace(progress(), short_tests=(before,)),
        replace(progress(passed_at=NOW), short_tests=(before,)),
        replace(progress(passed_at=NOW), short_tests=(after, before)),
        progress(passed_at=NOW),
    ]

    assert [
        [one.may_test(p) for p in (AttemptPurpose.BEFORE, AttemptPurpose.AFTER)] for one in steps
    ] == [
        [True, False],
        [False, False],
        [False, False],
        [False, True],
        [False, False],
        [True, False],
    ]


def test_an_attempt_that_has_come_to_its_end_is_not_under_way():
    part = replace(progress(attempts=[attempt(OPEN)]), at=NOW + 30 * DAY)

    assert part.open_attempt is None
    assert next_task([part], NOW + 30 * DAY).step is NextTaskKind.LESSON


def test_a_text_is_marked_with_the_language_it_answers_in():
    assert [text_language({"en": 1, "uk": 2}, language) for language in ("uk", "ro", "en")] == [
        "uk",
        "en",
        "en",
    ]


def test_the_time_of_a_module_is_what_its_application_takes():
    lessons = modules()[0].lessons
    pieces = [lesson.plan.doing for lesson in lessons if lesson.plan.piece]

    assert modules()[0].doing == sum(pieces) < sum(lesson.plan.doing for lesson in lessons)


def test_work_that_makes_pieces_of_the_application_is_counted_once():
    module = modules()[3]
    pieces = [lesson.plan.doing for lesson in module.lessons if lesson.plan.piece]
    of_first = module.lessons[0].plan.doing
    whole = ModuleProgress(module)
    begun = ModuleProgress(module, read={module.lessons[0].id: NOW})

    assert LearningOverview((whole,)).pieces_left == sum(pieces) > 0
    assert begun.pieces_left == sum(pieces) - of_first
    assert replace(begun, passed_at=NOW).pieces_left == 0
