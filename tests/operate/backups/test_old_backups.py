"""Old backups are removed, but not by a clock that is ahead: to it, all of them are old."""

from datetime import timedelta

import pytest

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from tests.factories import NOW
from tests.operate.backups.places import back_up


@pytest.mark.one_database("sqlite")
def test_a_clock_that_is_ahead_removes_no_backup(app, tmp_path):
    names = ("ciss-20261001T034000Z.tar", "ciss-20261124T034000Z.tar")
    for name in names:
        (tmp_path / name).touch()
    with app.app_context(), unit_of_work():
        record(Event.SIGNS_CONFIRMED, ("sign", 1), by=SYSTEM, at=NOW)

    left = []
    for days in (365, 0):
        done = back_up(app, tmp_path, "--not-encrypted", at=NOW + timedelta(days=days))
        left.append([name for name in names if (tmp_path / name).exists()])
        assert done.exit_code == 0
        assert ("No old backup was deleted." in done.output) == bool(days)

    assert left == [list(names), [names[1]]]
