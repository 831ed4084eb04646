"""The tables of countries with many regions: counted once in a while, months once, and shown with their time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Event
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.engines.routing import ReadSource, reading_from
from cissapp.oversee.figures import queries, services
from cissapp.oversee.figures.queries import kept_tables, tables
from cissapp.oversee.figures.rules import Column
from cissapp.people.schools import services as schools
from cissapp.people.schools.rules import RegisterFacts
from tests.factories import NOW
from tests.statements import statements_sent


@pytest.fixture
def pack(context, monkeypatch):
    """A country that counts as one of many regions."""
    monkeypatch.setattr(kept_tables, "MANY_REGIONS", 0)
    monkeypatch.setattr(kept_tables, "KEPT", kept_tables.KeptTables())
    return content().countries["MD"]


def schools_at(pack, moment, month=None):
    session.commit()  # a view of figures has changed nothing
    with clock.at(moment):
        found = queries.brief(pack, None, month=month, against=None, at=clock.now())
    return found.table.whole[Column.SCHOOLS].count, found.counted_at


@pytest.mark.one_database("sqlite")
def test_the_newest_table_is_counted_again_after_five_minutes(pack, make):
    make.school(country_code="MD", region_code="MD-OR")
    assert schools_at(pack, NOW) == (1, NOW)

    make.school(country_code="MD", region_code="MD-OR")
    soon, later = NOW + timedelta(minutes=4), NOW + timedelta(minutes=6)

    assert schools_at(pack, soon) == (1, NOW)
    assert schools_at(pack, later) == (2, later)


def test_a_table_of_a_replica_whose_primary_is_away_is_kept_for_five_minutes_too(pack, make):
    make.school(country_code="MD", region_code="MD-OR")
    counted_at, asked = NOW - timedelta(hours=1), []
    for minutes in (0, 4, 6):
        behind = reading_from(ReadSource(db.engine, counted_at))
        with behind, statements_sent() as sent:
            assert schools_at(pack, NOW + timedelta(minutes=minutes)) == (1, counted_at)
        asked.append(any("FROM tally" in one for one in sent))

    assert asked == [True, False, True]


def test_a_table_is_of_the_time_before_it_was_counted(pack, monkeypatch):
    order = []
    table = queries.table(pack)
    monkeypatch.setattr(kept_tables, "read_at", lambda: order.append("time") or NOW)

    kept_tables.KeptTables().get("key", lambda: order.append("count") or table, since=None)

    assert order == ["time", "count"]


def test_on_a_new_day_the_newest_table_is_counted_again(pack, make):
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    before = midnight - timedelta(minutes=1)

    assert schools_at(pack, before) == (0, before)
    assert schools_at(pack, midnight) == (0, midnight)


def test_a_kept_table_costs_no_statement_over_its_regions(pack, make):
    make.school(country_code="MD", region_code="MD-OR")
    session.commit()
    with clock.at(NOW):
        first, second = [], []
        for sent in (first, second):
            with statements_sent() as statements:
                queries.table(pack)
            sent.extend(statements)

    assert [one for one in first if "FROM tally" in one]
    assert not [one for one in second if "FROM tally" in one or "frozen_count" in one]


@pytest.mark.one_database("sqlite")
def test_of_a_country_with_few_regions_nothing_is_kept(pack, monkeypatch, make):
    monkeypatch.setattr(kept_tables, "MANY_REGIONS", len(pack.regions))
    make.school(country_code="MD", region_code="MD-OR")
    assert schools_at(pack, NOW) == (1, NOW)

    make.school(country_code="MD", region_code="MD-OR")

    assert schools_at(pack, NOW) == (2, NOW)
    assert not kept_tables.KEPT.tables


@pytest.mark.one_database("sqlite")
def test_a_month_is_counted_again_once_the_month_before_it_is_kept(context, pack, make):
    """After an upgrade the newest month is kept first, and what it hides depends on the schools of the one before."""
    facts = RegisterFacts("MD", "MD-OR", "0001", "School", "Town", "ro", 1)
    schools.register(facts, group=make.group("MD"), by=SYSTEM, at=NOW - timedelta(days=100))
    services.freeze_newest_month(content().countries, at=NOW)
    newest = queries.frozen_months("MD")[0].month

    counted = []
    for _month_before_is_kept in range(2):
        session.commit()
        for _again in range(2):
            with statements_sent() as sent:
                queries.table(pack, month=newest)
            counted.append(any("FROM frozen_count" in one for one in sent))
        services.freeze_newest_month(content().countries, at=NOW)

    assert counted == [True, False, True, False]


def test_only_the_tables_asked_for_last_are_kept(pack, monkeypatch):
    monkeypatch.setattr(kept_tables, "MOST_KEPT", 2)
    kept = kept_tables.KeptTables()
    table = queries.table(pack)

    for key in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1), date(2026, 3, 1)):
        kept.get(key, lambda: table, since=None)

    assert list(kept.tables) == [date(2026, 1, 1), date(2026, 3, 1)]


@contextmanager
def being_counted(kept, key, table):
    """Let another thread count a table until the end of this."""
    begun, end = Event(), Event()

    def count():
        begun.set()
        assert end.wait(60)
        return table

    with ThreadPoolExecutor(1) as pool:
        counted = pool.submit(kept.get, key, count, since=clock.now())
        assert begun.wait(60)
        try:
            yield end
        finally:
            end.set()
            counted.result(60)


def test_who_waits_for_a_table_holds_no_transaction(app, pack):
    """PostgreSQL ends one that does nothing for ten seconds, and to count may take longer."""
    kept, table, waiting = kept_tables.KeptTables(), queries.table(pack), []

    def wait_for_it():
        with app.app_context():
            session.execute(text("SELECT 1"))
            waiting.append(session())
            return kept.get("key", pytest.fail, since=None)

    with being_counted(kept, "key", table) as end, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(wait_for_it)
        until = monotonic() + 20
        while (not waiting or waiting[0].in_transaction()) and monotonic() < until:
            sleep(0.01)
        holds = waiting[0].in_transaction()
        end.set()

    assert not holds
    assert answer.result().regions == table.regions


def test_what_a_table_hides_is_decided_in_no_transaction(pack, monkeypatch):
    decide, held = tables.table_of, []

    def deciding(*numbers, **more):
        held.append(session().in_transaction())
        return decide(*numbers, **more)

    monkeypatch.setattr(tables, "table_of", deciding)
    queries.brief(pack, None, month=None, against=None, at=clock.now())

    assert held == [False]


def test_nobody_waits_for_another_table_or_for_a_newer_one(pack):
    kept, table = kept_tables.KeptTables(), queries.table(pack)
    for key in ("fresh", "old"):
        kept.get(key, lambda: table, since=None)
    fresh_since = clock.now() - kept_tables.KEPT_FOR

    with being_counted(kept, "old", table) as end, ThreadPoolExecutor(1) as pool:
        asked = [
            pool.submit(kept.get, "fresh", pytest.fail, since=fresh_since),
            pool.submit(kept.get, "new", lambda: table, since=fresh_since),
            pool.submit(kept.get, "old", pytest.fail, since=clock.now()),
        ]
        try:
            found = [answer.result(20).regions for answer in asked]
        finally:
            end.set()

    assert found == [table.regions] * 3
