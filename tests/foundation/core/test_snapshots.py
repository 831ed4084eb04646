"""One point in time of PostgreSQL: nothing is changed under its reader, and a migration in its way is outlived."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from cissapp.foundation.core.engines import snapshots

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def engine(postgres) -> Iterator[Engine]:
    found = create_engine(
        postgres("postgres"), connect_args={"options": "-c search_path=snapshots"}
    )
    with found.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS snapshots CASCADE"))
        connection.execute(text("CREATE SCHEMA snapshots"))
        connection.execute(text("CREATE TABLE first (a int)"))
        connection.execute(text('CREATE TABLE "Second" (a int)'))
        connection.execute(text('INSERT INTO "Second" VALUES (1)'))
    yield found
    found.dispose()


@pytest.fixture
def reading(engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def held(reading: Connection, deadlock_timeout: str = "500ms") -> Connection:
    def begin() -> Connection:
        reading.rollback()
        reading.execute(text(f"SET LOCAL deadlock_timeout = '{deadlock_timeout}'"))
        return reading

    return snapshots.hold_still(begin)


def test_it_is_one_point_in_time_without_time_limits_and_no_table_is_changed(engine, reading):
    connection = held(reading)
    with engine.begin() as another:
        another.execute(text('INSERT INTO "Second" VALUES (2)'))

    assert connection.scalar(text('SELECT count(*) FROM "Second"')) == 2  # settled by this reading
    with engine.begin() as another:
        another.execute(text('INSERT INTO "Second" VALUES (3)'))
    assert connection.scalar(text('SELECT count(*) FROM "Second"')) == 2
    assert connection.scalar(text("SHOW lock_timeout")) == "0"
    with engine.connect() as migrating, pytest.raises(OperationalError, match="lock timeout"):
        migrating.execute(text("SET LOCAL lock_timeout = 50"))
        migrating.execute(text("DROP TABLE first"))


def test_a_migration_that_takes_the_tables_in_another_order_is_let_through_and_waited_for(
    engine, reading
):
    with ThreadPoolExecutor(1) as pool, engine.begin() as migrating:
        migrating.execute(text("SET LOCAL deadlock_timeout = '5s'"))
        migrating.execute(text("ALTER TABLE first ADD COLUMN b int"))
        work = pool.submit(held, reading)
        _wait_for_a_waiting_one(migrating)
        migrating.execute(text('DROP TABLE "Second"'))
        migrating.commit()
        connection = work.result(timeout=10)

    assert snapshots.table_names(connection) == ["first"]


def test_a_table_that_goes_before_it_is_locked_is_not_missed(engine, reading, monkeypatch):
    real = snapshots.table_names
    found = [["first", "gone"]]
    monkeypatch.setattr(snapshots, "table_names", lambda one: found.pop() if found else real(one))

    assert real(held(reading)) == ["Second", "first"]


def test_another_fault_is_not_tried_again(engine, reading, monkeypatch):
    asked = []
    monkeypatch.setattr(snapshots, "table_names", lambda _one: asked.append(1) or [""])

    with pytest.raises(ProgrammingError, match="zero-length"):
        held(reading)
    assert len(asked) == 1


def _wait_for_a_waiting_one(connection: Connection) -> None:
    for _turn in range(200):
        if connection.scalar(WAITING):
            return
        sleep(0.01)
    raise AssertionError("nobody waits")
