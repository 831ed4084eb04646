"""What is to be done is kept with its change, done once, tried again, and given up; whatever dies meanwhile."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cissapp.foundation.background import queries, services
from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import (
    ENDED_WITH_PROCESS,
    LEASE,
    MINUTES_TO_NEXT,
    MOST_TRIES,
    Again,
    TaskFailed,
    TaskKind,
    next_try,
)
from cissapp.foundation.background.services.registry import HANDLERS
from cissapp.foundation.background.services.tasks import GIVEN_UP_KEPT, _claim
from cissapp.foundation.core.db import session, unit_of_work
from tests.factories import NOW

KIND = TaskKind.PAGE_PICTURES
ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


class Handler:
    """Notes what it was asked for, and answers what it was told to."""

    def __init__(self):
        self.asked, self.answers = [], []

    def __call__(self, subject_id, at):
        self.asked.append((subject_id, at))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def handler(monkeypatch):
    found = Handler()
    monkeypatch.setitem(HANDLERS, KIND, found)
    return found


def keep(app, *subjects, **values):
    """Keep tasks that wait, one minute apart."""
    with app.app_context(), unit_of_work():
        for minute, subject in enumerate(subjects):
            at = NOW + timedelta(minutes=minute)
            session.add(
                Task(kind=KIND, subject_id=subject, **{"made_at": at, "due_at": at} | values)
            )


def run(app, *, minutes=60, stop=lambda: False):
    with app.app_context():
        return services.run_due(stop, at=lambda: NOW + timedelta(minutes=minutes))


def fates(app):
    """Return of each task its subject, tries, error, minutes until it is due, and whether it was given up."""
    with app.app_context():
        rows = session.scalars(select(Task).order_by(Task.made_at))
        return [
            (
                one.subject_id,
                one.tries,
                one.last_error,
                (one.due_at - NOW).total_seconds() / 60,
                one.given_up_at is not None,
            )
            for one in rows
        ]


def test_what_is_due_is_done_in_its_order_and_gone(app, handler):
    keep(app, ONE, TWO, THREE)

    assert run(app, minutes=1) == 2
    assert [subject for subject, _at in handler.asked] == [ONE, TWO]
    assert fates(app) == [(THREE, 0, None, 2, False)]


def test_more_that_is_left_lets_the_others_go_first(app, handler):
    keep(app, ONE, TWO)
    handler.answers = [Again(), None, None]

    run(app)

    assert [subject for subject, _at in handler.asked] == [ONE, TWO, ONE]
    assert fates(app) == []


def test_what_is_left_for_later_waits(app, handler):
    keep(app, ONE)
    handler.answers = [Again(timedelta(minutes=3))]

    run(app, minutes=10)

    assert fates(app) == [(ONE, 0, None, 13, False)]


def test_a_failure_is_tried_again_and_keeps_nobody_else(app, handler, caplog):
    keep(app, ONE, TWO)
    handler.answers = [ValueError("Ana Munteanu"), None]

    assert run(app, minutes=10) == 2

    [(subject, tries, error, due, given_up)] = fates(app)
    assert (subject, tries, due, given_up) == (ONE, 1, 11, False)
    kind, reference = error.split(", ")
    assert kind == "ValueError"
    assert reference in caplog.text
    assert "Munteanu" not in error


def test_a_reason_that_may_be_told_is_kept(app, handler):
    keep(app, ONE)
    handler.answers = [TaskFailed("The key is missing.")]

    run(app)

    assert fates(app)[0][2] == "The key is missing."


def test_after_the_last_try_it_is_given_up_until_somebody_asks_for_it_again(app, handler):
    keep(app, ONE, tries=MOST_TRIES - 1)
    handler.answers = [TaskFailed("away")]

    run(app)
    assert fates(app) == [(ONE, MOST_TRIES, "away", 0, True)]
    assert run(app, minutes=10_000) == 0

    with app.app_context():
        [task] = queries.in_trouble(5)
        with unit_of_work():
            assert services.try_again(task.id, at=NOW + timedelta(minutes=70))
        assert not services_try_again_of_a_stranger()
    assert run(app, minutes=80) == 1
    assert fates(app) == []


def services_try_again_of_a_stranger():
    with unit_of_work():
        return services.try_again(uuid4(), at=NOW)


def test_a_process_that_died_lets_another_one_go_on_after_the_lease(app, handler):
    keep(app, ONE)
    with app.app_context():
        assert _claim(NOW).subject_id == ONE  # and here it dies

    assert run(app, minutes=LEASE.total_seconds() / 60 - 1) == 0
    assert run(app, minutes=LEASE.total_seconds() / 60) == 1
    assert handler.asked == [(ONE, NOW + LEASE)]
    assert fates(app) == []


def test_what_kills_each_process_that_does_it_is_given_up(app, handler):
    keep(app, ONE)
    for number in range(MOST_TRIES):
        with app.app_context():
            assert _claim(NOW + number * LEASE) is not None

    run(app, minutes=MOST_TRIES * LEASE.total_seconds() / 60)

    assert handler.asked == []
    [(_, tries, error, _, given_up)] = fates(app)
    assert (tries, error, given_up) == (MOST_TRIES + 1, ENDED_WITH_PROCESS, True)


def test_who_was_too_slow_changes_nothing_that_another_has_begun(app, handler):
    keep(app, ONE)

    def slow(_subject_id, at):
        with app.app_context():
            assert _claim(at + LEASE) is not None
        return Again(timedelta(days=9))

    HANDLERS[KIND] = slow
    run(app, minutes=0)

    [(_, tries, _, due, _)] = fates(app)
    assert (tries, due) == (2, 0)


def test_told_to_stop_it_begins_no_more(app, handler):
    keep(app, ONE, TWO)

    assert run(app, stop=lambda: bool(handler.asked)) == 1
    assert [subject for subject, *_ in fates(app)] == [TWO]


def test_a_change_that_fails_asks_for_nothing(app, handler):
    with pytest.raises(ZeroDivisionError), app.app_context(), unit_of_work():
        services.do_soon(KIND, ONE, at=NOW)
        raise ZeroDivisionError

    assert (handler.asked, fates(app)) == ([], [])


def test_in_a_test_it_is_done_after_the_change_at_its_moment(app, handler):
    handler.answers = [Again(), None]
    with app.app_context(), unit_of_work():
        services.do_soon(KIND, ONE, at=NOW)
        assert handler.asked == []

    assert handler.asked == [(ONE, NOW)] * 2
    assert fates(app) == []


def test_what_may_wait_waits(app, handler):
    with app.app_context(), unit_of_work():
        services.do_soon(KIND, ONE, at=NOW, wait=timedelta(minutes=1))

    assert (handler.asked, fates(app)) == ([], [(ONE, 0, None, 1, False)])


def test_where_the_past_is_told_nothing_is_left_for_later(app, handler):
    with app.app_context(), services.run_at_once(), unit_of_work():
        services.do_soon(KIND, ONE, at=NOW, wait=timedelta(minutes=1))

    assert fates(app) == []


def test_what_was_given_up_long_ago_is_forgotten(app):
    keep(app, ONE, given_up_at=NOW)
    keep(app, TWO, given_up_at=NOW + timedelta(days=1))
    with app.app_context(), unit_of_work():
        count = services.forget_given_up(at=NOW + GIVEN_UP_KEPT + timedelta(hours=1))

    assert count == 1
    assert [subject for subject, *_ in fates(app)] == [TWO]


def test_what_waits_is_counted(app):
    keep(app, ONE, TWO)
    keep(app, THREE, given_up_at=NOW)
    with app.app_context():
        assert queries.counts(NOW + timedelta(minutes=10, seconds=30)) == (2, 1, 1)
        [found] = queries.by_kind()
    assert (found.kind, found.waiting, found.due_since, found.given_up) == (KIND, 2, NOW, 1)


@given(st.integers(min_value=1, max_value=40))
def test_each_try_waits_longer_than_the_one_before_until_the_last(tries):
    again = next_try(tries, NOW)

    assert (again is None) == (tries >= MOST_TRIES)
    if again is not None and tries > 1:
        assert again > next_try(tries - 1, NOW)
    assert sum(MINUTES_TO_NEXT) > 24 * 60


def test_each_kind_has_somebody_who_does_it(app):
    assert set(HANDLERS) == set(TaskKind)
