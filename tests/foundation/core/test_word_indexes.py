"""An index of words that this SQLite cannot open: its triggers go, and rows can be written again."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.db import db
from cissapp.foundation.core.engines.word_indexes import broken_triggers, drop_broken_triggers
from cissapp.foundation.core.installation.readiness import database_problem
from tests.closed_index import close_index

SCHEMA = """
CREATE TABLE school (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIRTUAL TABLE words USING fts5(name, content='', tokenize='trigram');
CREATE TRIGGER added AFTER INSERT ON school BEGIN INSERT INTO words (rowid, name) VALUES (new.id, new.name); END;
CREATE TRIGGER harmless AFTER INSERT ON school BEGIN UPDATE school SET name = trim(name); END;
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "words.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
    return path


def add(connection):
    connection.execute(text("INSERT INTO school (name) VALUES (' Liceul ')"))


def test_the_triggers_of_an_index_that_opens_stay(path):
    with create_engine(f"sqlite:///{path}").begin() as connection:
        assert drop_broken_triggers(connection) == []
        add(connection)
        found = connection.scalar(text("SELECT count(*) FROM words WHERE words MATCH 'lice'"))

    assert found == 1


def test_the_triggers_of_an_index_that_does_not_open_are_dropped_and_rows_are_written_again(path):
    close_index(path)
    with create_engine(f"sqlite:///{path}").begin() as connection:
        with pytest.raises(OperationalError, match="no such module: not_built_in"):
            add(connection)
        assert drop_broken_triggers(connection) == ["added"]
        assert broken_triggers(connection) == []
        add(connection)
        assert connection.scalar(text("SELECT name FROM school")) == "Liceul"


@pytest.mark.only_on("sqlite")
def test_a_database_whose_index_does_not_open_is_not_ready(app):
    head = app.config["MIGRATION_HEAD"]
    with app.app_context():
        assert database_problem(head) is None
        db.engine.dispose()
        close_index(app.config["CISS"].database_url.removeprefix("sqlite:///"))
        assert database_problem(head) == "this version of SQLite cannot open the search index"


def test_postgresql_has_no_such_index(app):
    with app.app_context(), db.engine.connect() as connection:
        assert broken_triggers(connection) == []
