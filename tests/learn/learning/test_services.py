"""Lessons read, attempts that exist once, answers that are kept, passes that count for good."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Barrier, BrokenBarrierError

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import QuestionKind, asks_a_scale
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Forbidden, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    LateAnswer,
    LessonProgress,
    ModulePass,
    QuestionVersion,
    VoidedQuestion,
)
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState, ExtraTime, LateReason
from cissapp.learn.learning.rules.grading import full_answer, worthless_answer
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from tests.factories import NOW, passed_module
from tests.learn.learning.answering import drawing, key_of
from tests.refusals import codes

LATER = NOW + timedelta(minutes=1)
DAY = timedelta(days=1)
ANSWERED = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCENARIO)


def module(number=0):
    return content().modules[number]


def recorded(event):
    found = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id)
    return list(session.scalars(found))


def count(kind):
    return session.scalar(select(func.count()).select_from(kind))


def start(person, at=NOW, number=0):
    random = drawing(module(number), *ANSWERED)
    return services.start_attempt(
        module(number), content=content(), by=person, at=at, random=random
    )


def save(attempt, position, chosen, person, *, sequence=0, at=NOW):
    return services.save_answer(attempt, position, chosen, sequence=sequence, by=person, at=at)


def of_kind(attempt, *kinds):
    return next(row for row in attempt.questions if key_of(row).kind in kinds)


def wrong(row):
    """An answer that earns nothing."""
    return worthless_answer(key_of(row))


def right(row):
    """An answer that earns everything."""
    return full_answer(key_of(row))


def answer_all(attempt, person, wrongs=0, at=NOW):
    chosen = {
        row.position: wrong(row) if row.position <= wrongs else right(row)
        for row in attempt.questions
    }
    services.save_answers(attempt, chosen, by=person, at=at)


def hand_in(attempt, person, at=NOW):
    return services.hand_in(attempt, content=content(), by=person, at=at)


# --- lessons ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_lesson_is_read_once(context, make):
    person, lesson = make.manager(), module().lessons[0]

    services.mark_read(lesson, by=person, at=NOW)
    services.mark_read(lesson, by=person, at=LATER)

    rows = [
        (row.module_id, row.lesson_id, row.opened_at, row.read_at)
        for row in session.scalars(select(LessonProgress))
    ]
    assert rows == [(lesson.module_id, lesson.id, NOW, NOW)]
    assert [
        (entry.subject_id, entry.actor_id, entry.school_id) for entry in recorded(Event.LESSON_READ)
    ] == [(f"{lesson.module_id}/{lesson.id}", person.id, person.school_id)]


def test_a_lesson_that_was_opened_is_remembered_as_unread(context, make):
    person, lesson = make.manager(), module().lessons[1]

    services.record_opened(lesson, by=person, at=NOW)
    services.record_opened(lesson, by=person, at=LATER)

    rows = [(row.opened_at, row.read_at) for row in session.scalars(select(LessonProgress))]
    assert rows == [(NOW, None)]
    assert recorded(Event.LESSON_READ) == []


def test_the_system_reads_nothing(context):
    with pytest.raises(Forbidden):
        services.mark_read(module().lessons[0], by=SYSTEM, at=NOW)


# --- starting --------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_an_attempt_keeps_policy_questions_and_keys_of_its_draw(context, make):
    person = make.manager()

    attempt = start(person)

    facts = (attempt.user_id, attempt.module_id, attempt.module_version, attempt.total)
    assert facts == (person.id, module().id, module().file.version, 10)
    assert attempt.policy == module().file.quiz.policy
    assert (attempt.state, attempt.started_at, attempt.closed_at, attempt.expires_at) == (
        AttemptState.OPEN,
        NOW,
        None,
        NOW + 30 * DAY,
    )
    assert [row.position for row in attempt.questions] == list(range(1, 11))
    asked = queries.asked_questions(attempt)
    assert [asked[row.position].document for row in attempt.questions] == [
        module().by_question_id[row.question_id].document for row in attempt.questions
    ]
    assert {(row.chosen is None, row.saved_at) for row in attempt.questions} == {(True, None)}
    assert [entry.facts for entry in recorded(Event.ATTEMPT_STARTED)] == [
        {"module": module().id, "module_version": module().file.version, "purpose": "quiz"}
    ]


def test_a_question_is_kept_once_however_often_it_is_drawn(context, make):
    for person in (make.manager(), make.manager(), make.manager()):
        start(person)

    drawn = {row.question_id for row in session.scalars(select(AttemptQuestion))}
    assert count(QuestionVersion) == len(drawn)


@pytest.mark.one_database("sqlite")
def test_who_starts_again_gets_the_same_attempt(context, make):
    person = make.manager()
    first = start(person)

    again = start(person, at=NOW + 6 * DAY)

    assert again is first
    assert (count(Attempt), count(AttemptQuestion)) == (1, 10)
    assert len(recorded(Event.ATTEMPT_STARTED)) == 1


@pytest.mark.one_database("sqlite")
def test_two_people_have_attempts_of_their_own(context, make):
    school = make.school()
    people = [make.manager(school), make.manager(school, duty=Duty.DEPUTY)]

    assert len({start(person).id for person in people}) == 2


def started(app, user_id):
    with app.app_context():
        try:
            with unit_of_work():
                person = session.get_one(User, user_id)
                return services.start_attempt(module(), content=content(), by=person, at=NOW).id
        finally:
            session.remove()


def test_fifty_starts_at_once_make_one_attempt(app, make):
    person = make.manager()

    with ThreadPoolExecutor(50) as pool:
        ids = set(pool.map(lambda _: started(app, person.id), range(50)))

    assert len(ids) == 1
    with app.app_context():
        assert (count(Attempt), count(AttemptQuestion)) == (1, 10)
        assert len(recorded(Event.ATTEMPT_STARTED)) == 1
        assert session.get_one(School, person.school_id).progress is Progress.IN_TRAINING


def test_the_faster_of_two_starts_is_found_when_the_slower_one_meets_it(context, make, monkeypatch):
    person = make.manager()
    first = start(person)
    answers = iter([None, first])
    monkeypatch.setattr(queries, "open_attempt", lambda *_: next(answers))

    assert start(person) is first
    assert count(Attempt) == 1


def test_an_attempt_of_a_time_before_questions_were_kept_is_voided(context, make):
    person = make.manager()
    old = start(person)
    old.questions[0].version_id = None
    session.flush()

    new = start(person, at=LATER)

    session.refresh(old)
    assert new.id != old.id
    assert (old.state, old.closed_at, old.points) == (AttemptState.VOIDED, LATER, None)
    assert new.state is AttemptState.OPEN


@pytest.mark.one_database("sqlite")
def test_an_attempt_closes_by_itself_and_does_not_count(context, make):
    person = make.manager()
    old = start(person)
    save(old, 1, right(old.questions[0]), person)

    new = start(person, at=NOW + 30 * DAY)

    session.refresh(old)
    assert new.id != old.id
    assert (old.state, old.points, old.questions[0].chosen) == (
        AttemptState.EXPIRED,
        None,
        right(old.questions[0]),
    )
    assert len(recorded(Event.ATTEMPT_EXPIRED)) == 1


@pytest.mark.one_database("sqlite")
def test_the_days_work_closes_what_has_come_to_its_end_and_is_safe_to_repeat(context, make):
    old, young = start(make.manager()), start(make.manager(), at=NOW + DAY)

    closed = [services.end_due_attempts(content=content(), at=NOW + 30 * DAY) for _ in range(2)]

    session.refresh(old)
    assert closed == [1, 0]
    assert (old.state, young.state) == (AttemptState.EXPIRED, AttemptState.OPEN)


def timed(attempt, minutes):
    """Give an attempt a time limit, as if the module had one."""
    attempt.policy_document = {**attempt.policy_document, "minutes": minutes}
    attempt.expires_at = attempt.started_at + timedelta(minutes=minutes)
    session.flush()


def test_with_a_time_limit_what_was_saved_counts_at_the_end(context, make):
    person = make.manager()
    attempt = start(person)
    for row in attempt.questions[:8]:
        save(attempt, row.position, right(row), person)
    timed(attempt, 20)

    services.end_due_attempts(content=content(), at=NOW + timedelta(minutes=20))

    session.refresh(attempt)
    assert (attempt.state, attempt.points) == (AttemptState.PASSED, 800)
    assert count(ModulePass) == 1


def test_extra_time_is_taken_from_the_next_attempt_on(context, make, monkeypatch):
    person = make.manager()
    services.set_extra_time(ExtraTime.DOUBLE, by=person)
    quiz = module().file.quiz.model_copy(update={"minutes": 20})
    limited = replace(module(), file=module().file.model_copy(update={"quiz": quiz}))

    attempt = services.start_attempt(limited, content=content(), by=person, at=NOW)

    assert attempt.expires_at == NOW + timedelta(minutes=40)


@pytest.mark.one_database("sqlite")
def test_after_a_fail_the_next_attempt_waits_a_day(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs=3)
    hand_in(attempt, person)

    with pytest.raises(Refused) as refused:
        start(person, at=NOW + DAY - timedelta(seconds=1))

    assert codes(refused) == ["waiting"]
    assert start(person, at=NOW + DAY).state is AttemptState.OPEN
    assert start(person, number=1).module_id == module(1).id


@pytest.mark.one_database("sqlite")
def test_what_is_passed_needs_no_further_attempt(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)
    hand_in(attempt, person)

    with pytest.raises(Refused) as refused:
        start(person, at=NOW + 99 * DAY)

    assert codes(refused) == ["passed"]
    assert count(Attempt) == 1


# --- answers ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_an_answer_is_saved_with_its_moment_and_recorded_without_its_content(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)

    saved_at = save(attempt, row.position, [row.options[2]], person, at=LATER)

    assert (saved_at, row.chosen, row.saved_at, row.sequence) == (
        LATER,
        [row.options[2]],
        LATER,
        1,
    )
    assert [entry.facts for entry in recorded(Event.ANSWER_SAVED)] == [
        {"position": row.position, "sequence": 1, "over_newer": False}
    ]


@pytest.mark.one_database("sqlite")
def test_the_last_answer_to_arrive_counts_also_from_an_old_tab(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    save(attempt, row.position, [row.options[0]], person, sequence=0)
    save(attempt, row.position, [row.options[1]], person, sequence=1)

    save(attempt, row.position, [row.options[2]], person, sequence=0, at=LATER)

    assert (row.chosen, row.saved_at, row.sequence) == ([row.options[2]], LATER, 3)
    assert [entry.facts["over_newer"] for entry in recorded(Event.ANSWER_SAVED)] == [
        False,
        False,
        True,
    ]


@pytest.mark.one_database("sqlite")
def test_the_same_answer_twice_is_saved_once(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.MULTIPLE)
    chosen = row.options[:2]
    save(attempt, row.position, chosen, person)

    again = save(attempt, row.position, chosen[::-1], person, at=LATER)

    assert (again, row.saved_at, row.sequence) == (NOW, NOW, 1)
    assert len(recorded(Event.ANSWER_SAVED)) == 1


@pytest.mark.one_database("sqlite")
def test_what_cannot_be_an_answer_is_refused_and_the_saved_one_stays(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    save(attempt, row.position, [row.options[0]], person)

    for chosen in ([], ["zz"], row.options[:2], [row.options[1], "zz"]):
        with pytest.raises(Refused) as refused:
            save(attempt, row.position, chosen, person, at=LATER)
        assert codes(refused) == ["chosen"]

    assert (row.chosen, row.saved_at) == ([row.options[0]], NOW)


@pytest.mark.one_database("sqlite")
def test_there_is_no_eleventh_question(context, make):
    person = make.manager()

    with pytest.raises(Missing):
        save(start(person), 11, ["a"], person)


@pytest.mark.one_database("sqlite")
def test_after_the_hand_in_no_answer_is_added(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs=10)
    hand_in(attempt, person)
    row = attempt.questions[0]
    before = list(row.chosen)

    with pytest.raises(Refused) as refused:
        save(attempt, 1, right(row), person, at=LATER)

    assert codes(refused) == ["closed"]
    assert refused.value.problems[0].link == ("learning.result", {"attempt_id": attempt.id})
    assert row.chosen == before


@pytest.mark.one_database("sqlite")
def test_after_its_end_an_attempt_takes_no_answer_though_nobody_closed_it(context, make):
    person = make.manager()
    attempt = start(person)

    with pytest.raises(Refused) as refused:
        save(attempt, 1, right(attempt.questions[0]), person, at=NOW + 30 * DAY)

    assert codes(refused) == ["closed"]
    assert attempt.questions[0].chosen is None


def test_a_decision_cannot_be_taken_back(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SCENARIO)
    best, worst = right(row), wrong(row)
    save(attempt, row.position, worst[:1], person)

    with pytest.raises(Refused) as refused:
        save(attempt, row.position, best, person)

    assert codes(refused) == ["chosen"]
    assert row.chosen == worst[:1]
    if len(worst) > 1:
        save(attempt, row.position, worst, person)
    assert row.chosen[0] == worst[0]


@pytest.mark.one_database("sqlite")
def test_a_story_that_has_not_ended_is_no_whole_answer(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)
    row = of_kind(attempt, QuestionKind.SCENARIO)
    row.chosen = row.chosen[:1]
    session.flush()

    with pytest.raises(Refused) as refused:
        hand_in(attempt, person)

    assert [problem.values["position"] for problem in refused.value.problems] == [row.position]


# --- the queue of a device -------------------------------------------------------------------


def queued(attempt, row, chosen, person, *, sequence=0, at=LATER, made_at=None):
    sent = services.QueuedAnswer(row.position, chosen, sequence, made_at)
    return services.save_queued_answer(attempt, sent, by=person, at=at)


def late_rows():
    return [
        (row.position, row.chosen, row.reason, row.made_at, row.received_at)
        for row in session.scalars(select(LateAnswer).order_by(LateAnswer.received_at))
    ]


def test_a_queued_answer_on_top_of_what_the_device_knew_is_saved(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    save(attempt, row.position, [row.options[0]], person)

    taken = queued(attempt, row, [row.options[1]], person, sequence=1)

    assert (taken.saved_at, taken.late, row.chosen, row.sequence) == (
        LATER,
        None,
        [row.options[1]],
        2,
    )
    assert late_rows() == []


def test_what_another_device_saved_meanwhile_stays_and_the_late_one_is_kept(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    save(attempt, row.position, [row.options[0]], person)
    made = NOW - 5 * DAY  # the clock of the device is wrong

    for at in (LATER, LATER + DAY):
        taken = queued(attempt, row, [row.options[1]], person, sequence=0, at=at, made_at=made)
        assert (taken.saved_at, taken.late) == (None, LateReason.NEWER)

    assert row.chosen == [row.options[0]]
    assert late_rows() == [(row.position, [row.options[1]], LateReason.NEWER, made, LATER)]
    assert len(recorded(Event.ANSWER_LATE)) == 1


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("end", ["handed in", "expired"])
def test_a_queued_answer_to_a_closed_attempt_is_kept_and_does_not_count(context, make, end):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    at = LATER
    if end == "handed in":
        answer_all(attempt, person, wrongs=10)
        hand_in(attempt, person)
    else:
        at = NOW + 31 * DAY
    before = attempt.points

    taken = queued(attempt, row, right(row), person, sequence=9, at=at)

    session.refresh(attempt)
    assert (taken.saved_at, taken.late, attempt.points) == (None, LateReason.CLOSED, before)
    assert late_rows() == [(row.position, right(row), LateReason.CLOSED, None, at)]


@pytest.mark.one_database("sqlite")
def test_the_same_queued_answer_twice_is_the_saved_one(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)
    first = queued(attempt, row, right(row), person)

    again = queued(attempt, row, right(row), person, at=LATER + DAY)

    assert (first.saved_at, again.saved_at, again.late, row.sequence) == (LATER, LATER, None, 1)


@pytest.mark.one_database("sqlite")
def test_a_queued_answer_that_is_none_is_refused(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, QuestionKind.SINGLE)

    with pytest.raises(Refused) as refused:
        queued(attempt, row, ["zz"], person)
    with pytest.raises(Missing):
        services.save_queued_answer(
            attempt, services.QueuedAnswer(11, ["a"], 0, None), by=person, at=LATER
        )

    assert codes(refused) == ["chosen"]
    assert row.chosen is None


# --- handing in ------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_every_question_needs_an_answer_before_the_hand_in(context, make):
    person = make.manager()
    attempt = start(person)
    for row in attempt.questions:
        if row.position not in {3, 8}:
            save(attempt, row.position, right(row), person)

    with pytest.raises(Refused) as refused:
        hand_in(attempt, person)

    assert [problem.values["position"] for problem in refused.value.problems] == [3, 8]
    assert attempt.state is AttemptState.OPEN


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("wrongs", "state", "passes"),
    [(0, AttemptState.PASSED, 1), (2, AttemptState.PASSED, 1), (3, AttemptState.FAILED, 0)],
)
def test_eighty_percent_pass(context, make, wrongs, state, passes):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs)

    closed = hand_in(attempt, person, at=LATER)

    assert (closed.state, closed.closed_at, closed.points) == (state, LATER, 1000 - 100 * wrongs)
    assert count(ModulePass) == passes
    assert [entry.facts for entry in recorded(Event.ATTEMPT_HANDED_IN)] == [
        {"points": 1000 - 100 * wrongs, "total": 10, "passed": bool(passes)}
    ]
    assert [(entry.subject_id, entry.facts) for entry in recorded(Event.MODULE_PASSED)] == [
        ("children-online", {"attempt": str(attempt.id)})
    ] * passes


@pytest.mark.one_database("sqlite")
def test_an_attempt_that_has_come_to_its_end_cannot_be_handed_in(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)

    with pytest.raises(Refused) as refused:
        hand_in(attempt, person, at=NOW + 30 * DAY)

    assert codes(refused) == ["closed"]
    assert (attempt.state, count(ModulePass)) == (AttemptState.OPEN, 0)


@pytest.mark.one_database("sqlite")
def test_a_second_hand_in_changes_nothing(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)
    hand_in(attempt, person)

    again = hand_in(attempt, person, at=LATER)

    assert (again.state, again.closed_at) == (AttemptState.PASSED, NOW)
    assert count(ModulePass) == 1
    assert len(recorded(Event.ATTEMPT_HANDED_IN)) == 1


def test_the_questions_and_the_policy_of_the_draw_decide_and_not_those_of_today(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs=5)
    attempt.policy_document = {**attempt.policy_document, "pass_percent": 50}
    session.flush()
    emptied = replace(module(), questions=())
    today = replace(content(), modules=(emptied, *content().modules[1:]))

    closed = services.hand_in(attempt, content=today, by=person, at=NOW)

    assert (closed.points, closed.state) == (500, AttemptState.PASSED)


# --- the short tests before and after --------------------------------------------------------


def short_test(person, purpose, at=NOW, seed=2):
    return services.start_attempt(
        module(), content=content(), by=person, at=at, purpose=purpose, random=Random(seed)
    )


def test_the_tests_before_and_after_ask_the_same_topics_and_count_for_nothing(context, make):
    person = make.manager()
    before = short_test(person, AttemptPurpose.BEFORE)
    answer_all(before, person, wrongs=5)
    hand_in(before, person)
    quiz = start(person)
    answer_all(quiz, person)
    hand_in(quiz, person)

    after = short_test(person, AttemptPurpose.AFTER, at=LATER)
    answer_all(after, person)
    hand_in(after, person, at=LATER)

    topics = [sorted(key_of(row).topic for row in attempt.questions) for attempt in (before, after)]
    assert topics[0] == topics[1]
    assert {row.question_id for row in before.questions}.isdisjoint(
        row.question_id for row in after.questions
    )
    assert [(one.state, one.points) for one in (before, quiz, after)] == [
        (AttemptState.CLOSED, 0),
        (AttemptState.PASSED, 1000),
        (AttemptState.CLOSED, 500),
    ]
    assert count(ModulePass) == 1


def test_neither_short_test_asks_about_a_scale(context, make):
    keys = []
    for seed in range(8):
        person = make.manager()
        before = short_test(person, AttemptPurpose.BEFORE, seed=seed)
        answer_all(before, person)
        hand_in(before, person)
        passed_module(person, module().id)
        after = short_test(person, AttemptPurpose.AFTER, seed=seed)
        keys += [key_of(row) for attempt in (before, after) for row in attempt.questions]

    assert len(keys) == 80
    assert [key.id for key in keys if asks_a_scale(key)] == []


@pytest.mark.one_database("sqlite")
def test_an_open_short_test_makes_room_for_the_quiz_and_the_quiz_for_none(context, make):
    person = make.manager()
    before = short_test(person, AttemptPurpose.BEFORE)

    quiz = start(person, at=LATER)

    session.refresh(before)
    assert (before.state, quiz.state) == (AttemptState.VOIDED, AttemptState.OPEN)
    with pytest.raises(Refused) as refused:
        short_test(person, AttemptPurpose.BEFORE)
    assert codes(refused) == ["quiz"]


def test_a_short_test_that_is_not_open_is_refused(context, make):
    person = make.manager()
    with pytest.raises(Refused) as refused:
        short_test(person, AttemptPurpose.AFTER)
    services.mark_read(module().lessons[0], by=person, at=NOW)
    with pytest.raises(Refused) as begun:
        short_test(person, AttemptPurpose.BEFORE)

    assert codes(refused) == codes(begun) == ["test"]


# --- a faulty question -----------------------------------------------------------------------


def void(question_id, make, at=LATER):
    return services.void_question(
        "children-online",
        question_id,
        reason="The key names the wrong article.",
        content=content(),
        by=make.user(Role.SECRETARIAT),
        at=at,
    )


def test_a_voided_question_counts_for_nobody_and_who_has_enough_now_has_passed(context, make):
    failed, passed_, open_ = make.manager(), make.manager(), make.manager()
    attempts = [start(person) for person in (failed, passed_, open_)]
    answer_all(attempts[0], failed, wrongs=2)
    row = attempts[0].questions[2]
    row.chosen = wrong(row)
    answer_all(attempts[1], passed_)
    session.flush()
    hand_in(attempts[0], failed)
    hand_in(attempts[1], passed_, at=LATER)
    assert [attempt.state for attempt in attempts[:2]] == [
        AttemptState.FAILED,
        AttemptState.PASSED,
    ]

    changed = void(row.question_id, make)

    for attempt in attempts:
        session.refresh(attempt)
    assert changed == 2
    assert [(one.state, one.points, one.total) for one in attempts] == [
        (AttemptState.FAILED, 700, 9),
        (AttemptState.PASSED, 900, 9),
        (AttemptState.OPEN, None, 10),
    ]
    assert [entry.facts for entry in recorded(Event.ATTEMPT_REGRADED)] == [
        {"question": row.question_id, "before": ["failed", 700, 10], "after": ["failed", 700, 9]},
        {"question": row.question_id, "before": ["passed", 1000, 10], "after": ["passed", 900, 9]},
    ]
    second = attempts[0].questions[1]
    void(second.question_id, make)
    session.refresh(attempts[0])
    assert (attempts[0].state, attempts[0].points, attempts[0].total) == (
        AttemptState.PASSED,
        700,
        8,
    )
    assert session.get(ModulePass, (failed.id, "children-online")).attempt_id == attempts[0].id


def test_whoever_was_asked_a_voided_question_is_told_once(context, make):
    person = make.manager(language="en")
    for day in range(2):
        attempt = start(person, at=NOW + day * 2 * DAY)
        answer_all(attempt, person, wrongs=10, at=NOW + day * 2 * DAY)
        hand_in(attempt, person, at=NOW + day * 2 * DAY)
    row = attempt.questions[0]

    void(row.question_id, make, at=NOW + 9 * DAY)

    mails = list(session.scalars(select(Mail).where(Mail.kind == "question_voided")))
    assert [(mail.to, mail.subject) for mail in mails] == [
        (person.email, "A question was removed and your quiz marked again")
    ]
    assert str(attempt.id) in mails[0].body


def test_of_a_voided_question_nobody_is_told_whose_account_is_closed(context, make):
    gone = make.manager()
    attempt = start(gone)
    answer_all(attempt, gone, wrongs=10)
    hand_in(attempt, gone)
    accounts.deactivate(gone, by=make.user(Role.SECRETARIAT), at=LATER)

    changed = void(attempt.questions[0].question_id, make, at=NOW + 9 * DAY)

    mails = session.scalars(select(Mail.to).where(Mail.kind == "question_voided")).all()
    assert (changed, mails) == (1, [])


@pytest.mark.one_database("sqlite")
def test_a_voided_question_is_drawn_no_more_and_needs_no_answer(context, make):
    person = make.manager()
    attempt = start(person)
    row = attempt.questions[4]
    for one in attempt.questions:
        if one is not row:
            save(attempt, one.position, right(one), person)
    void(row.question_id, make)

    closed = hand_in(attempt, person, at=LATER)

    assert (closed.state, closed.points, closed.total) == (AttemptState.PASSED, 900, 9)
    for _ in range(30):
        other = start(make.manager())
        assert row.question_id not in {one.question_id for one in other.questions}


@pytest.mark.parametrize(
    ("module_id", "question_id", "reason", "error"),
    [
        ("children-online", "gone", "The key is wrong here.", Missing),
        ("gone", None, "The key is wrong here.", Missing),
        ("children-online", None, "  short ", Refused),
    ],
)
def test_what_cannot_be_voided(context, make, module_id, question_id, reason, error):
    with pytest.raises(error):
        services.void_question(
            module_id,
            question_id or module().questions[0].id,
            reason=reason,
            content=content(),
            by=make.user(Role.SECRETARIAT),
            at=NOW,
        )
    assert count(VoidedQuestion) == 0


def test_a_question_is_voided_once(context, make):
    faulty = module().questions[0].id
    void(faulty, make)

    with pytest.raises(Refused) as refused:
        void(faulty, make)

    assert codes(refused) == ["voided"]


# --- at once ---------------------------------------------------------------------------------


def handed_in(app, attempt_id, user_id):
    with app.app_context():
        try:
            with unit_of_work():
                person = session.get_one(User, user_id)
                return hand_in(session.get_one(Attempt, attempt_id), person).state
        finally:
            session.remove()


def test_eight_hand_ins_at_once_grade_once(app, make):
    person = make.manager()
    with app.app_context(), unit_of_work():
        attempt = start(person)
        answer_all(attempt, person)
        attempt_id = attempt.id

    with ThreadPoolExecutor(8) as pool:
        states = set(pool.map(lambda _: handed_in(app, attempt_id, person.id), range(8)))

    assert states == {AttemptState.PASSED}
    with app.app_context():
        assert count(ModulePass) == 1
        assert len(recorded(Event.ATTEMPT_HANDED_IN)) == 1


# --- the school ------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("before", "after"),
    [(one, Progress.IN_TRAINING if one is Progress.REGISTERED else one) for one in Progress],
)
def test_the_first_lesson_moves_a_registered_school_only(context, make, before, after):
    school = make.school(progress=before)

    services.mark_read(module().lessons[0], by=make.manager(school), at=NOW)

    assert school.progress is after


@pytest.mark.one_database("sqlite")
def test_the_first_attempt_moves_a_registered_school(context, make):
    school = make.school()

    start(make.manager(school))

    assert school.progress is Progress.IN_TRAINING


def almost_trained(make, **values):
    """A school whose head and designated person each lack the first module."""
    school = make.school(**values)
    people = [make.manager(school), make.manager(school, duty=Duty.DESIGNATED_PERSON)]
    for person in people:
        for other in content().modules[1:]:
            passed_module(person, other.id)
    return school, people


def pass_first(person):
    attempt = start(person)
    answer_all(attempt, person)
    hand_in(attempt, person)


@pytest.mark.one_database("sqlite")
def test_a_school_is_trained_when_head_and_designated_person_have_passed_all(context, make):
    school, (head, designated) = almost_trained(make, progress=Progress.IN_TRAINING)

    pass_first(head)
    assert school.progress is Progress.IN_TRAINING
    pass_first(designated)
    assert school.progress is Progress.TRAINED


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("progress", list(Progress)[3:])
def test_a_school_that_is_further_is_not_moved_back(context, make, progress):
    school, people = almost_trained(make, progress=progress)

    for person in people:
        pass_first(person)

    assert school.progress is progress


def test_two_people_who_finish_at_once_do_not_overlook_each_other(app, make, monkeypatch):
    with app.app_context(), unit_of_work():
        school, people = almost_trained(make)
        tasks = []
        for person in people:
            attempt = start(person)
            answer_all(attempt, person)
            tasks.append((attempt.id, person.id))
        school_id = school.id
    together, count_left = Barrier(2), queries.training_left

    def counted_together(*arguments):
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.4)
        return count_left(*arguments)

    monkeypatch.setattr(queries, "training_left", counted_together)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda task: handed_in(app, *task), tasks))

    with app.app_context():
        assert session.get_one(School, school_id).progress is Progress.TRAINED


def test_several_answers_are_saved_in_one_act_as_each_would_be_alone(context, make):
    one, other = make.manager(), make.manager()
    attempts = [start(person) for person in (one, other)]
    rows = [{row.position: right(row) for row in attempt.questions} for attempt in attempts]

    services.save_answers(attempts[0], rows[0], by=one, at=NOW)
    for position, chosen in rows[1].items():
        save(attempts[1], position, chosen, other, sequence=1)

    seen = [
        [(row.position, row.sequence, row.saved_at) for row in attempt.questions]
        for attempt in attempts
    ]
    assert seen[0] == seen[1]
    assert [row.chosen for row in attempts[0].questions] == [
        list(rows[0][row.position]) for row in attempts[0].questions
    ]
    saved = session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.event == Event.ANSWER_SAVED)
    ).all()
    assert (saved.count(one.id), saved.count(other.id)) == (len(rows[0]), len(rows[1]))


@pytest.mark.one_database("sqlite")
def test_several_answers_with_a_wrong_one_are_refused(context, make):
    person = make.manager()
    attempt = start(person)
    first, second = attempt.questions[:2]

    with pytest.raises(Refused):
        services.save_answers(
            attempt, {first.position: right(first), second.position: ["none"]}, by=person, at=NOW
        )
