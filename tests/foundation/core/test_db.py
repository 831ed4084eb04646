"""The unit of work: what is kept, what is rolled back, and what happens after it is kept."""

from contextvars import Context
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from uuid import UUID

import pytest
from sqlalchemy import Text, cast, create_engine, func, select
from sqlalchemy.exc import StatementError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import db as core
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import (
    after_commit,
    canonical,
    release_transaction,
    session,
    unit_of_work,
)
from cissapp.foundation.core.engines import sqlite
from cissapp.foundation.core.engines.json_columns import column_json
from cissapp.people.schools.models import ProgrammeCountry
from tests.factories import NOW


def countries(app):
    with app.app_context():
        return session.scalar(select(func.count()).select_from(ProgrammeCountry))


def request(app, method, status, work):
    """A request that does some work and is answered with a status."""
    with app.test_request_context("/healthz", method=method):
        app.preprocess_request()
        work()
        app.process_response(app.end_unit(app.response_class(status=status)))


def add_country():
    session.add(ProgrammeCountry(code="MD", added_at=NOW))
    session.flush()


@pytest.mark.parametrize(
    ("method", "status", "kept"),
    [
        ("GET", 200, 0),
        ("HEAD", 200, 0),
        ("OPTIONS", 200, 0),
        ("POST", 200, 1),
        ("POST", 302, 1),
        ("POST", 303, 1),
        ("POST", 400, 0),
        ("POST", 403, 0),
        ("POST", 409, 0),
        ("POST", 422, 0),
        ("POST", 500, 0),
        ("PUT", 204, 1),
    ],
)
def test_a_write_that_was_answered_well_is_kept_and_nothing_else(app, method, status, kept):
    request(app, method, status, add_country)

    assert countries(app) == kept


@pytest.mark.parametrize(
    ("method", "status", "done"),
    [("POST", 302, ["safe"]), ("POST", 422, []), ("GET", 200, []), ("POST", 500, [])],
)
def test_a_job_waits_until_the_change_is_safe(app, method, status, done):
    said = []

    def work():
        add_country()
        after_commit(lambda: said.append("safe"))
        assert said == []

    request(app, method, status, work)

    assert said == done


def test_a_job_sees_what_was_kept(app):
    seen = []

    def work():
        add_country()
        after_commit(lambda: seen.append(countries(app)))

    request(app, "POST", 302, work)

    assert seen == [1]


def test_a_job_that_looks_keeps_nobody_from_writing(app):
    """The mail that leaves after another job is written down as sent, in a unit of its own."""

    def look():
        assert session.scalar(select(func.count()).select_from(ProgrammeCountry)) == 1

    def write():
        with app.app_context(), unit_of_work():
            session.add(ProgrammeCountry(code="UA", added_at=NOW))

    def work():
        add_country()
        after_commit(look)
        after_commit(write)

    request(app, "POST", 302, work)

    assert countries(app) == 2


def test_a_unit_begins_anew_after_a_look(app):
    """On SQLite, who looked before another wrote could not write in the same transaction any more."""
    from threading import Thread

    def other():
        with app.app_context(), unit_of_work():
            add_country()

    with app.app_context():
        assert session.scalar(select(func.count()).select_from(ProgrammeCountry)) == 0
        thread = Thread(target=other)
        thread.start()
        thread.join()
        with unit_of_work():
            session.add(ProgrammeCountry(code="UA", added_at=NOW))

    assert countries(app) == 2


def test_jobs_of_one_request_do_not_reach_the_next(app):
    said = []

    request(app, "POST", 422, lambda: after_commit(lambda: said.append("first")))
    request(app, "POST", 302, lambda: after_commit(lambda: said.append("second")))

    assert said == ["second"]


def test_a_command_keeps_all_or_nothing(app):
    said = []

    def fail():
        with app.app_context(), unit_of_work():
            add_country()
            after_commit(lambda: said.append("sent"))
            raise KeyError("in the middle")

    with pytest.raises(KeyError, match="in the middle"):
        fail()
    assert (countries(app), said) == (0, [])

    with app.app_context(), unit_of_work():
        add_country()
        after_commit(lambda: said.append("sent"))
    assert (countries(app), said) == (1, ["sent"])


def test_a_job_without_a_unit_of_work_is_a_bug():
    with pytest.raises(RuntimeError, match="no unit of work is open"):
        Context().run(after_commit, lambda: None)


def test_nothing_slow_happens_in_the_middle_of_a_change(app):
    with app.app_context():
        session.add(ProgrammeCountry(code="MD", added_at=NOW))
        with pytest.raises(RuntimeError, match="a change is under way"):
            release_transaction()
        session.rollback()
        release_transaction()


