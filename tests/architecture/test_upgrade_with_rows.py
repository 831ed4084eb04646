"""An installation that has rows is brought up to date: nothing is lost, nothing points nowhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.core.commands import drift
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import natural_key
from cissapp.people.accounts.models import User
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from cissapp.review.followup.models import FollowedStep
from cissapp.review.followup.rules import NEVER_DUE, STEP_NUMBERS, FollowupStep
from cissapp.review.independence.queries import facts
from cissapp.review.messages import queries as messages
from cissapp.review.messages import services as writing
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.rules import WrittenText
from tests import factories

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = "0002"


def filled(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Complete a row: ids and moments where the table asks for some."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in values:
            row[column.name] = values[column.name]
        elif not column.nullable and not column.primary_key:
            kind = str(column.type).upper()
            row[column.name] = AT if "TIME" in kind else 1 if "INT" in kind else "x"
    return row


def put(connection, tables: MetaData, name: str, /, **values: Any) -> Any:
    table = tables.tables[name]
    if "id" in table.columns and "INT" not in str(table.columns["id"].type).upper():
        values.setdefault("id", uuid4().hex if db.engine.dialect.name == "sqlite" else uuid4())
    connection.execute(table.insert().values(**filled(table, values)))
    return values.get("id")


def old_rows(connection, tables: MetaData) -> None:
    """A school with its people, a dossier handed in, a review, a decision, a certificate."""

    def add(name: str, /, **values: Any) -> Any:
        return put(connection, tables, name, **values)

    add("country", code="MD")
    group = add("national_group", name="Group", from_on=date(2020, 1, 1))
    add("group_country", group_id=group, country_code="MD")
    school = add(
        "school",
        country_code="MD",
        region_code="MD-CU",
        group_id=group,
        language="ro",
        progress="decided",
        standing="valid",
        level=1,
        valid_until_on=date(2028, 1, 1),
        version=1,
    )
    head = add(
        "person",
        email="head@school.example",
        role="school_manager",
        duty="head",
        school_id=school,
        country_code="MD",
        language="ro",
        failures=0,
    )
    one, two = (
        add("person", email=f"{name}@group.example", role="reviewer", group_id=group, language="ro")
        for name in ("one", "two")
    )
    document = add("document", school_id=school, evidence_code="POL", created_by_id=head)
    version = add(
        "document_version",
        document_id=document,
        school_id=school,
        number=1,
        state="accepted",
        file_key="documents/aa/1",
        media_type="pdf",
        sha256="0" * 64,
        uploaded_by_id=head,
    )
    add(
        "self_score",
        school_id=school,
        criterion_id="A1",
        level=2,
        not_applicable=False,
        pages="3-4",
        saved_by_id=head,
    )
    add("self_evidence", school_id=school, criterion_id="A1", document_id=document)
    add("reporting_mechanism", school_id=school, never_handles_images=True, changed_by_id=head)
    for name, more in (
        ("reporting_person", {"is_head": True, "trained": True, "alternate": False}),
        ("reporting_channel", {"kind": "in_person", "in_holidays": True, "anonymous": False}),
        ("escalation_step", {}),
    ):
        add(name, school_id=school, **more)
    application = add(
        "application",
        school_id=school,
        cycle=1,
        round=1,
        state="decided",
        outcome="certified",
        level=1,
        version=1,
    )
    submission = add(
        "submission",
        application_id=application,
        round=1,
        rubric_version="1.0",
        content="{}",
        sha256="0" * 64,
        submitted_by_id=head,
    )
    add("submitted_version", submission_id=submission, version_id=version)
    add("declaration", application_id=application, user_id=one, grounds=[], note="")
    review = add(
        "review",
        application_id=application,
        submission_id=submission,
        round=1,
        assessor_id=one,
        state="handed_in",
        handed_in_at=AT,
        recommendation="certified",
        level=1,
        version=1,
    )
    add("score", review_id=review, criterion_id="A1", level=2, not_applicable=False, reason="So.")
    add(
        "decision",
        application_id=application,
        review_id=review,
        round=1,
        assessor_id=one,
        decider_id=two,
        outcome="certified",
        level=1,
        reasons="So.",
        open_criteria=[],
    )
    certificate = add(
        "certificate",
        school_id=school,
        application_id=application,
        cycle=1,
        level=1,
        valid_from_on=date(2026, 1, 1),
        valid_until_on=date(2028, 1, 1),
    )
    add("register_entry", certificate_id=certificate, event="issued")
    add("mail", kind="decision", to="head@school.example", tries=1)
    add("invitation", email="new@group.example", role="reviewer", group_id=group, language="ro")


def counts(tables: MetaData) -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
            for name in sorted(tables.tables)
            if name != "alembic_version"
        }


def test_a_database_climbs_from_nothing_to_today_and_goes_back_with_all_of_its_rows(app):
    """Take each migration up and down twice: with what an installation had before it, and with what came after it."""
    factories.school()
    with app.app_context():
        session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

        upgrade(revision=FIRST)
        first = reflected()
        with db.engine.begin() as connection:
            old_rows(connection, first)
            files = file_columns(connection, first)
        before = counts(first)
        assert sum(before.values()) > 25
        upgrade(revision="0017")
        second = reflected()
        with db.engine.begin() as connection:
            put_credential(connection, second)
        credential = one_row(second, "credential")
        upgrade(revision="0039")
        third = reflected()
        before_lists = counts(third)
        with_lists = put_lists_and_programs()
        lists_at_work_go_on()

        upgrade()
        all_is_as_it_should_be()
        assert counts(first) == before
        assert counts(with_lists) == counts_with_lists(before_lists)
        assert how_far().keys() == {"reading", "read", "importing", "undoing", "imported"}
        assert seats() == ["assessor", "decider"]
        assert published(before=files) == files
        a_credential_with_two_lists_stays_as_it_is(credential)

        session.remove()
        downgrade(revision="0039")
        assert (counts(third), dangling()) == (before_lists, [])
        assert not NEW & set(inspect(db.engine).get_table_names())
        downgrade(revision="0017")
        assert one_row(second, "credential") == credential
        downgrade(revision="0012")
        with db.engine.begin() as connection:
            assert file_columns(connection, first) == files
        upgrade()
        all_is_as_it_should_be()
        a_reservation_stops_the_way_back()


def reflected(*names: str) -> MetaData:
    """The tables as they are now: all of them, or these."""
    tables = MetaData()
    tables.reflect(db.engine, only=names or None)
    return tables


def one_row(tables: MetaData, name: str) -> dict[str, Any]:
    with db.engine.connect() as connection:
        return dict(connection.execute(select(tables.tables[name])).mappings().one())


def all_is_as_it_should_be() -> None:
    session.remove()
    assert drift() == []
    assert dangling() == []


def file_columns(connection, tables: MetaData) -> list[Any]:
    """What the certificates said about their files, when they still said it themselves."""
    table = tables.tables["certificate"]
    names = ("id", "school_id", "cycle", "file_key", "file_sha256", "file_size", "key_id")
    rows = connection.execute(select(*(table.c[name] for name in names), table.c.issued_at))
    return [tuple(row) for row in rows]


def published(before: list[Any]) -> list[Any]:
    """The rows of publications; a certificate cannot be changed now as before."""
    tables = reflected("publication", "certificate")
    with db.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(select(tables.tables["publication"]))]
    assert len(rows) == len(before) == 1
    for statement in (
        "UPDATE publication SET file_key = 'y'",
        "DELETE FROM publication",
        "UPDATE certificate SET number = 'y'",
        "DELETE FROM certificate",
    ):
        with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    return rows


def a_reservation_stops_the_way_back() -> None:
    """A certificate that is reserved has no file that could go back to it."""
    table = reflected("certificate").tables["certificate"]
    with db.engine.begin() as connection:
        row = dict(connection.execute(select(table)).mappings().one())
        changed = {"id": uuid4().hex, "number": "n", "code": "c", "attempt": 2}
        if db.engine.dialect.name == "postgresql":
            changed["id"] = uuid4()
        connection.execute(table.insert().values({**row, **changed}))

    with pytest.raises(SystemExit):
        downgrade(revision="0012")
    session.remove()


def a_credential_with_two_lists_stays_as_it_is(before: dict[str, Any]) -> None:
    tables = reflected("credential")
    after = one_row(tables, "credential")
    assert after == {**before, "edition": 1, "status_list_id": None, "status_index": None}
    for statement in ("DELETE FROM credential", "UPDATE credential SET text = 'y'"):
        with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    twice = {**after, "id": uuid4().hex if isinstance(after["id"], str) else uuid4()}
    for wrong in (twice, {**twice, "edition": 2}, {**twice, "edition": 3}):
        with db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(tables.tables["credential"].insert().values(wrong))


def put_credential(connection, tables: MetaData) -> None:
    """Put the credential of the certificate, with its places in two lists."""
    certificate = connection.scalar(select(tables.tables["certificate"].c.id))
    lists = {
        purpose: put(
            connection, tables, "status_list", purpose=purpose, number=1, base_url="http://x"
        )
        for purpose in ("revocation", "suspension")
    }
    put(
        connection,
        tables,
        "credential",
        certificate_id=certificate,
        revocation_list_id=lists["revocation"],
        revocation_index=7,
        suspension_list_id=lists["suspension"],
        suspension_index=8,
    )


def dangling() -> list[Any]:
    """Rows that point nowhere; PostgreSQL refuses them by itself."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))


