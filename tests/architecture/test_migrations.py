"""Migrations are in step with the tables; what is append-only stays so."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.commands import database, drift
from cissapp.foundation.core.db import db, session, unit_of_work
from config import ROOT
from tests import factories


def test_tables_and_migrations_agree(app):
    with app.app_context():
        assert drift() == []


def test_a_migration_uses_nothing_of_the_application_but_the_keys_of_names():
    """These are looked for by what the code computes today, however old the database is that is brought up to date."""
    found = {
        line
        for path in (ROOT / "migrations").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"(from|import) cissapp", line) and path.name != "env.py"
    }

    assert found == {
        "from cissapp.foundation.core.unicode import folded, natural_key",
        "from cissapp.foundation.core.unicode import heard_key",
        "from cissapp.foundation.core.unicode import natural_key",
    }


def test_indexes_that_an_extension_made_impossible_are_named_with_how_to_create_them(app):
    with app.app_context():
        on_postgres = db.engine.dialect.name == "postgresql"
        if on_postgres:
            session.execute(text("DROP INDEX IF EXISTS ix_school_words, ix_person_words"))
            session.commit()
    found = app.test_cli_runner().invoke(database, ["check"])

    wanted = ["school", "person"] if on_postgres else []
    named = re.findall(r"CREATE INDEX ix_(\w+)_words ON \1 USING", found.output)
    assert (found.exit_code, sorted(named)) == (0, sorted(wanted))


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET subject_id = 'x'", "DELETE FROM audit_entry"]
)
def test_the_trail_cannot_be_changed(app, statement: str):
    from cissapp.foundation.audit.rules import Event
    from cissapp.foundation.audit.services import record
    from cissapp.foundation.core.actor import SYSTEM

    with app.app_context(), unit_of_work():
        record(Event.COUNTRY_ADDED, ("country", "MD"), by=SYSTEM, at=factories.NOW)
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    with app.app_context():
        session.rollback()
        assert session.query(AuditEntry).count() == 1


def test_moments_and_who_did_it_stand_together():
    """Every pair `x_at` and `x_by_id` where one may be empty is guarded by a constraint."""
    unguarded = []
    for table in db.metadatas[None].tables.values():
        for column in table.columns:
            other = table.columns.get(column.name.removesuffix("_at") + "_by_id")
            if not column.name.endswith("_at") or other is None:
                continue
            if column.nullable and other.nullable:
                names = {str(one.name) for one in table.constraints}
                wanted = f"ck_{table.name}_{column.name}_with"
                if not any(name.startswith(wanted) for name in names):
                    unguarded.append(f"{table.name}.{column.name}")

    assert unguarded == []