def test_a_write_that_begins_late_waits_for_another_and_both_are_kept(app):
    """On SQLite a reader that becomes a writer would fail; a writing unit takes its turn at once."""
    from threading import Thread

    def add(code):
        with app.app_context(), unit_of_work():
            session.scalar(select(func.count()).select_from(ProgrammeCountry))
            session.add(ProgrammeCountry(code=code, added_at=NOW))

    threads = [Thread(target=add, args=(code,)) for code in ("MD", "UA", "BY")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert countries(app) == 3


def test_a_look_before_a_write_waits_for_nobody_and_the_write_begins_after_it(app):
    """On SQLite another writer holds the database; who only looks does not notice."""
    from threading import Event, Thread

    holds, go = Event(), Event()

    def hold():
        with app.app_context(), unit_of_work():
            add_country()
            holds.set()
            assert go.wait(10)

    other = Thread(target=hold)
    other.start()
    assert holds.wait(10)
    with app.app_context(), unit_of_work():
        with core.read_before_write():
            seen = session.scalar(select(func.count()).select_from(ProgrammeCountry))
        go.set()
        other.join()
        session.add(ProgrammeCountry(code="UA", added_at=NOW))

    assert (seen, countries(app)) == (0, 2)


def test_a_change_is_nothing_to_look_at(app):
    """On both: a look that forgets itself must not be found on one database only."""
    with (
        pytest.raises(RuntimeError, match="a change among what was to be looked up"),
        app.app_context(),
        unit_of_work(),
        core.read_before_write(),
    ):
        session.add(ProgrammeCountry(code="MD", added_at=NOW))

    assert countries(app) == 0


def test_a_look_in_the_middle_of_a_write_keeps_nothing_by_itself(app):
    def fail():
        with app.app_context(), unit_of_work():
            add_country()
            with core.read_before_write():
                assert session.scalar(select(func.count()).select_from(ProgrammeCountry)) == 1
            raise KeyError("after the look")

    with pytest.raises(KeyError, match="after the look"):
        fail()
    assert countries(app) == 0


# --- values ----------------------------------------------------------------------------------


def test_a_moment_is_kept_in_utc_and_comes_back_aware(app):
    kyiv = timezone(timedelta(hours=2))
    with app.app_context(), unit_of_work():
        session.add(
            ProgrammeCountry(code="UA", added_at=datetime(2026, 11, 25, 11, 30, 15, 5, tzinfo=kyiv))
        )

    with app.app_context():
        found = session.get(ProgrammeCountry, "UA").added_at

    assert (found, found.tzinfo) == (datetime(2026, 11, 25, 9, 30, 15, 5, tzinfo=UTC), UTC)


def test_a_moment_without_a_time_zone_is_refused(app):
    with app.app_context():
        session.add(ProgrammeCountry(code="UA", added_at=datetime(2026, 11, 25, 11, 30)))
        with pytest.raises(StatementError, match="a moment needs a time zone"):
            session.flush()
        session.rollback()


def test_ids_of_rows_that_are_written_together_lie_side_by_side_and_differ():
    some, others = (list(islice(core.new_ids(), 100)) for _ in "12")

    assert len({*some, *others}) == 200
    assert {one.version for one in some + others} == {4}
    assert {str(one)[:18] for one in some} == {str(some[0])[:18]}
    assert str(some[0])[:18] != str(others[0])[:18]


def test_canonical_text_is_the_same_however_a_value_was_put_together():
    value = {
        "ш": [1, 2.5, None, True],
        "a": UUID(int=7),
        "at": NOW,
        "on": date(2026, 11, 25),
        "": {"b": "ă", "a": '"'},
    }
    turned = dict(reversed(value.items()))

    assert canonical(value) == canonical(turned)
    assert canonical(value) == (
        '{"":{"a":"\\"","b":"ă"},"a":"00000000-0000-0000-0000-000000000007",'
        '"at":"2026-11-25T09:00:00+00:00","on":"2026-11-25","ш":[1,2.5,null,true]}'
    )


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical({"a": {1, 2}})


def test_foreign_keys_and_durability_are_on_in_sqlite(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/own.db")
    sqlite.listen(engine, lambda: False)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous")
        }
    engine.dispose()
    assert found == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


@pytest.mark.both_databases
def test_a_json_column_holds_letters_as_they_are(context):
    facts = {"назва": 'Școala "Ș"', "n": [1.5, None]}
    record(Event.GROUP_CHANGED, ("group", "1"), by=SYSTEM, at=NOW, **facts)
    session.flush()
    session.expire_all()

    found = session.execute(
        select(AuditEntry.facts, cast(AuditEntry.facts, Text).label("text"))
    ).one()

    assert tuple(found) == (facts, '{"назва": "Școala \\"Ș\\"", "n": [1.5, null]}')
    assert column_json(["\ud800ї"]) == '["\\ud800\\u0457"]'
