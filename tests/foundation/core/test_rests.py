"""A connection of PostgreSQL is asked again after a rest, or when something was said on it meanwhile."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from cissapp.foundation.core.engines import rests


@pytest.fixture
def engine(postgres):
    found = create_engine(postgres("postgres"), pool_size=1, max_overflow=0)
    rests.listen(found)
    yield found
    found.dispose()


@pytest.fixture
def pings(engine, monkeypatch):
    asked, ping = [], engine.dialect.do_ping

    def counted(connection):
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", counted)
    return asked


def server_process(engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT pg_backend_pid()"))


@pytest.mark.parametrize(("rest", "asked"), [(60.0, 0), (-1.0, 2)])
def test_who_rested_for_long_is_asked(engine, pings, monkeypatch, rest, asked):
    monkeypatch.setattr(rests, "SHORT_SECONDS", rest)
    same = {server_process(engine) for _ in range(3)}

    assert (len(same), len(pings)) == (1, asked)


def test_a_connection_that_was_ended_is_replaced_at_once(engine, pings, monkeypatch, postgres):
    monkeypatch.setattr(rests, "SHORT_SECONDS", 60.0)
    before = server_process(engine)
    with create_engine(postgres("postgres"), poolclass=NullPool).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": before})

    assert server_process(engine) != before
    assert len(pings) == 1


def test_a_connection_that_was_closed_here_is_replaced(engine, monkeypatch):
    monkeypatch.setattr(rests, "SHORT_SECONDS", 60.0)
    before = server_process(engine)
    raw = engine.raw_connection()
    held = raw.driver_connection
    raw.close()
    held.close()

    assert server_process(engine) != before
