"""The day's work: one job that fails stops no other, and two runs do nothing twice."""

import json
import re
from datetime import timedelta
from subprocess import run

import pytest
from sqlalchemy import text

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.bulk.long_work import TookTooLong, time_limit
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.installation.run_records import DAILY, RunRecord, keep_run
from cissapp.foundation.core.storage import files
from cissapp.operate.operations import services
from cissapp.operate.operations.commands.daily import daily
from cissapp.operate.operations.services import daily_work
from cissapp.operate.operations.services.jobs import Job
from cissapp.operate.operations.services.one_run import AnotherRun, turn
from cissapp.people.notices.models import BouncedAddress
from tests.factories import NOW


def write(address):
    session.add(BouncedAddress(address=address, reason="no", bounced_at=NOW))
    session.flush()


def fails():
    write("half@school.example")
    session.execute(text("SELECT nothing FROM nowhere"))


@pytest.fixture
def jobs(monkeypatch):
    found = [
        Job("first", lambda: write("first@school.example") or 1),
        Job("fails", fails),
        Job("last", lambda: write("last@school.example") or 2),
    ]
    monkeypatch.setattr(daily_work, "work", lambda _content, **_at: found)
    return found


def kept(app):
    with app.app_context():
        return sorted(session.scalars(db.select(BouncedAddress.address)))


def test_a_job_that_fails_stops_no_other_and_the_command_ends_with_1(app, jobs, caplog):
    done = app.test_cli_runner().invoke(daily, [])

    lines, told = done.stdout.splitlines(), done.stderr.splitlines()
    reference = re.search(r"FAILED, reference ([0-9A-F]{8}) fails", lines[1]).group(1)
    assert re.fullmatch(r" {5}1 first \([\d.]+ s\)", lines[0])
    assert re.fullmatch(r" {5}2 last \([\d.]+ s\)", lines[2])
    assert lines[4] == "1 job failed. To find out why, search the log for the references above."
    assert done.exit_code == 1
    assert kept(app) == ["first@school.example", "last@school.example"]
    assert f"fault {reference} in daily work: fails" in caplog.text
    (line,) = [one for one in told if reference in one]
    assert "nowhere" in json.loads(line)["cause"]


def test_what_is_done_in_parts_goes_on_until_nothing_is_left(app, jobs):
    parts = [3, 3, 1, 0, 9]
    jobs[1] = Job("parts", lambda: parts.pop(0), repeats=True)

    with app.app_context():
        results = services.daily(content(), at=NOW)

    assert [(one.name, one.count) for one in results] == [("first", 1), ("parts", 7), ("last", 2)]


@pytest.mark.one_database("sqlite")
def test_a_job_whose_time_is_over_says_that_the_next_run_goes_on_and_is_no_failure(app, jobs):
    jobs[1] = Job("long", lambda: 3, minutes=0, repeats=True)

    done = app.test_cli_runner().invoke(daily, [])

    assert done.exit_code == 0
    assert [re.sub(r" \([\d.]+ s\)", "", line) for line in done.stdout.splitlines()[:3]] == [
        "     1 first",
        "     3 long; out of time, the next run will continue",
        "     2 last",
    ]


def test_without_a_failure_it_ends_with_0(app, jobs):
    del jobs[1]

    assert app.test_cli_runner().invoke(daily, []).exit_code == 0


@pytest.mark.parametrize("recorded", ["trail", "run"])
def test_with_a_clock_that_is_years_ahead_nothing_is_done_until_somebody_says_that_it_is_right(
    app, jobs, recorded
):
    del jobs[1]
    with app.app_context(), unit_of_work():
        if recorded == "trail":
            record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW)
        else:
            keep_run(files(), DAILY, RunRecord(NOW, 1))
    runner = app.test_cli_runner()

    with clock.at(NOW + timedelta(days=401)):
        stopped = runner.invoke(daily, [])
        left = kept(app)
        done = runner.invoke(daily, ["--after-a-pause"])
        jobs.clear()
        again = runner.invoke(daily, [])

    assert (stopped.exit_code, left) == (1, [])
    assert "Nothing was recorded in the 401 days before" in stopped.output
    assert (done.exit_code, again.exit_code) == (0, 0)


