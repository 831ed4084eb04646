"""How far a person and a school are; the number of queries never depends on the number of rows."""

from datetime import timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.queries.schools import PEOPLE_AT_ONCE
from cissapp.learn.learning.rules import AttemptState, ModuleState, NextTaskKind, next_task
from cissapp.learn.learning.rules.grading import full_answer
from cissapp.people.accounts.rules import Duty
from tests.factories import NOW, passed_module
from tests.statements import statements_sent


def test_a_person_begins_with_nothing(context, make):
    overview = queries.overview(make.manager().id, content().modules, NOW)

    assert [part.state for part in overview.parts] == [ModuleState.NOT_STARTED] * 5
    assert next_task(overview.parts, NOW).lesson is content().modules[0].lessons[0]


def test_about_nobody_nothing_is_asked(context):
    with statements_sent() as statements:
        assert queries.overviews([], content().modules, NOW) == {}

    assert statements == []


@pytest.mark.one_database("sqlite")
def test_the_overview_tells_lessons_attempts_and_passes(context, make):
    person, other = make.manager(), make.manager()
    first, second, third = content().modules[:3]
    passed_module(person, first.id)
    for lesson in second.lessons[:2]:
        services.mark_read(lesson, by=person, at=NOW)
    services.record_opened(second.lessons[3], by=person, at=NOW)
    attempt = services.start_attempt(third, content=content(), by=person, at=NOW)
    answer = full_answer(queries.asked_questions(attempt)[1].key)
    services.save_answer(attempt, 1, answer, sequence=0, by=person, at=NOW)
    services.mark_read(first.lessons[0], by=other, at=NOW)

    overview = queries.overview(person.id, content().modules, NOW)

    parts = [
        (
            part.module.number,
            part.state.value,
            part.lessons_read,
            part.passed_at,
            [(one.state, one.answered, one.total, one.points) for one in part.attempts],
        )
        for part in overview.parts
    ]
    assert parts == [
        (1, "passed", 0, NOW, [(AttemptState.PASSED, 0, 1, 100)]),
        (2, "in_progress", 2, None, []),
        (3, "in_progress", 0, None, [(AttemptState.OPEN, 1, 10, None)]),
        (4, "not_started", 0, None, []),
        (5, "not_started", 0, None, []),
    ]
    assert next_task(overview.parts, NOW).step is NextTaskKind.CONTINUE_QUIZ


@pytest.mark.one_database("sqlite")
def test_who_left_a_quiz_alone_stops_at_the_lesson_opened_last(context, make):
    person = make.manager()
    first, second = content().modules[:2]
    services.record_opened(first.lessons[1], by=person, at=NOW)
    services.record_opened(second.lessons[4], by=person, at=NOW + timedelta(hours=1))

    found = next_task(queries.overview(person.id, content().modules, NOW).parts, NOW)

    assert (found.step, found.lesson) == (NextTaskKind.LESSON, second.lessons[4])


def test_the_overview_costs_three_queries_however_much_was_done(context, make):
    idle, busy = make.manager(), make.manager()
    for module in content().modules:
        for lesson in module.lessons:
            services.mark_read(lesson, by=busy, at=NOW)
        services.start_attempt(module, content=content(), by=busy, at=NOW)
    costs = []
    for person in (idle, busy):
        user_id = person.id
        session.expunge_all()
        with statements_sent() as statements:
            queries.overview(user_id, content().modules, NOW)
        costs.append(len(statements))

    assert costs == [3, 3]


@pytest.mark.one_database("sqlite")
def test_passed_modules_name_everybody_who_was_asked_for(context, make):
    one, two = make.manager(), make.manager()
    passed_module(one, "safety-policy")
    passed_module(one, "children-online")

    assert queries.passed_modules([one.id, two.id]) == {
        one.id: {"safety-policy", "children-online"},
        two.id: set(),
    }
    assert queries.passed_modules([]) == {}


def left_of(school):
    gaps = queries.training_left(
        school.id, content().modules, content().standard.decision.gate_duties
    )
    return [
        (duties, person.id if person else None, [module.number for module in left])
        for duties, person, left in gaps
    ]


LEADERS, DESIGNATED = ("head", "deputy"), ("designated_person",)


def pass_numbers(person, *numbers):
    for number in numbers:
        passed_module(person, content().modules[number - 1].id)


def test_a_school_without_people_needs_everybody_and_everything(context, make):
    assert left_of(make.school()) == [
        (LEADERS, None, [1, 2, 3, 4, 5]),
        (DESIGNATED, None, [1, 2, 3, 4, 5]),
    ]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("many", [False, True])
def test_of_equals_the_reader_is_named(context, make, monkeypatch, many):
    if many:
        monkeypatch.setattr("cissapp.learn.learning.queries.schools.PEOPLE_AT_ONCE", 1)
    school = make.school()
    head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    gate = content().standard.decision.gate_duties

    named = [
        queries.training_left(school.id, content().modules, gate, reader_id=one.id)[0].person.id
        for one in (head, deputy)
    ]

    assert named == [head.id, deputy.id]


@pytest.mark.one_database("sqlite")
def test_the_nearest_of_head_and_deputy_is_named(context, make):
    school = make.school()
    head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    designated = make.manager(school, duty=Duty.DESIGNATED_PERSON)
    pass_numbers(head, 1)
    pass_numbers(deputy, 1, 2, 3)
    pass_numbers(designated, 1, 2, 3, 4, 5)

    assert left_of(school) == [(LEADERS, deputy.id, [4, 5])]
    pass_numbers(deputy, 4, 5)
    assert left_of(school) == []


def test_of_a_large_school_passes_are_counted_and_only_the_nearest_looked_at(context, make):
    school = make.school()
    people = [make.manager(school, duty=Duty.DEPUTY) for _ in range(PEOPLE_AT_ONCE + 1)]
    for person in people:
        pass_numbers(person, 1)
    pass_numbers(people[7], 2, 3)

    with statements_sent() as statements:
        found = left_of(school)

    assert found == [(LEADERS, people[7].id, [4, 5]), (DESIGNATED, None, [1, 2, 3, 4, 5])]
    assert len(statements) == 3
    assert "count(" in statements[1]


@pytest.mark.one_database("sqlite")
def test_closed_accounts_do_not_count(context, make):
    school = make.school()
    gone = make.manager(
        school,
        duty=Duty.DESIGNATED_PERSON,
        deactivated_at=NOW,
        deactivated_by_id=make.user().id,
    )
    head = make.manager(school)
    pass_numbers(gone, 1, 2, 3, 4, 5)
    pass_numbers(head, 1, 2, 3, 4, 5)

    assert left_of(school) == [(DESIGNATED, None, [1, 2, 3, 4, 5])]


def test_what_the_gate_still_asks_for_costs_two_queries_however_many_people(context, make):
    costs = []
    for people in (1, 5):
        school = make.school()
        for _ in range(people):
            pass_numbers(make.manager(school, duty=Duty.DEPUTY), 1, 2)
        school_id = school.id
        session.expunge_all()
        with statements_sent() as statements:
            queries.training_left(
                school_id, content().modules, content().standard.decision.gate_duties
            )
        costs.append(len(statements))

    assert costs == [2, 2]
