"""What a copy of the database holds: rows counted table by table, and none lost to a migration meanwhile."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.db import db
from cissapp.operate.backups.services.dumping import held_still, sqlite_counts
from tests.closed_index import close_index


@pytest.mark.one_database("sqlite")
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


@pytest.mark.one_database("postgresql")
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
