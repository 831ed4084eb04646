"""Issue, suspend, reinstate, withdraw; the chain of the register; the calendar."""

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates import queries, services
from cissapp.certify.certificates.document import facts, pdf
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.certificates.services.publishing import finish_reservation
from cissapp.certify.certificates.services.succession import begin_due_certificates
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.foundation.signing.settings import Settings
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.rules import Figure, Standing
from tests.factories import MODULE_LEVELS, NOW, award, certified, content

REASON = "The designated person left and nobody follows."
LATER = NOW + timedelta(days=30)


def trail() -> list[str]:
    names = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id))
    return [name.value for name in names if name.value.startswith("certificate.")]


def events(certificate: Certificate) -> list[str]:
    return [entry.event.value for entry in certificate.entries]


def issue(submission, *, ring=None, at=NOW, how=services.issue, **changes):
    """Issue a certificate with these keys; with none, unless they are given."""
    settings = Settings("http://ciss.example", demo=False, keys=ring or Keyring())
    issuer = Issuer(content(), settings, files())
    return how(award(submission, **changes), issuer, by=SYSTEM, at=at)


@pytest.mark.one_database("sqlite")
def test_a_certificate_is_issued_with_all_that_belongs_to_it(context, make):
    school = make.school(name="Liceul „Ion Creangă”", language="ro")

    certificate = make.certified(school, level=2)

    known = facts.read_facts(certificate.facts)
    assert (certificate.number, known.number) == ("MD-2026-00001", "MD-2026-00001")
    assert (certificate.valid_from_on, certificate.valid_until_on) == (
        date(2026, 11, 25),
        date(2028, 11, 25),
    )
    assert known.module_levels == tuple(MODULE_LEVELS.items())
    assert [(one.evidence_code, one.version) for one in known.documents] == [("POL", 1)]
    assert known.sha256 == certificate.facts_sha256
    content_ = files().get(certificate.file_key)
    assert pdf.facts_in(content_) == certificate.facts
    assert seal.examine(content_, make.keyring()).good
    assert certificate.file_size == len(content_) <= 50_000
    assert events(certificate) == ["reserved", "issued"]
    assert trail() == ["certificate.reserved", "certificate.issued"]
    row = session.get(School, school.id)
    assert (row.standing, row.level, row.valid_until_on) == (
        Standing.VALID,
        2,
        date(2028, 11, 25),
    )
    assert register_checks.first_fault(files()) is None


def test_modules_stand_in_the_order_of_their_numbers(context, make):
    backwards = dict(reversed(MODULE_LEVELS.items()))

    certificate = issue(make.decided(), ring=make.keyring(), module_levels=backwards)

    assert facts.read_facts(certificate.facts).module_levels == tuple(MODULE_LEVELS.items())


@pytest.mark.one_database("sqlite")
def test_nothing_about_a_person_of_the_school_is_certified(context, make):
    raw = json.loads(make.certified().facts)

    assert sorted(raw) == sorted(
        [
            "base_url",
            "code",
            "country_code",
            "credential_address",
            "criteria_version",
            "decided_on",
            "demo",
            "documents",
            "dossier_sha256",
            "drill",
            "format",
            "group_name",
            "key_id",
            "language",
            "level",
            "locality",
            "logo_sha256",
            "module_levels",
            "number",
            "proof_address",
            "region_code",
            "school_code",
            "school_name",
            "signatory",
            "valid_from_on",
            "valid_until_on",
        ]
    )


def test_numbers_count_up_by_country_and_year(context, make):
    make.country("UA")
    ukrainian = make.school(country_code="UA", region_code="UA-46", language="uk")

    numbers = [
        make.certified().number,
        make.certified().number,
        make.certified(ukrainian).number,
        make.certified(at=NOW + timedelta(days=60)).number,
    ]

    assert numbers == ["MD-2026-00001", "MD-2026-00002", "UA-2026-00001", "MD-2027-00001"]


@pytest.mark.one_database("sqlite")
def test_a_newer_certificate_replaces_the_older(context, make):
    school = make.school()
    older = make.certified(school)

    newer = make.certified(school, cycle=2, level=3, at=LATER)

    assert (events(older), events(newer)) == (
        ["reserved", "issued", "replaced"],
        ["reserved", "issued"],
    )
    assert queries.newest_of_school(school.id) is newer
    assert (session.get(School, school.id).level, trail()) == (
        3,
        [
            "certificate.reserved",
            "certificate.issued",
            "certificate.reserved",
            "certificate.replaced",
            "certificate.issued",
        ],
    )


@pytest.mark.one_database("sqlite")
def test_an_expired_certificate_is_not_replaced(context, make):
    school = make.school()
    older = make.certified(school, at=NOW - timedelta(days=800))

    make.certified(school, cycle=2)

    assert events(older) == ["reserved", "issued"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "keys"),
        ({"at": NOW - timedelta(days=1)}, "clock"),
    ],
)
def test_nothing_is_issued_without_a_key_or_with_a_wrong_clock(context, make, changes, code):
    make.certified()
    submission = make.decided()

    with pytest.raises(Refused) as refused:
        issue(submission, **changes)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert session.query(Certificate).count() == 1


