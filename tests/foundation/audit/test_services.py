"""The trail: what was written is found as it was written."""

from datetime import timedelta, timezone

import pytest

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import first_fault, record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from tests.factories import NOW


@pytest.mark.parametrize("hours", [0, 3, -11])
def test_a_moment_of_any_time_zone_is_no_change(app, make, hours: int):
    school = make.school()
    at = NOW.astimezone(timezone(timedelta(hours=hours)))

    with app.app_context(), unit_of_work():
        record(Event.SCHOOL_CHANGED, school, by=SYSTEM, at=at)

    with app.app_context():
        assert session.query(AuditEntry).one().at == NOW
        assert first_fault() is None


def test_a_changed_entry_is_named(app, make):
    school = make.school()
    with app.app_context(), unit_of_work():
        entry = AuditEntry(
            at=NOW,
            event=Event.SCHOOL_CHANGED,
            actor_id=None,
            actor_role=None,
            subject_type="school",
            subject_id=str(school.id),
            school_id=school.id,
            facts={},
            hash="0" * 64,
        )
        session.add(entry)

    with app.app_context():
        assert first_fault() == f"entry {entry.id} (school.changed) was changed"
