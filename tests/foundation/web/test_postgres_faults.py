"""What PostgreSQL can refuse or lose in the middle: each has its answer, and nothing is kept twice."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from cissapp.foundation.core import db as core
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.engines import commits
from cissapp.foundation.web import lost_commits
from cissapp.prepare.plan.models import PlannedAction
from tests.client import Client

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)

ADDRESS = "/school/plan/new?criterion=A1"
ACTION = {"what": "Write down who is told", "who": "deputy head", "due_on": "2031-01-14"}
JSON = {"Accept": "application/json"}
BUSY = "The service is busy. Wait a minute and try again."
UNSURE = "so we cannot say yet whether it was"
TWICE = "This was saved the first time. It was not saved twice."


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause before PostgreSQL is asked what became of a transaction."""
    monkeypatch.setattr(commits, "LOOK_AFTER_SECONDS", (0.0,))


@pytest.fixture
def head(make, sign_in) -> Client:
    return sign_in(make.manager(make.school()))


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def other(postgres) -> Iterator[Connection]:
    """Somebody else at the same database."""
    found = create_engine(postgres("ciss_test"), poolclass=NullPool)
    with found.connect() as connection:
        yield connection


def actions(app: Flask) -> int:
    with app.app_context():
        return session.scalar(select(func.count()).select_from(PlannedAction)) or 0