def test_an_application_leads_to_one_certificate(context, make):
    certificate = make.certified()
    submission = session.scalars(
        select(type(make.decided())).where(
            type(make.decided()).application_id == certificate.application_id
        )
    ).one()

    with pytest.raises(Refused) as refused:
        issue(submission)

    assert [problem.code for problem in refused.value.problems] == ["issued"]


@pytest.mark.parametrize("name", ["School 🏫", "סקולה", "x" * 10_000, "a\u202eb", "School \x07"])
def test_a_name_that_cannot_be_printed_is_refused(context, make, name: str):
    submission = make.decided(make.school(name=name))

    with pytest.raises(Refused) as refused:
        issue(submission, ring=make.keyring(), how=services.reserve)

    assert [problem.code for problem in refused.value.problems] == ["printable"]
    assert session.query(RegisterEntry).count() == 0


@pytest.mark.one_database("sqlite")
def test_a_certificate_is_suspended_reinstated_and_withdrawn(context, make):
    school = make.school()
    certificate = make.certified(school)
    standings = []

    def note() -> None:
        standings.append(session.get(School, school.id).standing.value)

    services.suspend(certificate, reason=REASON, cure_days=60, by=SYSTEM, at=LATER)
    note()
    services.reinstate(certificate, reason=REASON, by=SYSTEM, at=LATER)
    note()
    services.withdraw(certificate, reason=REASON, by=SYSTEM, at=LATER)
    note()

    assert standings == ["suspended", "valid", "withdrawn"]
    assert events(certificate) == ["reserved", "issued", "suspended", "reinstated", "withdrawn"]
    assert trail() == [f"certificate.{name}" for name in events(certificate)]
    assert [entry.reason for entry in certificate.entries] == [None, None, REASON, REASON, REASON]
    assert register_checks.first_fault(files()) is None
    for act in (partial(services.suspend, cure_days=60), services.withdraw):
        with pytest.raises(Refused):
            act(certificate, reason=REASON, by=SYSTEM, at=LATER)


@pytest.mark.parametrize("decided", ["suspended", "withdrawn"])
def test_a_renewal_that_is_only_reserved_is_decided_on_with_the_one_before(app, make, decided):
    school = make.school()
    first = make.certified(school, at=NOW - timedelta(days=700))
    renewal = make.reserved(school, cycle=2)
    decide = (
        partial(services.suspend, cure_days=60) if decided == "suspended" else services.withdraw
    )
    with app.app_context(), unit_of_work():
        decide(session.get_one(Certificate, first.id), reason=REASON, by=SYSTEM, at=LATER)
    with app.app_context(), unit_of_work():
        session.execute(delete(Mail))

    with app.app_context():
        day_after = LATER + timedelta(days=1)
        finished = finish_reservation(renewal.id, make.issuer(), at=day_after, notify=True)

    assert finished.published
    with app.app_context():
        found = session.get_one(Certificate, renewal.id)
        assert events(found) == ["reserved", "issued", decided]
        assert found.entries[-1].reason == REASON
        assert session.get_one(School, school.id).standing.value == decided
        assert session.scalars(select(Mail)).all() == []
        first_day = datetime.combine(renewal.valid_from_on, time(2), UTC)
    with app.app_context(), unit_of_work():
        assert begin_due_certificates(at=first_day) == 0
        assert session.get_one(School, school.id).standing.value == decided


@pytest.mark.one_database("sqlite")
def test_a_renewal_decided_after_a_suspension_is_not_suspended_with_it(app, make):
    school = make.school()
    first = make.certified(school, at=NOW - timedelta(days=700))
    with app.app_context(), unit_of_work():
        older = session.get_one(Certificate, first.id)
        services.suspend(older, reason=REASON, cure_days=60, by=SYSTEM, at=LATER)
    day_after = datetime.combine(first.valid_until_on + timedelta(days=1), time(9), UTC)

    renewal = make.certified(school, cycle=2, at=day_after)

    assert events(renewal) == ["reserved", "issued"]
    with app.app_context():
        assert session.get_one(School, school.id).standing is Standing.VALID


def test_what_happens_to_an_older_certificate_leaves_the_school_alone(context, make):
    school = make.school()
    older = make.certified(school, at=NOW - timedelta(days=800))
    make.certified(school, cycle=2)

    services.withdraw(older, reason=REASON, by=SYSTEM, at=LATER)

    assert session.get(School, school.id).standing is Standing.VALID


