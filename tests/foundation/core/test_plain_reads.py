"""A page on PostgreSQL reads without a transaction, what it asks stays prepared, and what it writes is not kept."""

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import bindparam, column, create_engine, event, func, select, table, text

from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.engines import direct, plain_reads
from cissapp.learn.learning.models import LessonProgress
from tests.shipped import SHIPPED

PREPARED = text("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
BY_KEY = select(column("oid")).select_from(table("pg_class")).where(column("oid") == bindparam("k"))
MODULE = SHIPPED.modules[0]
SCRATCH = "CREATE TABLE IF NOT EXISTS scratch (a int)"


@pytest.fixture(scope="module")
def server(postgres):
    found = create_engine(postgres("postgres"), pool_size=1, max_overflow=0)
    with found.begin() as connection:
        connection.execute(text(SCRATCH))
    yield found
    found.dispose()


@pytest.fixture
def page():
    """Whether what begins is a page: a list, so that a test can change it."""
    return [True]


@pytest.fixture
def engine(postgres, server, page):
    found = create_engine(postgres("postgres"), pool_size=1, max_overflow=0)
    plain_reads.listen(found, is_page=lambda: page[0])
    yield found
    found.dispose()


def is_within_transaction(connection):
    raw = connection.connection.dbapi_connection
    return raw.info.transaction_status is TransactionStatus.INTRANS


def rows(server):
    with server.connect() as connection:
        return connection.scalars(text("SELECT a FROM scratch")).all()


@pytest.mark.parametrize(("reads", "within"), [(True, False), (False, True)])
def test_a_page_reads_without_a_transaction_and_nothing_else_does(engine, page, reads, within):
    page[0] = reads
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        assert is_within_transaction(connection) is within


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO scratch VALUES (1)",
        "WITH more AS (INSERT INTO scratch VALUES (1) RETURNING a) SELECT a FROM more",
        "SELECT a FROM scratch FOR UPDATE",
        "SELECT a FROM scratch\nfor no key update",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT set_config('statement_timeout', '1s', true)",
        "SELECT 1 AS a INTO TEMPORARY scratch_too",
        "SET LOCAL lock_timeout = 1",
        "SAVEPOINT a",
    ],
)
def test_what_is_no_plain_read_begins_a_transaction_that_ends_with_the_page(
    engine, server, statement
):
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.execute(text(statement))
        connection.execute(text("INSERT INTO scratch VALUES (2)"))
        assert is_within_transaction(connection)

    assert rows(server) == []


def test_rows_that_the_server_holds_are_read_within_a_transaction(engine):
    with engine.connect() as connection:
        found = connection.execution_options(stream_results=True).execute(
            text("SELECT generate_series(1, 3)")
        )
        assert found.scalars().all() == [1, 2, 3]
        assert is_within_transaction(connection)


def test_an_isolation_level_that_was_asked_for_is_kept(engine):
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"


def test_a_connection_is_given_back_as_it_was(engine):
    with engine.connect() as connection:
        connection.scalar(text("SELECT 1"))
        raw = connection.connection.dbapi_connection
        assert (raw.autocommit, raw.prepare_threshold) == (True, plain_reads.NEVER)
    assert (raw.autocommit, raw.prepare_threshold) == (False, 5)


def test_two_transactions_of_one_page_leave_the_connection_as_it_was(engine):
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        for _turn in range(2):
            connection.scalar(text("SELECT 1"))
            connection.rollback()
    assert (raw.autocommit, raw.prepare_threshold) == (False, 5)


@pytest.mark.only_on("postgresql")
def test_pages_of_the_application_read_without_a_transaction_and_forms_write_in_one(
    app, make, sign_in
):
    browser = sign_in(make.manager())
    lesson, seen = f"/learn/{MODULE.id}/{MODULE.lessons[0].id}", []

    def note(connection, *_statement):
        seen.append(connection.connection.dbapi_connection.autocommit)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        pages = [browser.get("/learn").status_code, browser.get(lesson).status_code]
        of_pages, seen[:] = set(seen), []
        browser.post(f"{lesson}/read")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert (pages, of_pages, set(seen)) == ([200, 200], {True}, {False})
    assert browser.get(lesson).status_code == 200
    with app.app_context():
        read = select(func.count()).where(LessonProgress.read_at.is_not(None))
        assert session.scalar(read) == 1


def test_what_is_asked_by_key_stays_prepared_and_what_sqlalchemy_asks_is_planned_anew(engine):
    for _page in range(8):
        with engine.connect() as connection:
            connection.scalar(text("SELECT 1"))
            direct.ask(connection, BY_KEY, {"k": 1})

    with engine.connect() as connection:
        (only,) = connection.scalars(PREPARED).all()
    assert "pg_class" in only


def test_a_connection_that_was_closed_fails_as_any_other(engine):
    connection = engine.connect()
    connection.scalar(text("SELECT 1"))
    connection.connection.dbapi_connection.close()

    with pytest.raises(Exception, match="closed") as told:
        connection.execute(text("INSERT INTO scratch VALUES (4)"))
    assert told.value.connection_invalidated
    connection.close()