def seats() -> list[str]:
    """The seats that those who had worked before there were seats were given."""
    assert "seat" in inspect(db.engine).get_table_names()
    seat = reflected("seat").tables["seat"]
    with db.engine.connect() as connection:
        return sorted(connection.scalars(select(seat.c.seat)))


NEW = {
    "school_list",
    "school_list_part",
    "remembered_columns",
    "api_token",
    "answered_request",
    "webhook",
    "webhook_message",
}


def put_lists_and_programs() -> MetaData:
    """Take the update with the lists and the API, and put a row into each of its tables."""
    upgrade(revision="0041")
    tables = reflected()
    with db.engine.begin() as connection:
        school = tables.tables["school"]
        told = select(school.c.heard_key, school.c.merged_into_id)
        assert connection.execute(told).all() == [("", None)]
        put_one_row_each(connection, tables)
    return tables


def counts_with_lists(before: dict[str, int]) -> dict[str, int]:
    """What is counted afterwards: one row in each new table, and the lists at work with their parts."""
    # What was being read is read anew: its parts are gone.
    parts = sum(len(marks) for state, marks in PARTS_AT_WORK.items() if state != "reading")
    at_work = {"school_list": 1 + len(PARTS_AT_WORK), "school_list_part": 1 + parts}
    return {**before, **dict.fromkeys(NEW, 1), **at_work}


