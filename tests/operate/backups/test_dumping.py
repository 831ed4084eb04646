"""Rows are counted table by table, also where this SQLite cannot open an index of words."""

import sqlite3
from contextlib import closing

import pytest

from cissapp.operate.backups.services.dumping import sqlite_counts
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
