"""What somebody who can write into the database changes past the application, and which check names it."""

import pytest
from flask import Flask
from sqlalchemy import text

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.transparency import commands
from cissapp.certify.transparency import services as transparency
from cissapp.certify.transparency.commands import log
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.operate.demo.schools import people, stories
from cissapp.operate.demo.schools.cast import COUNTRIES, DemoState
from cissapp.operate.operations.commands.audit import audit
from cissapp.operate.operations.services import integrity
from tests.conftest import Databases
from tests.factories import NOW, keyring
from tests.verify.verification.test_commands import run

HASH = "f" * 64

# What is changed, and what `ciss audit check` says; %s stands for the key of the row.
IN_ROWS = {
    "UPDATE decision SET level = 3 WHERE level IS NOT NULL": "decision %s: differs from the audit trail in level",
    "UPDATE decision SET round = 7 WHERE level IS NOT NULL": "decision %s: differs from the audit trail in round",
    f"UPDATE document_version SET sha256 = '{HASH}'": (
        "first version of the document %s: differs from the audit trail in sha256"
    ),
    "UPDATE document_version SET size = 1": "first version of the document %s: differs from the audit trail in size",
    "UPDATE school SET name = 'Other'": "school %s: differs from the audit trail in sha256",
    "UPDATE school SET locality = 'Other'": "school %s: differs from the audit trail in sha256",
    "UPDATE letter SET content = '{}'": "letter %s: differs from the audit trail in sha256",
    "UPDATE submission SET content = '{}'": "dossier %s: is not the text that was handed in",
    "DELETE FROM audit_entry WHERE event = 'decision.taken'": "decision %s: is not in the audit trail",
    "DELETE FROM audit_entry WHERE event = 'school.registered'": (
        "school %s: is not in the audit trail"
    ),
}
TABLES = {"decision", "document_version", "school", "letter", "submission", "audit_entry"}


@pytest.fixture
def told(app: Flask, databases: Databases) -> Flask:
    databases.kept(story)
    return app


def story(app: Flask) -> None:
    """One certified school of the demonstration, all by the services; log and trail are kept beside."""
    keyring()
    with app.app_context():
        stage = people.StoryContext(Issuer(content(), app.config["CISS"], files()), NOW)
        people.set_up(stage)
        country = COUNTRIES[0]
        stories.tell(
            stage,
            people.SchoolStory(
                country, country.places[0], DemoState.CERTIFIED, 1, NOW, number_in_state=1
            ),
        )
        with unit_of_work():
            transparency.save_extent(files(), at=NOW)


def changed(statement: str) -> list[str]:
    """Name the faults after a statement that no trigger stops; everything is taken back afterwards."""
    session.remove()
    connection = session.connection()
    for table in sorted(TABLES):
        _open_up(connection, table)
    connection.execute(text(statement))
    found = list(integrity.faults(files()))
    session.rollback()
    return found


def _open_up(connection, table: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
        {"table": table},
    )
    for (name,) in names.all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def keys_of(found: list[str]) -> list[str]:
    """Put a mark in place of each key."""
    return [
        " ".join("%s:" if word.count("-") == 4 else word for word in one.split()) for one in found
    ]


def test_what_is_changed_past_the_application_is_named(told):
    with told.app_context():
        assert list(integrity.faults(files())) == []
        found = {statement: keys_of(changed(statement)) for statement in IN_ROWS}

    assert {one for one, wanted in IN_ROWS.items() if wanted not in found[one]} == set(), found


@pytest.mark.only_on("postgresql")
def test_a_check_of_everything_has_more_time_than_a_page(app, monkeypatch):
    def limits(*_given, **_more):
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [session.scalar(text(f"SHOW {name}")) for name in names]

    monkeypatch.setattr(integrity, "faults", limits)
    monkeypatch.setattr(
        commands, "_check_database", lambda *given, **more: (0, limits(*given, **more))
    )

    told = [
        app.test_cli_runner().invoke(command, ["check"]).output.split()
        for command in (audit, commands.log)
    ]

    assert told == [["3h", "3h"], ["3h", "3h"]]


def test_an_end_that_was_taken_off_is_named(told):
    with told.app_context():
        trail = changed("DELETE FROM audit_entry WHERE id > 9")
        assert "missing" in trail[0], trail
        session.remove()
        with db.engine.connect() as connection:
            _open_up(connection, "checkpoint")
            connection.execute(
                text("DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)")
            )
            connection.commit()

    checked = run(log, "check", app=told)

    assert checked.exit_code == 1
    assert "which is in the file store, is missing" in checked.stdout


@pytest.mark.parametrize("taken", ["id > 9", "id IN (10, 11)"])
def test_what_was_kept_further_on_stays(told, taken):
    """Also where later entries are still there: what is gone between them would be forgotten."""
    with told.app_context():
        kept = files().get("kept/log-and-trail.json")
        session.remove()
        with db.engine.connect() as connection:
            _open_up(connection, "audit_entry")
            connection.execute(text(f"DELETE FROM audit_entry WHERE {taken}"))
            connection.commit()
        with unit_of_work():
            done = transparency.save_extent(files(), at=NOW)

        assert (done, files().get("kept/log-and-trail.json")) == (0, kept)