def put_one_row_each(connection, tables: MetaData) -> None:
    group = connection.scalar(select(tables.tables["national_group"].c.id))
    person = connection.scalar(select(tables.tables["person"].c.id))
    found = put(
        connection, tables, "school_list", group_id=group, changes_schools=False, keeps_duplicates=False
    )  # fmt: skip
    put(connection, tables, "school_list_part", list_id=found)
    put(connection, tables, "remembered_columns", group_id=group, head_sha256="x")
    put(connection, tables, "api_token", user_id=person, ends_at=AT + timedelta(days=1))
    put(connection, tables, "answered_request", user_id=person)
    webhook = put(connection, tables, "webhook", user_id=person)
    put(connection, tables, "webhook_message", webhook_id=webhook)


def lists_at_work_go_on() -> None:
    """Lists that are at work keep their place over the update that gave them one, and over the way back."""
    upgrade(revision="0059")
    tables = reflected("school_list", "school_list_part", "national_group")
    with db.engine.begin() as connection:
        for state, marks in PARTS_AT_WORK.items():
            put_list_at_work(connection, tables, state, marks)
    upgrade(revision="0064")
    assert how_far() == {"reading": 0, "checking": 2, "importing": 3, "undoing": 0, "imported": 0}
    downgrade(revision="0059")
    assert marks_of() == {
        "checking": ["checking", "checking", None],
        "importing": ["importing", "importing", "importing"],
        "undoing": [None, "undoing", "undoing"],
        "imported": [None, None, None],
    }


