"""The migration that writes the past of schools from the trail and the certificates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, select

from cissapp.foundation.core.db import db, session
from tests.architecture.test_upgrade_with_rows import put

BEGUN = datetime(2025, 2, 3, 10, tzinfo=UTC)


def day(number: int) -> datetime:
    return BEGUN + timedelta(days=number)


# A school that was certified, suspended and reinstated, and renews: days since it was registered.
TRAIL = (
    (5, "lesson.read"),
    (6, "attempt.started"),
    (20, "module.passed"),
    (40, "module.passed"),
    (50, "application.opened"),
    (60, "application.submitted"),
    (65, "application.returned"),
    (70, "application.submitted"),
    (75, "application.review_started"),
    (90, "application.decided"),
    (95, "module.passed"),
)
REGISTER = ((91, "issued"), (200, "suspended"), (230, "reinstated"))
EXPECTED = [
    (0, "registered", "none", None),
    (5, "in_training", "none", None),
    (40, "trained", "none", None),
    (60, "submitted", "none", None),
    (65, "changes_requested", "none", None),
    (70, "submitted", "none", None),
    (75, "in_review", "none", None),
    (90, "decided", "none", None),
    (91, "decided", "valid", 2),
    (200, "decided", "suspended", 2),
    (230, "decided", "valid", 2),
]


def old_rows(connection: Any, tables: MetaData) -> Any:
    def add(name: str, /, **values: Any) -> Any:
        return put(connection, tables, name, **values)

    add("country", code="MD")
    group = add("national_group", name="Group", from_on=date(2020, 1, 1))
    school = {"country_code": "MD", "region_code": "MD-CU", "group_id": group, "language": "ro"}
    school |= {"version": 1, "registered_at": BEGUN, "name_key": "", "search_text": ""}
    certified = add(
        "school", code="1", progress="decided", standing="valid", level=2,
        valid_until_on=date(2050, 1, 1), **school,
    )  # fmt: skip
    add("school", code="2", progress="trained", standing="none", **school)
    add("school", code="3", progress="trained", standing="none", only_for_id=certified, **school)
    for number, name in TRAIL:
        add("audit_entry", at=day(number), event=name, school_id=certified, facts={})
    application = add(
        "application", school_id=certified, cycle=1, round=1, state="decided", outcome="certified",
        level=2, version=1,
    )  # fmt: skip
    certificate = add(
        "certificate", school_id=certified, application_id=application, cycle=1, attempt=1, level=2,
        valid_from_on=day(91).date(), valid_until_on=date(2050, 1, 1),
    )  # fmt: skip
    for number, name in REGISTER:
        add(
            "register_entry", certificate_id=certificate, event=name, at=day(number),
            previous_hash=f"p{number}", hash=f"h{number}",
        )  # fmt: skip
    return certified


def test_the_past_is_written_as_the_trail_and_the_register_tell_it(app):
    with app.app_context():
        session.remove()
        downgrade(revision="0036")
        before, tables = datetime.now(UTC), MetaData()
        tables.reflect(db.engine)
        with db.engine.begin() as connection:
            certified = old_rows(connection, tables)

        upgrade()

        now = MetaData()
        now.reflect(db.engine, only=["school_status"])
        table = now.tables["school_status"]
        with db.engine.connect() as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
        told = [
            (moment(row.from_at), row.progress, row.standing, row.level)
            for row in rows
            if row.school_id == certified
        ]
        assert told == [(day(number), *state) for number, *state in EXPECTED]
        # Of the other one the trail tells nothing: it stands where it stands from today on.
        unknown = [row for row in rows if row.school_id != certified]
        assert [row.progress for row in unknown] == ["registered", "trained"]
        assert moment(unknown[1].from_at) >= before
        downgrade(revision="0036")
        upgrade()


def moment(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
