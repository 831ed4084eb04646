"""Which backups stay in their folder: old ones are removed, but not by a clock that is ahead, and no part of one."""

import errno
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import text

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, unit_of_work
from cissapp.foundation.core.installation.run_records import DAILY, RunRecord, keep_run
from cissapp.foundation.core.storage import files
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.rules import name_of
from cissapp.operate.backups.services import making
from tests.factories import NOW
from tests.operate.backups.places import back_up

DAY = timedelta(days=1)


def record_something(app):
    with app.app_context(), unit_of_work():
        record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW)


@pytest.mark.one_database("sqlite")
def test_a_clock_that_is_ahead_removes_no_backup(app, tmp_path):
    old = nights(36)
    for name in old:
        (tmp_path / name).touch()
    record_something(app)

    done = back_up(app, tmp_path, "--not-encrypted", at=NOW + 365 * DAY)
    assert "No old backup was deleted." in done.output
    assert all((tmp_path / name).exists() for name in old)

    done = back_up(app, tmp_path, "--not-encrypted", at=NOW)
    assert f"Dated in the future: {name_of(NOW + 365 * DAY, encrypted=False)}." in done.output
    assert "No old backup was deleted." not in done.output
    assert [name for name in old if not (tmp_path / name).exists()] == old[:2]


@pytest.mark.one_database("sqlite")
def test_a_days_work_under_a_wrong_clock_does_not_prove_it_to_the_backup(app, tmp_path):
    """The work is done with a warning, and recorded; an hour later the backup finds the clock plausible."""
    old = nights(34)
    for name in old:
        (tmp_path / name).touch()
    record_something(app)
    with app.app_context():
        keep_run(files(), DAILY, RunRecord(NOW + 60 * DAY, 1))

    done = back_up(app, tmp_path, "--not-encrypted", at=NOW + 60 * DAY)

    assert all((tmp_path / name).exists() for name in old)
    assert "Kept although more than 35 days old by this clock: 34 backups." in done.output


def nights(count):
    """Name the backups of some nights up to the last one."""
    return [name_of(NOW - day * DAY, encrypted=False) for day in range(count, 0, -1)]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("owner", "step"), [(making._Backup, "manifest"), (making, "_verify")], ids=["write", "read"]
)
def test_a_disk_that_fails_on_the_way_is_told_in_words_and_leaves_nothing(
    app, tmp_path, monkeypatch, owner, step
):
    def failing(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(owner, step, failing)

    done = back_up(app, tmp_path, "--recipient", str(encryption.new_identity().to_public()))

    assert done.exit_code == 1
    assert "The backup could not be made: [Errno 28] No space left on device." in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("step", ["_listed", "_verify"])
def test_a_bug_keeps_its_traceback_and_leaves_nothing(app, tmp_path, monkeypatch, step):
    bug = FileNotFoundError("of our own")
    monkeypatch.setattr(making, step, Mock(side_effect=bug))

    done = back_up(app, tmp_path, "--not-encrypted")

    assert done.exception is bug
    assert list(tmp_path.iterdir()) == []


@pytest.mark.only_on("postgresql")
def test_a_server_that_ends_the_connection_is_told_in_words_and_leaves_nothing(
    app, tmp_path, monkeypatch
):
    def ended(_store):
        db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr(making, "_listed", ended)

    done = back_up(app, tmp_path, "--not-encrypted")

    assert done.exit_code == 1
    assert done.output.endswith(
        "The backup could not be made: terminating connection due to administrator command."
        " Nothing was kept of it. Fix the cause and back up again.\n"
    )
    assert list(tmp_path.iterdir()) == []
