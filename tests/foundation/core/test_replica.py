"""Reads from a replica: which views, how old, and what happens where it is away or a view writes."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core import clock, replica
from cissapp.foundation.core.db import session
from cissapp.foundation.core.engines.routing import WroteWhileReading
from cissapp.foundation.core.replica import EXTENSION, MOST_BEHIND, NoReplica, Replica, from_replica
from cissapp.people.schools.models import ProgrammeCountry
from cissapp.verify.directory import queries as directory
from tests.factories import NOW

WITH_REPLICA = {
    "directory.live",
    "directory.register",
    "directory.register_csv",
    "directory.register_json",
    "evaluation.gains_csv",
    "evaluation.module",
    "evaluation.modules",
    "evaluation.question",
    "evaluation.questions_csv",
    "oversight.country",
    "oversight.figures_csv",
    "oversight.figures_xlsx",
    "oversight.region",
    "oversight.report",
    "oversight.start",
}


class Measured(Replica):
    """A replica that is as far behind as a test wants, or does not answer."""

    def __init__(self, engine, behind=timedelta(0), failure=None):
        super().__init__(engine)
        self.behind, self.failure, self.statements, self.measures = behind, failure, [], 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_):
        self.statements.append(statement)

    def progress(self):
        self.measures += 1
        if self.failure:
            raise self.failure
        return clock.now() - self.behind


@pytest.fixture
def beside(app, monkeypatch):
    """Put a replica beside the application: the same database by connections of its own."""
    monkeypatch.setattr(replica.log, "said", {})
    made = []

    def put(url=None, **measured):
        engine = create_engine(url or app.config["SQLALCHEMY_DATABASE_URI"])
        made.append(Measured(engine, **measured))
        monkeypatch.setitem(app.extensions, EXTENSION, made[-1])
        return made[-1]

    yield put
    for one in made:
        one.engine.dispose()


@pytest.mark.parametrize("batch", [2000, 1])
def test_the_public_list_is_read_from_the_replica_and_says_of_which_moment(
    beside, client, make, monkeypatch, batch
):
    monkeypatch.setattr(directory, "BATCH", batch)
    make.certified()
    measured = beside(behind=timedelta(seconds=20))

    page = client.get("/register.json")

    assert page.status_code == 200
    of = datetime.fromisoformat(page.get_json()["as_of"])
    assert timedelta(seconds=19) <= clock.now() - of < timedelta(seconds=80)
    assert any("certificate.code" in statement for statement in measured.statements)


def test_a_replica_that_lags_is_left_alone_and_this_is_logged_once(beside, client, caplog):
    caplog.set_level(logging.WARNING, "ciss.replica")
    measured = beside(behind=MOST_BEHIND + timedelta(seconds=1))

    pages = [client.get("/register").status_code for _ in range(3)]

    assert (pages, measured.statements, len(caplog.messages)) == ([200] * 3, [], 1)


def test_a_replica_that_fails_within_a_view_is_left_and_the_primary_answers(
    beside, client, make, caplog
):
    caplog.set_level(logging.WARNING, "ciss.replica")
    make.certified(make.school(name="Liceul Orizont"))
    measured = beside("sqlite://")  # a database without tables

    pages = [client.get("/register") for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("Liceul Orizont" in page.get_data(as_text=True) for page in pages)
    # The second page does not even ask: a replica that failed is left for some seconds.
    assert (len(measured.statements), measured.measures, len(caplog.messages)) == (1, 1, 1)


def test_a_replica_that_goes_away_behind_a_view_does_not_fail_its_page(
    beside, client, monkeypatch, caplog
):
    caplog.set_level(logging.WARNING, "ciss.replica")
    measured = beside()

    def away():
        raise OperationalError("ROLLBACK", {}, Exception("terminating connection"))

    @from_replica
    def view():
        monkeypatch.setattr(session.registry(), "rollback", away)
        return "page"

    with client.application.test_request_context("/"):
        assert view() == "page"
    assert (measured.as_of, len(caplog.messages)) == (None, 1)


@pytest.mark.parametrize("failure", [NoReplica("it takes writes itself")])
def test_a_server_that_is_no_replica_is_not_read(beside, client, failure):
    measured = beside(failure=failure)

    assert (client.get("/register").status_code, measured.statements) == (200, [])


def test_who_has_just_written_reads_the_primary(beside, app, sign_in, make):
    measured = beside()
    browser = sign_in(make.user())
    with browser.session_transaction() as cookie:
        cookie[replica.WROTE] = int(clock.now().timestamp())

    assert (browser.get("/oversight").status_code, measured.statements) == (200, [])

    with browser.session_transaction() as cookie:
        cookie[replica.WROTE] = int((clock.now() - MOST_BEHIND * 2).timestamp())

    assert browser.get("/oversight").status_code == 200
    assert measured.statements


@pytest.mark.parametrize("has_replica", [False, True])
def test_a_view_that_only_reads_cannot_write(beside, app, has_replica):
    if has_replica:
        beside()

    @from_replica
    def view():
        session.add(ProgrammeCountry(code="MD", added_at=NOW))
        session.flush()

    with app.test_request_context("/"), pytest.raises(WroteWhileReading):
        view()


@pytest.mark.only_on("postgresql")
def test_progress_is_known_of_a_replica_only(app):
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])

    with app.app_context(), pytest.raises(NoReplica):
        Replica(engine).progress()

    engine.dispose()


def test_these_views_are_answered_by_the_replica(app):
    found = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "from_replica", False) and not name.startswith("api.")
    }

    assert found == WITH_REPLICA
