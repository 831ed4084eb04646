"""What a copy of the database holds: rows counted table by table, and none lost to a migration meanwhile."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core import commands
from cissapp.foundation.core.db import db
from cissapp.operate.backups.services.dumping import held_still, sqlite_counts
from tests.closed_index import close_index


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("is_closed", [False, True])
def test_an_index_of_words_is_not_asked_for_its_rows(app, make, is_closed):
    make.school()
    path = app.config["CISS"].database_url.removeprefix("sqlite:///")
    if is_closed:
        close_index(path)

    with closing(sqlite3.connect(path)) as connection:
        counts = sqlite_counts(connection)

    assert (counts["school"], counts["searched_school"]) == (1, 1)
    assert "school_words_docsize" in counts
    assert "school_words" not in counts


@pytest.mark.only_on("postgresql")
def test_no_migration_writes_a_table_anew_while_it_is_copied(app, make):
    """To the transaction that copies, such a table would be empty."""
    make.school()
    with app.app_context(), held_still(db.engine) as dump:
        with db.engine.connect() as migrating:
            migrating.execute(text("SET LOCAL lock_timeout = 100"))
            with pytest.raises(OperationalError, match="lock timeout"):
                migrating.execute(text("ALTER TABLE school ALTER COLUMN pupils TYPE bigint"))
        for source in dump.sources:
            list(source.pieces)

    assert dump.tables["school"] == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
@pytest.mark.parametrize("earlier", [None, "0002"])
def test_a_migration_that_waits_in_vain_says_who_has_the_tables_and_what_was_kept(
    app, monkeypatch, command, earlier
):
    """The wait itself is shortened: `migrations/env.py` allows ten seconds."""
    head = app.config["MIGRATION_HEAD"]
    with app.app_context():
        on_postgres = db.engine.dialect.name == "postgresql"

    def migrate(revision: str) -> None:
        if earlier:
            with db.engine.begin() as step:
                step.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": earlier})
        wait = "SET LOCAL lock_timeout = 50" if on_postgres else "PRAGMA busy_timeout = 50"
        holding = held_still(db.engine) if on_postgres else writing(db.engine.url.database)
        with holding, db.engine.begin() as step:
            step.execute(text(wait))
            step.execute(text("ALTER TABLE school ADD COLUMN another INTEGER"))

    monkeypatch.setattr(commands, "migrate_up", migrate)
    monkeypatch.setattr(commands, "migrate_down", migrate)
    done = app.test_cli_runner().invoke(commands.database, [command])

    kept = (
        f"The database is now at migration {earlier}, and nothing of the next one was kept."
        if earlier
        else f"Nothing was changed, and the database is still at migration {head}."
    )
    assert done.exit_code == 1
    assert done.output == (
        "A backup, the service or another program is using tables that a migration changes, and"
        f" did not let go of them in time. {kept} Wait until the backup has ended, or stop the"
        " other program, and run the command again.\n"
    )


@contextmanager
def writing(path):
    """Hold SQLite's one lock for writers, as a service does that writes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