@contextmanager
def before(engine: Engine, words: str, act: Callable[[Connection], object]) -> Iterator[None]:
    """Let something happen once, just before the first statement that begins so."""
    done: list[bool] = []

    def look(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not done and statement.startswith(words):
            done.append(True)
            act(connection)

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", look)
    assert done, words


def settle(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.exec_driver_sql(statement)


def raises(sqlstate: str) -> Callable[[Connection], object]:
    """Let the server raise an error of its own."""
    said = f"DO $$BEGIN RAISE EXCEPTION 'as it happens' USING ERRCODE = '{sqlstate}'; END$$"
    return settle(said)


INSERT = "INSERT INTO planned_action"
FAULTS = {
    "a deadlock": raises("40P01"),
    "a serialisation failure": raises("40001"),
    "too many connections": raises("53300"),
    "a server that starts": raises("57P03"),
    "a transaction that rested too long": raises("25P03"),
    "a statement that takes too long": settle(
        "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)"
    ),
    "a server that only reads": settle("SET TRANSACTION READ ONLY"),
    "a connection that ends": settle("SELECT pg_terminate_backend(pg_backend_pid())"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_an_answer_that_can_be_sent_again(app, engine, head, fault):
    with before(engine, INSERT, FAULTS[fault]):
        page = head.post(ADDRESS, data=ACTION)
    with before(engine, INSERT, FAULTS[fault]):
        data = head.post(ADDRESS, data=ACTION, headers=JSON)
    kept = actions(app)
    again = head.post(ADDRESS, data=ACTION)

    words = page.get_data(as_text=True)
    assert [page.status_code, data.status_code] == [503, 503]
    assert [page.headers["Retry-After"], data.headers["Retry-After"]] == ["30", "30"]
    assert (BUSY in words, ACTION["what"] in words) == (True, True)
    assert data.get_json()["message"] == BUSY
    assert data.get_json()["reference"]
    assert (kept, again.status_code, actions(app)) == (0, 302, 1)


def test_of_two_writers_who_wait_for_each_other_one_is_asked_to_try_again(app, engine, head, other):
    """A real deadlock: this request waits for a row that the other holds, who waits for one of ours."""
    other.exec_driver_sql("CREATE TABLE IF NOT EXISTS hurdle (id int PRIMARY KEY)")
    other.exec_driver_sql("INSERT INTO hurdle VALUES (1), (2) ON CONFLICT DO NOTHING")
    other.commit()
    other.exec_driver_sql("SET deadlock_timeout = '5s'")  # it is ours that looks first
    other.exec_driver_sql("SELECT 1 FROM hurdle WHERE id = 1 FOR UPDATE")

    def cross(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL deadlock_timeout = '10ms'")
        connection.exec_driver_sql("SELECT 1 FROM hurdle WHERE id = 2 FOR UPDATE")
        raw = other.connection.dbapi_connection
        raw.pgconn.send_query(b"SELECT 1 FROM hurdle WHERE id = 2 FOR UPDATE")
        connection.exec_driver_sql("SELECT 1 FROM hurdle WHERE id = 1 FOR UPDATE")

    with before(engine, INSERT, cross):
        page = head.post(ADDRESS, data=ACTION)
    other.connection.dbapi_connection.pgconn.get_result()
    while other.connection.dbapi_connection.pgconn.get_result():
        pass
    other.rollback()
    other.exec_driver_sql("DROP TABLE hurdle")
    other.commit()
    again = head.post(ADDRESS, data=ACTION)

    assert (page.status_code, ACTION["what"] in page.get_data(as_text=True)) == (503, True)
    assert (again.status_code, actions(app)) == (302, 1)


def test_who_waits_for_a_lock_waits_no_longer_than_set(app, engine, head, other):
    other.exec_driver_sql("LOCK TABLE planned_action IN EXCLUSIVE MODE")
    with before(engine, INSERT, settle("SET LOCAL lock_timeout = 20")):
        page = head.post(ADDRESS, data=ACTION)
    other.rollback()

    assert (page.status_code, BUSY in page.get_data(as_text=True)) == (503, True)
    assert (head.post(ADDRESS, data=ACTION).status_code, actions(app)) == (302, 1)


def test_a_server_that_only_reads_shows_its_pages(app, engine, head):
    """A standby, or a server that is being moved: looking at a page writes nothing."""

    def only_reads(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    event.listen(engine, "begin", only_reads)
    try:
        seen = {path: head.get(path).status_code for path in ("/register", "/learn", "/school")}
        sent = head.post(ADDRESS, data=ACTION).status_code
    finally:
        event.remove(engine, "begin", only_reads)

    assert seen == {"/register": 200, "/learn": 200, "/school": 200}
    assert (sent, actions(app)) == (503, 0)


# --- a COMMIT whose answer is lost --------------------------------------------------------------


@contextmanager
def commit_lost(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, *, kept: bool, away: bool
) -> Iterator[None]:
    """Lose the connection at the COMMIT of a write, before or after the server has kept it.

    With `away` nobody can ask the server afterwards.
    """
    real = engine.dialect.do_commit

    def lose(connection: Any) -> None:
        if not core._writing.get():
            return real(connection)
        if kept:
            real(connection)
        connection.dbapi_connection.close()
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as changed:
        changed.setattr(engine.dialect, "do_commit", lose)
        if away:
            changed.setattr(commits, "state_of", lambda *_asked: None)
            changed.setattr(lost_commits, "state_of", lambda *_asked: None)
        yield


@pytest.mark.parametrize("kept", [True, False])
def test_a_lost_answer_is_looked_up_at_once(app, engine, head, monkeypatch, kept):
    with commit_lost(engine, monkeypatch, kept=kept, away=False):
        answer = head.post(ADDRESS, data=ACTION)

    assert (answer.status_code, actions(app)) == ((302, 1) if kept else (503, 0))
    assert UNSURE not in answer.get_data(as_text=True)


@pytest.mark.parametrize("kept", [True, False])
def test_what_nobody_can_say_is_called_neither_and_is_kept_once(
    app, engine, head, monkeypatch, kept
):
    with commit_lost(engine, monkeypatch, kept=kept, away=True):
        page = head.post(ADDRESS, data=ACTION)
        still = head.post(ADDRESS, data=ACTION)
    again = head.post(ADDRESS, data=ACTION, follow_redirects=True)
    with head.session_transaction() as cookie:
        left = cookie[lost_commits.UNSURE]

    words = page.get_data(as_text=True)
    assert [page.status_code, still.status_code, again.status_code] == [503, 503, 200]
    assert re.search(r"<h1>\s*We do not know yet whether this was saved\s*</h1>", words)
    assert (UNSURE in words, "This was not saved" in words, ACTION["what"] in words) == (
        True,
        False,
        True,
    )
    assert (TWICE in again.get_data(as_text=True), actions(app), left) == (kept, 1, [])


def test_another_text_is_no_second_sending(app, engine, head, monkeypatch):
    with commit_lost(engine, monkeypatch, kept=True, away=True):
        head.post(ADDRESS, data=ACTION)
    head.post(ADDRESS, data={**ACTION, "what": "Something else"})

    assert actions(app) == 2


def test_a_transaction_that_a_new_primary_never_heard_of_was_not_kept(app, engine):
    with app.app_context():
        assert commits.state_of(engine, "4000000000000") is False


def test_what_follows_a_change_says_nothing_against_it(app, head, monkeypatch):
    """The database goes away right after the COMMIT: it was saved, and the answer says so."""
    real = core._run

    def broken(_job: Callable[[], None]) -> None:
        def fail() -> None:
            raise OperationalError("", {}, psycopg.OperationalError("away"))

        real(fail)

    monkeypatch.setattr(core, "_run", broken)
    with app.app_context(), core.unit_of_work():
        core.after_commit(lambda: None)

    assert head.post(ADDRESS, data=ACTION).status_code == 302