# The marks that the parts of a list in each state have before the update.
PARTS_AT_WORK: dict[str, list[str | None]] = {
    "reading": [None, None],
    "checking": ["checking", "checking", "importing"],
    "importing": ["importing", "importing", "importing"],
    "undoing": ["importing", "undoing", "undoing"],
    "imported": ["importing", "importing", "importing"],
}


def put_list_at_work(connection, tables: MetaData, state: str, marks: list[str | None]) -> None:
    group = connection.scalar(select(tables.tables["national_group"].c.id))
    chosen = {"group_id": group, "changes_schools": False, "keeps_duplicates": False}
    found = put(connection, tables, "school_list", state=state, **chosen)
    for place, mark in enumerate(marks):
        put(connection, tables, "school_list_part", list_id=found, place=place, done_for=mark)


def how_far() -> dict[str, int]:
    """Of each list at work, the next of its parts; by state."""
    asked = "SELECT state, next_place FROM school_list WHERE state <> 'x'"
    with db.engine.connect() as connection:
        return dict(connection.execute(text(asked)).all())


def marks_of() -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    asked = (
        "SELECT state, done_for FROM school_list_part JOIN school_list ON school_list.id = list_id"
        " WHERE state <> 'x' ORDER BY state, place"
    )
    with db.engine.connect() as connection:
        for state, mark in connection.execute(text(asked)):
            found.setdefault(state, []).append(mark)
    return found


def test_each_step_of_a_school_is_sorted_after_the_update_as_before(app):
    schools = {step: factories.school() for step in FollowupStep}
    kept = select(FollowedStep.step, FollowedStep.step_number, FollowedStep.due_sort_on)
    with app.app_context():
        for step, school in schools.items():
            due_on = None if step is FollowupStep.NOTHING else date(2027, 1, 1 + STEP_NUMBERS[step])
            row = update(FollowedStep).where(FollowedStep.school_id == school.id)
            with unit_of_work():
                session.execute(row.values(step=step, due_on=due_on))
        session.remove()
        downgrade(revision="0062")
        upgrade()
        session.remove()
        rows = session.execute(kept).all()

    days = {step: date(2027, 1, 1 + number) for step, number in STEP_NUMBERS.items()}
    days[FollowupStep.NOTHING] = NEVER_DUE
    assert sorted(rows) == sorted((step, STEP_NUMBERS[step], days[step]) for step in FollowupStep)


def test_recipients_of_earlier_messages_are_counted_with_the_update(app):
    school = factories.school()
    author = factories.user(Role.COORDINATOR, group_id=school.group_id)
    for language in ("uk", "ro", "uk"):
        factories.user(Role.SCHOOL_MANAGER, school_id=school.id, language=language)
    with app.app_context():
        with unit_of_work():
            audience = messages.audience(author, [school.id])
            text = WrittenText("uk", "Новини", "Далі.")
            writing.write([text], audience, with_steps=False, by=author, at=AT)
            session.execute(update(MessageRecipient).values(queued_at=AT))
        session.remove()
        downgrade(revision="0066")
        upgrade()
        session.remove()
        message = session.scalars(select(Message)).one()

        assert (message.people, message.schools, message.queued) == (3, 1, 3)
        assert message.readers == {"uk": 2, "ro": 1}


