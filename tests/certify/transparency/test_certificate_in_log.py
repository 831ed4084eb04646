"""What the log says of one certificate, whatever was done to the register."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as changes
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency import queries
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.certificate import fault_of
from cissapp.certify.transparency.models import LogLeaf
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.verify.verification.checking.online import check_code
from cissapp.verify.verification.commands import verify
from cissapp.verify.verification.rules import LOG, CheckAnswer
from tests.factories import NOW
from tests.verify.verification.test_commands import run

LATER = NOW + timedelta(days=1)
WITHDRAWN = "(SELECT id FROM register_entry WHERE event = 'withdrawn')"
OTHER_EVENTS = "the log and the register have different events for it"
# What somebody does who wants a withdrawn certificate to be valid again, and what is found.
WAYS = {
    "the row is deleted": (
        ["DELETE FROM register_entry WHERE event = 'withdrawn'"],
        OTHER_EVENTS,
    ),
    "the row and its entry are deleted": (
        [
            f"DELETE FROM log_leaf WHERE register_entry_id = {WITHDRAWN}",
            "DELETE FROM register_entry WHERE event = 'withdrawn'",
        ],
        "the newest checkpoint of the log does not match its entries",
    ),
    "the entry says something else": (
        ["UPDATE log_leaf SET event = replace(event, 'withdrawn', 'reinstated')"],
        OTHER_EVENTS,
    ),
    "the entry has another hash": (
        [
            f"UPDATE log_leaf SET hash = '{'0' * 64}' WHERE register_entry_id = {WITHDRAWN}",
        ],
        "entry 2 of the log was changed",
    ),
    "the checkpoint was written anew without the key": (
        [
            "UPDATE checkpoint SET note = replace(note, '\n3\n', '\n2\n') WHERE size = 3",
        ],
        "the newest checkpoint of the log does not match its entries",
    ),
}


@pytest.fixture
def withdrawn(app, make):
    """Two certificates; the first one was withdrawn."""
    first, _second = make.certified(), make.certified()
    with app.app_context(), unit_of_work():
        changes.withdraw(certificates.certificate(first.id), reason="So.", by=SYSTEM, at=LATER)
    return first


def done(statements: list[str]) -> None:
    """Do it as the owner of the database could: without triggers and without foreign keys."""
    session.remove()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
            for table in ("register_entry", "log_leaf", "checkpoint", "audit_entry"):
                for action in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{action}")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
        connection.invalidate()


@pytest.mark.parametrize("way", WAYS)
def test_the_log_is_asked(app, withdrawn, way: str):
    statements, wanted = WAYS[way]
    with app.app_context():
        ring, _trusted = log_keys.open_log_keys(app.config["CISS"].keys_dir)
        own, certificate = log_keys.key_of_log(ring), certificates.certificate(withdrawn.id)
        assert fault_of(certificate, own) is None
        assert check_code(withdrawn.code, ring, at=LATER, expiring_days=90).answer is (
            CheckAnswer.WITHDRAWN
        )
        done(statements)

        found = check_code(withdrawn.code, ring, at=LATER, expiring_days=90)
        fault = fault_of(certificates.certificate(withdrawn.id), own)

    assert (fault, found.answer, found.checks[-1].what) == (wanted, CheckAnswer.UNKNOWN, LOG)


def test_the_command_does_not_call_it_valid(app, withdrawn, tmp_path):
    path = tmp_path / "a.pdf"
    with app.app_context():
        path.write_bytes(files().get(certificates.certificate(withdrawn.id).file_key))
        done(["DELETE FROM audit_entry", "DELETE FROM register_entry WHERE event = 'withdrawn'"])
        session.remove()
        assert register_checks.first_fault() is None

    found = run(verify, path, app=app)

    assert (found.exit_code, found.stdout.splitlines()[0]) == (2, "Could not be checked")


@pytest.mark.one_database("sqlite")
def test_what_happens_between_two_looks_is_no_fault(app, withdrawn, monkeypatch):
    """On PostgreSQL each statement sees what was committed before it."""
    asked, leaves_of = [], queries.leaves_of

    def one_behind(number: str) -> list[LogLeaf]:
        asked.append(number)
        return leaves_of(number)[: None if len(asked) > 1 else -1]

    monkeypatch.setattr(queries, "leaves_of", one_behind)
    with app.app_context():
        ring, _trusted = log_keys.open_log_keys(app.config["CISS"].keys_dir)

        found = fault_of(certificates.certificate(withdrawn.id), log_keys.key_of_log(ring))

    assert (found, len(asked)) == (None, 2)
