"""The page of what waits and what failed, for the secretariat; and what it tries again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from tests.factories import NOW


@pytest.fixture
def browser(make, sign_in):
    return sign_in(make.user(Role.SECRETARIAT))


def keep(app, **values):
    with app.app_context(), unit_of_work():
        task = Task(kind=TaskKind.PUBLISH, **{"made_at": NOW, "due_at": NOW} | values)
        session.add(task)
        session.flush()
        return task.id


def test_nothing_waits_and_nothing_failed(browser):
    page = browser.get("/admin/work").get_data(as_text=True)

    assert "Nothing has failed." in page
    assert "Try again now" not in page


def test_what_was_given_up_is_tried_again_when_it_is_asked_for(app, browser):
    task_id = keep(app, tries=8, last_error="OSError: no room", given_up_at=NOW)
    page = browser.get("/admin/work").get_data(as_text=True)
    assert "Sign and publish a certificate" in page
    assert "Given up" in page
    assert "OSError: no room" in page

    answer = browser.post(f"/admin/work/{task_id}/again", follow_redirects=True)

    assert "It is being tried again now." in answer.get_data(as_text=True)
    with app.app_context():
        [task] = session.scalars(select(Task))
        assert (task.given_up_at, task.tries) == (None, 0)
        assert abs(task.due_at - clock.now()) < timedelta(minutes=1)
    trail = browser.get(f"/audit?search={task_id}").get_data(as_text=True)
    assert "Background work retried" in trail
    assert "Sign and publish a certificate" in trail


def test_what_is_being_done_is_left_alone(app, browser):
    later = clock.now() + timedelta(minutes=5)
    task_id = keep(app, tries=1, last_error="away", claimed_until=later)

    answer = browser.post(f"/admin/work/{task_id}/again", follow_redirects=True)

    assert "It is being done right now." in answer.get_data(as_text=True)
    with app.app_context():
        assert session.scalars(select(Task.tries)).all() == [1]


def test_what_was_done_meanwhile_is_no_missing_page(browser):
    answer = browser.post(f"/admin/work/{uuid4()}/again", follow_redirects=True)

    assert answer.status_code == 200
    assert "It has already been done." in answer.get_data(as_text=True)