def test_the_calendar_moves_schools_to_expiring_and_expired(context, make):
    near, over, suspended, fresh = (make.school() for _ in range(4))
    make.certified(over, at=NOW - timedelta(days=740))
    make.certified(near, at=NOW - timedelta(days=680))
    make.certified(fresh)
    services.suspend(make.certified(suspended), reason=REASON, cure_days=60, by=SYSTEM, at=NOW)

    moved = [
        services.refresh_standings(at=NOW, expiring_days=90),
        services.refresh_standings(at=NOW, expiring_days=90),
    ]

    standings = [
        session.get(School, one.id).standing.value for one in (near, over, suspended, fresh)
    ]
    assert (moved, standings) == ([2, 0], ["expiring", "expired", "suspended", "valid"])
    counted = {
        one.figure.value: one.count
        for one in session.scalars(
            select(Tally).where(Tally.region_code == "MD-OR", Tally.count > 0)
        )
        if one.figure in {Figure.EXPIRING, Figure.EXPIRED, Figure.SUSPENDED, Figure.LEVEL_2}
    }
    assert counted == {"expiring": 1, "expired": 1, "suspended": 1, "level_2": 2}


# --- the chain -----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["certificate", "publication", "register_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_nobody_changes_or_removes_a_row(app, make, table: str, statement: str):
    make.certified()

    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        column = "hash" if table == "register_entry" else "key_id"
        session.execute(text(statement.format(table, column)))
    with app.app_context():
        session.rollback()
        assert register_checks.first_fault(files()) is None


def open_up(app) -> None:
    """Take the triggers away, as somebody with the rights of the database's owner could."""
    with app.app_context(), unit_of_work():
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET session_replication_role = replica"))
            for table in ("certificate", "publication", "register_entry"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for table in ("certificate", "publication", "register_entry"):
                for action in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER {table}_no_{action}"))


TAMPERING = {
    "level": "UPDATE certificate SET level = 3 WHERE number = 'MD-2026-00001'",
    "date": "UPDATE certificate SET valid_until_on = '2036-01-01' WHERE number = 'MD-2026-00001'",
    "facts": "UPDATE certificate SET facts = '{}' WHERE number = 'MD-2026-00002'",
    "facts and hash": (
        "UPDATE certificate SET facts = '{}', facts_sha256 = "
        "'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'"
        " WHERE number = 'MD-2026-00002'"
    ),
    "file hash": "UPDATE publication SET file_sha256 = 'x'",
    "file of another": "UPDATE publication SET cycle = 7",
    "file gone": "DELETE FROM publication",
    "reservation": "DELETE FROM register_entry WHERE event = 'reserved'",
    "number": "UPDATE certificate SET number = 'MD-2026-00009' WHERE number = 'MD-2026-00003'",
    "event": "UPDATE register_entry SET event = 'reinstated' WHERE event = 'withdrawn'",
    "reason": "UPDATE register_entry SET reason = 'x' WHERE event = 'suspended'",
    "moment": "UPDATE register_entry SET at = '2026-12-01 00:00:00' WHERE event = 'suspended'",
    "payload": "UPDATE register_entry SET payload = '{}' WHERE event = 'suspended'",
    "hash": "UPDATE register_entry SET hash = 'x' WHERE event = 'suspended'",
    "first row": "DELETE FROM register_entry WHERE id = (SELECT min(id) FROM register_entry)",
    "a row between": "DELETE FROM register_entry WHERE event = 'suspended'",
    "last row": "DELETE FROM register_entry WHERE event = 'withdrawn'",
}


def three_certificates(app) -> None:
    """One in force, one suspended, one withdrawn."""
    one, two, _three = (certified() for _ in range(3))
    with app.app_context(), unit_of_work():
        services.suspend(
            queries.certificate(one.id), reason=REASON, cure_days=60, by=SYSTEM, at=LATER
        )
        services.withdraw(queries.certificate(two.id), reason=REASON, by=SYSTEM, at=LATER)
    with app.app_context():
        assert register_checks.first_fault(files()) is None


# What is read is the same in both; a row that was slipped in is found in both.
@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(app, databases, how: str):
    databases.kept(three_certificates)
    open_up(app)

    with app.app_context():
        session.remove()
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql(TAMPERING[how])
            connection.commit()
            connection.invalidate()

    with app.app_context():
        assert register_checks.first_fault() is not None


def test_a_row_that_was_slipped_in_is_found(app, make):
    certificate = make.certified()
    with app.app_context(), unit_of_work():
        session.add(
            RegisterEntry(
                certificate_id=certificate.id,
                event=RegisterEvent.SUSPENDED,
                at=NOW,
                reason="x",
                payload="{}",
                previous_hash=certificate.entries[-1].hash,
                hash="f" * 64,
            )
        )

    with app.app_context():
        assert (register_checks.first_fault() or "").endswith("was changed")


@pytest.mark.one_database("sqlite")
def test_a_file_that_was_changed_or_lost_is_found(app, make):
    changed, lost = make.certified(), make.certified()
    folder = files_folder(app)
    (folder / changed.file_key).write_bytes(b"%PDF-1.7 something else")

    with app.app_context():
        assert register_checks.first_fault() is None
        first = register_checks.first_fault(files())
    (folder / lost.file_key).unlink()
    (folder / changed.file_key).unlink()
    with app.app_context():
        second = register_checks.first_fault(files())

    assert (first, second) == (
        f"certificate {changed.number}: the file was changed",
        f"certificate {changed.number}: the file is missing",
    )


def files_folder(app):
    with app.app_context():
        return files().root
