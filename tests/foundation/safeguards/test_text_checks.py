"""What is typed is checked first, looked at in bounds, and keeps nobody from writing meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import create_engine, select, text

from cissapp.foundation.core.db import db, release_transaction, session, unit_of_work
from cissapp.foundation.safeguards import watcher
from cissapp.foundation.web import content_warnings
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.schools.models import School
from tests import factories as make

Sign = Callable[[User], Any]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were looked at."""
    texts: list[str] = []
    monkeypatch.setattr(watcher, "find_signs", lambda typed, **_: texts.append(typed) or [])
    return texts


def test_a_text_that_is_too_long_is_not_looked_at(
    app: Flask, sign_in: Sign, looked_at: list[str]
) -> None:
    school = make.school()
    browser = sign_in(make.manager(school))

    answer = browser.post(
        "/school/reporting/persons/new", data={"office": "a" * 100_000, "contact": "Room 12"}
    )

    assert answer.status_code == 422
    assert [one for one in looked_at if "aaa" in one] == []
    assert "a" * 1_000 in answer.get_data(as_text=True)


def test_so_much_is_looked_at_for_one_request(
    app: Flask, sign_in: Sign, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_warnings, "MOST_LETTERS", 100)
    browser = sign_in(make.manager(make.school()))

    answer = browser.post(
        "/school/reporting/persons/new", data={"office": "b" * 110, "contact": "Room 12"}
    )

    assert answer.status_code == 422
    assert looked_at == []
    assert "too long in total" in answer.get_data(as_text=True)


def test_more_than_a_request_may_ask_for_is_never_looked_at(app: Flask) -> None:
    with app.test_request_context("/", method="POST"), pytest.raises(content_warnings.TextsTooLong):
        content_warnings.check_text("a" * (content_warnings.MOST_LETTERS + 1))


def test_what_was_written_is_never_left(app: Flask) -> None:
    school = make.school()
    with app.app_context(), unit_of_work():
        found = session.get_one(School, school.id)
        found.name = "Another"
        session.flush()

        with pytest.raises(RuntimeError):
            release_transaction()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_others_write_while_a_text_is_looked_at(
    app: Flask, sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a real file: a second connection writes in the middle of it."""
    begun, may_end = Event(), Event()

    def slow(_typed: str, **_: Any) -> list[Any]:
        begun.set()
        assert may_end.wait(20)
        return []

    monkeypatch.setattr(watcher, "find_signs", slow)
    browser = sign_in(make.manager(make.school()))
    answers: list[int] = []
    form = {"office": "Deputy head", "contact": "Room 12", "hours": "always", "languages": "ro"}

    def send() -> None:
        answers.append(browser.post("/school/reporting/persons/new", data=form).status_code)

    sending = Thread(target=send)
    sending.start()
    try:
        assert begun.wait(20)
        with app.app_context():
            address = db.engine.url
        other = create_engine(address, connect_args={"timeout": 0})
        with other.begin() as connection:
            connection.execute(text("UPDATE school SET name = 'meanwhile'"))
        other.dispose()
    finally:
        may_end.set()
        sending.join()

    assert answers == [302]
    with app.app_context():
        assert session.scalar(text("SELECT name FROM school")) == "meanwhile"
        assert session.scalar(text("SELECT count(*) FROM reporting_person")) == 1


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("application/json", "MAX_FORM_MEMORY_SIZE"),
        ("application/x-www-form-urlencoded", "MAX_FORM_MEMORY_SIZE"),
        ("multipart/form-data", "MAX_CONTENT_LENGTH"),
        ("application/offset+octet-stream", "MAX_CONTENT_LENGTH"),
    ],
)
def test_a_request_without_a_file_is_read_no_further_than_a_form(
    app: Flask, kind: str, setting: str
) -> None:
    with app.test_request_context("/", method="POST", content_type=kind):
        app.preprocess_request()

        assert request.max_content_length == app.config[setting]


def test_a_form_that_is_too_large_is_told_so_in_words(app: Flask, sign_in: Sign) -> None:
    browser = sign_in(make.manager(make.school()))

    answer = browser.post("/school/reporting/persons/new", data={"office": "a" * 300_000})

    said = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "what you typed is still there" in said
    assert "files of up to 12 MB in total" in said


def test_the_use_of_a_session_is_written_down_where_a_text_was_looked_at(
    app: Flask, sign_in: Sign, looked_at: list[str]
) -> None:
    browser = sign_in(make.manager(make.school()))
    with app.app_context(), unit_of_work():
        opened = session.scalars(select(UserSession)).one()
        opened.seen_at = before = opened.seen_at - timedelta(minutes=5)

    browser.post(
        "/school/reporting/persons/new",
        data={"office": "Deputy head", "contact": "Room 12", "hours": "always", "languages": "ro"},
    )

    assert looked_at
    with app.app_context():
        assert session.scalars(select(UserSession)).one().seen_at > before