@pytest.mark.parametrize(("invited", "is_last"), [(200, False), (201, True)])
def test_invitations_of_a_list_that_wait_at_the_update_leave_last(app, invited, is_last):
    with app.app_context():
        session.remove()
        downgrade(revision="0076")
        tables = MetaData()
        tables.reflect(db.engine, only=["mail"])
        school = uuid4().hex if db.engine.dialect.name == "sqlite" else uuid4()
        with db.engine.begin() as connection:
            for _number in range(invited):
                put(connection, tables, "mail", kind="invitation", school_id=school)
            put(connection, tables, "mail", kind="invitation", school_id=school, sent_at=AT)
            put(connection, tables, "mail", kind="invitation")
            put(connection, tables, "mail", kind="reset", school_id=school)
        upgrade()

        found = session.scalars(select(Mail.rank)).all()
        assert found.count(2) == (invited if is_last else 0)
        assert len(found) == invited + 3


def test_a_town_is_heard_without_its_kind_after_the_update(app):
    school = factories.school(name="Ліцей № 7", locality="м. Вінниця")
    key, before = "vnc, l 7", "l 7, m vnc"
    with app.app_context():
        session.remove()
        downgrade(revision="0071")
        with db.engine.begin() as connection:
            assert connection.scalar(text("SELECT heard_key FROM school")) == "l 7, vnc"
            connection.execute(text("UPDATE school SET heard_key = :before"), {"before": before})
        upgrade()

        assert session.scalar(select(School.heard_key).where(School.id == school.id)) == key


@pytest.mark.both_databases
def test_a_school_is_heard_without_its_legal_form_after_the_update(app):
    for name in ("IP Liceul Gogol", "Liceul Mic"):
        factories.school(name=name, locality="Orhei")
    with app.app_context():
        session.remove()
        downgrade(revision="0074")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE school SET heard_key = 'as before'"))
        upgrade()

        assert set(session.scalars(select(School.heard_key))) == {"rh, l gogol", "rh, l mic"}


@pytest.mark.both_databases
def test_people_known_before_are_sorted_as_those_who_come_later(app, monkeypatch):
    names = ["Андрій", "Ґалина", "Єва", "Ірина", "Ярина"]
    group = factories.group()
    for name in reversed(names):
        factories.user(Role.REVIEWER, group_id=group.id, name=name)
    monkeypatch.setattr(facts, "PEOPLE_AT_ONCE", 2)
    with app.app_context():
        # By the release before, the first page of a longer list ended here.
        opened = session.scalar(select(User.id).where(User.name == "Єва"))
        session.remove()
        downgrade(revision="0072")
        upgrade()
        kept = {one.name: one.name_key for one in session.scalars(select(User))}

        assert kept == {name: natural_key(name) for name in names}
        rest = facts.members_page(group.id, place=PagePlace(str(opened))).rows
        assert [one.name for one in rest] == names[3:]
        assert drift() == []


def test_an_address_gets_the_form_of_its_domain_that_is_looked_up(app, make, capsys):
    school = make.school()
    typed = "ana@xn--80atdl2c.xn--j1amh", "leo@xn--80atdl2c.xn--j1amh", "xn--@school.example"
    people = [make.manager(school, email=email).id for email in typed]
    make.manager(school, email="leo@школа.укр")
    with app.app_context():
        downgrade(revision="0073")
        upgrade()
        kept = [session.get_one(User, person).email for person in people]

        assert kept == ["ana@школа.укр", *typed[1:]]
        assert drift() == []
    (said,) = [line for line in capsys.readouterr().out.splitlines() if "@" in line]
    assert said.endswith("can sign in with the first: leo@xn--80atdl2c.xn--j1amh, leo@школа.укр.")
