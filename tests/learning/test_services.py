"""Lessons read, attempts that exist once, answers that are kept, passes that count for good."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import func, select

from cissapp.accounts.models import User
from cissapp.accounts.rules import Duty
from cissapp.audit.models import AuditEntry
from cissapp.audit.rules import Event
from cissapp.content.schema import Kind
from cissapp.core.actor import SYSTEM
from cissapp.core.db import session, unit_of_work
from cissapp.core.errors import Forbidden, Missing, Refused
from cissapp.learning import queries, services
from cissapp.learning.models import Attempt, AttemptQuestion, LessonProgress, ModulePass
from cissapp.learning.rules import AttemptState
from cissapp.schools.models import School
from cissapp.schools.rules import Progress
from cissapp.web.context import content
from tests.factories import NOW, passed_module

LATER = NOW + timedelta(minutes=1)
DAY = timedelta(days=1)


def module(number=0):
    return content().modules[number]


def recorded(event):
    found = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id)
    return list(session.scalars(found))


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def count(kind):
    return session.scalar(select(func.count()).select_from(kind))


def start(person, at=NOW, number=0):
    return services.start_attempt(module(number), by=person, at=at, random=Random(1))


def save(attempt, position, chosen, person, *, sequence=0, at=NOW):
    return services.save_answer(
        attempt, position, chosen, module=module(), sequence=sequence, by=person, at=at
    )


def of_kind(attempt, *kinds):
    return next(
        row
        for row in attempt.questions
        if module().by_question_id[row.question_id].key.kind in kinds
    )


def wrong(row):
    return [next(option for option in row.options if option not in row.key)]


def answer_all(attempt, person, wrongs=0, at=NOW):
    for row in attempt.questions:
        save(
            attempt, row.position, wrong(row) if row.position <= wrongs else row.key, person, at=at
        )


def hand_in(attempt, person, at=NOW):
    return services.hand_in(attempt, content=content(), by=person, at=at)


# --- lessons ---------------------------------------------------------------------------------


def test_a_lesson_is_read_once(context, make):
    person, lesson = make.manager(), module().lessons[0]

    services.mark_read(lesson, by=person, at=NOW)
    services.mark_read(lesson, by=person, at=LATER)

    rows = [
        (row.module_id, row.lesson_id, row.opened_at, row.read_at)
        for row in session.scalars(select(LessonProgress))
    ]
    assert rows == [("children-online", "a-day-online", NOW, NOW)]
    assert [
        (entry.subject_id, entry.actor_id, entry.school_id) for entry in recorded(Event.LESSON_READ)
    ] == [("children-online/a-day-online", person.id, person.school_id)]


def test_a_lesson_that_was_opened_is_remembered_as_unread(context, make):
    person, lesson = make.manager(), module().lessons[1]

    services.note_opened(lesson, by=person, at=NOW)
    services.note_opened(lesson, by=person, at=LATER)

    rows = [(row.opened_at, row.read_at) for row in session.scalars(select(LessonProgress))]
    assert rows == [(NOW, None)]
    assert recorded(Event.LESSON_READ) == []


def test_the_system_reads_nothing(context):
    with pytest.raises(Forbidden):
        services.mark_read(module().lessons[0], by=SYSTEM, at=NOW)


# --- starting --------------------------------------------------------------------------------


def test_an_attempt_keeps_the_rules_and_keys_of_its_draw(context, make):
    person = make.manager()

    attempt = start(person)

    facts = (attempt.user_id, attempt.module_id, attempt.module_version, attempt.pass_percent)
    assert facts == (person.id, "children-online", 1, 80)
    assert (attempt.state, attempt.started_at, attempt.closed_at) == (AttemptState.OPEN, NOW, None)
    keys = {question.id: question.key for question in module().questions}
    assert [row.position for row in attempt.questions] == list(range(1, 11))
    assert [row.key for row in attempt.questions] == [
        keys[row.question_id].key for row in attempt.questions
    ]
    assert {(row.chosen is None, row.saved_at) for row in attempt.questions} == {(True, None)}
    assert [entry.facts for entry in recorded(Event.ATTEMPT_STARTED)] == [
        {"module": "children-online", "module_version": 1}
    ]


def test_who_starts_again_gets_the_same_attempt(context, make):
    person = make.manager()
    first = start(person)

    again = start(person, at=NOW + 6 * DAY)

    assert again is first
    assert (count(Attempt), count(AttemptQuestion)) == (1, 10)
    assert len(recorded(Event.ATTEMPT_STARTED)) == 1


def test_two_people_have_attempts_of_their_own(context, make):
    school = make.school()
    people = [make.manager(school), make.manager(school, duty=Duty.DEPUTY)]

    assert len({start(person).id for person in people}) == 2


def started(app, user_id):
    with app.app_context():
        try:
            with unit_of_work():
                person = session.get_one(User, user_id)
                return services.start_attempt(module(), by=person, at=NOW).id
        finally:
            session.remove()


def test_sixteen_starts_at_once_make_one_attempt(app, make):
    person = make.manager()

    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(lambda _: started(app, person.id), range(16)))

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


def test_an_attempt_whose_questions_are_gone_is_voided_and_does_not_count(context, make):
    person = make.manager()
    old = start(person)
    old.questions[0].question_id = "c1-gone"
    session.flush()

    new = start(person, at=LATER)

    assert new.id != old.id
    assert (old.state, old.closed_at, old.right_count) == (AttemptState.VOIDED, LATER, 0)
    assert new.state is AttemptState.OPEN


def test_after_a_fail_the_next_attempt_waits_a_day(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs=3)
    hand_in(attempt, person)

    with pytest.raises(Refused) as refused:
        start(person, at=NOW + DAY - timedelta(seconds=1))

    assert codes(refused) == ["waiting"]
    assert start(person, at=NOW + DAY).state is AttemptState.OPEN
    assert start(person, number=1).module_id == "risks-and-harms"


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


def test_an_answer_is_saved_with_its_moment_and_recorded_without_its_content(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, Kind.SINGLE)

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


def test_the_last_answer_to_arrive_counts_also_from_an_old_tab(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, Kind.SINGLE)
    save(attempt, row.position, [row.options[0]], person, sequence=0)
    save(attempt, row.position, [row.options[1]], person, sequence=1)

    save(attempt, row.position, [row.options[2]], person, sequence=0, at=LATER)

    assert (row.chosen, row.saved_at, row.sequence) == ([row.options[2]], LATER, 3)
    assert [entry.facts["over_newer"] for entry in recorded(Event.ANSWER_SAVED)] == [
        False,
        False,
        True,
    ]


def test_the_same_answer_twice_is_saved_once(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, Kind.MULTIPLE)
    chosen = row.options[:2]
    save(attempt, row.position, chosen, person)

    again = save(attempt, row.position, chosen[::-1], person, at=LATER)

    assert (again, row.saved_at, row.sequence) == (NOW, NOW, 1)
    assert len(recorded(Event.ANSWER_SAVED)) == 1


def test_what_cannot_be_an_answer_is_refused_and_the_saved_one_stays(context, make):
    person = make.manager()
    attempt = start(person)
    row = of_kind(attempt, Kind.SINGLE)
    save(attempt, row.position, [row.options[0]], person)

    for chosen in ([], ["zz"], row.options[:2], [row.options[1], "zz"]):
        with pytest.raises(Refused) as refused:
            save(attempt, row.position, chosen, person, at=LATER)
        assert codes(refused) == ["chosen"]

    assert (row.chosen, row.saved_at) == ([row.options[0]], NOW)


def test_there_is_no_eleventh_question(context, make):
    person = make.manager()

    with pytest.raises(Missing):
        save(start(person), 11, ["a"], person)


def test_after_the_hand_in_no_answer_is_added(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs=10)
    hand_in(attempt, person)
    row = attempt.questions[0]
    before = list(row.chosen)

    with pytest.raises(Refused) as refused:
        save(attempt, 1, row.key, person, at=LATER)

    assert codes(refused) == ["closed"]
    assert refused.value.problems[0].link == ("learning.result", {"attempt_id": attempt.id})
    assert row.chosen == before


# --- handing in ------------------------------------------------------------------------------


def test_every_question_needs_an_answer_before_the_hand_in(context, make):
    person = make.manager()
    attempt = start(person)
    for row in attempt.questions:
        if row.position not in {3, 8}:
            save(attempt, row.position, row.key, person)

    with pytest.raises(Refused) as refused:
        hand_in(attempt, person)

    assert [problem.values["position"] for problem in refused.value.problems] == [3, 8]
    assert attempt.state is AttemptState.OPEN


@pytest.mark.parametrize(
    ("wrongs", "state", "passes"),
    [(0, AttemptState.PASSED, 1), (2, AttemptState.PASSED, 1), (3, AttemptState.FAILED, 0)],
)
def test_eighty_percent_pass(context, make, wrongs, state, passes):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person, wrongs)

    closed = hand_in(attempt, person, at=LATER)

    assert (closed.state, closed.closed_at, closed.right_count) == (state, LATER, 10 - wrongs)
    assert count(ModulePass) == passes
    assert [entry.facts for entry in recorded(Event.ATTEMPT_HANDED_IN)] == [
        {"right": 10 - wrongs, "total": 10, "passed": bool(passes)}
    ]
    assert [(entry.subject_id, entry.facts) for entry in recorded(Event.MODULE_PASSED)] == [
        ("children-online", {"attempt": str(attempt.id)})
    ] * passes


def test_a_second_hand_in_changes_nothing(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)
    hand_in(attempt, person)

    again = hand_in(attempt, person, at=LATER)

    assert (again.state, again.closed_at) == (AttemptState.PASSED, NOW)
    assert count(ModulePass) == 1
    assert len(recorded(Event.ATTEMPT_HANDED_IN)) == 1


def test_key_and_pass_mark_of_the_draw_decide(context, make):
    person = make.manager()
    attempt = start(person)
    answer_all(attempt, person)
    for row in attempt.questions[:5]:
        row.key = wrong(row)
    attempt.pass_percent = 50
    session.flush()

    closed = hand_in(attempt, person)

    assert (closed.right_count, closed.state) == (5, AttemptState.PASSED)


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


@pytest.mark.parametrize(
    ("before", "after"),
    [(one, Progress.IN_TRAINING if one is Progress.REGISTERED else one) for one in Progress],
)
def test_the_first_lesson_moves_a_registered_school_only(context, make, before, after):
    school = make.school(progress=before)

    services.mark_read(module().lessons[0], by=make.manager(school), at=NOW)

    assert school.progress is after


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


def test_a_school_is_trained_when_head_and_designated_person_have_passed_all(context, make):
    school, (head, designated) = almost_trained(make, progress=Progress.IN_TRAINING)

    pass_first(head)
    assert school.progress is Progress.IN_TRAINING
    pass_first(designated)
    assert school.progress is Progress.TRAINED


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