@pytest.mark.both_databases
def test_somebody_who_signs_in_does_not_prove_a_clock_that_is_years_ahead(app, jobs):
    del jobs[1]
    with app.app_context(), unit_of_work():
        for line in (NOW - timedelta(days=900), NOW, NOW + timedelta(days=500)):
            record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=line)
        keep_run(files(), DAILY, RunRecord(NOW, 1))

    runner, later = app.test_cli_runner(), NOW + timedelta(days=500, minutes=5)
    with clock.at(later):
        stopped = runner.invoke(daily, [])
    with clock.at(NOW + timedelta(days=1)):
        right = runner.invoke(daily, [])

    assert (stopped.exit_code, right.exit_code) == (1, 0)
    assert f"Nothing was recorded in the 500 days before {later:%d %B %Y}." in stopped.output


@pytest.mark.both_databases
def test_a_trail_of_a_year_in_which_the_days_work_never_ran_is_no_doubt(app, jobs):
    del jobs[1]
    with app.app_context(), unit_of_work():
        for day in range(0, 421, 30):
            record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW + timedelta(days=day))

    with clock.at(NOW + timedelta(days=421)):
        done = app.test_cli_runner().invoke(daily, [])

    assert (done.exit_code, done.stderr) == (0, "")


def test_after_a_summer_in_which_timers_stood_still_the_work_is_done_with_a_warning(app, jobs):
    del jobs[1]
    with app.app_context(), unit_of_work():
        record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW)

    with clock.at(NOW + timedelta(days=90)):
        done = app.test_cli_runner().invoke(daily, [])

    assert done.exit_code == 0
    assert "Nothing was recorded in the 90 days before" in done.stderr
    assert "--after-a-pause" not in done.stderr


def test_with_a_clock_that_is_behind_the_work_is_done_with_a_warning(app, jobs):
    del jobs[1]
    with app.app_context(), unit_of_work():
        record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW)

    with clock.at(NOW - timedelta(hours=1)):
        done = app.test_cli_runner().invoke(daily, [])

    assert (done.exit_code, len(kept(app))) == (0, 2)
    assert "clock is 60 minutes behind" in done.stderr


def test_a_second_run_does_nothing_while_the_first_goes_on(app, jobs):
    with app.app_context(), turn(), pytest.raises(AnotherRun):
        services.daily(content(), at=NOW)
    with app.app_context(), turn():
        done = app.test_cli_runner().invoke(daily, [])

    assert (done.exit_code, kept(app)) == (0, [])
    assert "Another run" in done.output
    with app.app_context():
        assert len(services.daily(content(), at=NOW)) == 3


def test_a_run_that_lost_its_connection_takes_the_turn_again(app, jobs):
    def lose():
        if db.engine.dialect.name == "postgresql":
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        return 0

    jobs[1] = Job("loses", lose)

    with app.app_context():
        results = services.daily(content(), at=NOW)

    assert [(one.name, one.fault) for one in results] == [
        ("first", None),
        ("loses", None),
        ("last", None),
    ]


def test_a_job_has_its_own_limits(app):
    """The limits of a page are seconds; a page never meets those of a job."""

    def limits():
        if db.engine.dialect.name == "sqlite":
            return "", ""
        names = "statement_timeout", "idle_in_transaction_session_timeout"
        found = tuple(session.scalar(text(f"SHOW {name}")) for name in names)
        session.rollback()
        return found

    with app.app_context():
        before = limits()
        with time_limit(600):
            inside = limits()
        after = limits()

    page, job = (
        (("", ""), ("", "")) if db_is_sqlite(app) else (("2min", "2min"), ("10min", "10min"))
    )
    assert (before, inside, after) == (page, job, page)


def db_is_sqlite(app):
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


@pytest.mark.one_database("sqlite")
def test_work_that_does_not_end_is_ended(app):
    with pytest.raises(TookTooLong), time_limit(0.05):
        run(["sleep", "60"], check=True)
