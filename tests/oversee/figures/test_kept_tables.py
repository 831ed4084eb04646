"""The tables of countries with many regions: counted once in a while, months once, and shown with their time."""

from datetime import date, timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.oversee.figures import queries, services
from cissapp.oversee.figures.queries import kept_tables
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
    with clock.at(moment):
        found = queries.brief(pack, None, month=month, against=None, at=clock.now())
    return found.table.whole[Column.SCHOOLS].count, found.counted_at


def test_the_newest_table_is_counted_again_after_five_minutes(pack, make):
    make.school(country_code="MD", region_code="MD-OR")
    assert schools_at(pack, NOW) == (1, NOW)

    make.school(country_code="MD", region_code="MD-OR")
    soon, later = NOW + timedelta(minutes=4), NOW + timedelta(minutes=6)

    assert schools_at(pack, soon) == (1, NOW)
    assert schools_at(pack, later) == (2, later)


def test_on_a_new_day_the_newest_table_is_counted_again(pack, make):
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    before = midnight - timedelta(minutes=1)

    assert schools_at(pack, before) == (0, before)
    assert schools_at(pack, midnight) == (0, midnight)


def test_a_kept_table_costs_no_statement_over_its_regions(pack, make):
    make.school(country_code="MD", region_code="MD-OR")
    with clock.at(NOW):
        first, second = [], []
        for sent in (first, second):
            with statements_sent() as statements:
                queries.table(pack)
            sent.extend(statements)

    assert [one for one in first if "FROM tally" in one]
    assert not [one for one in second if "FROM tally" in one or "frozen_count" in one]


def test_of_a_country_with_few_regions_nothing_is_kept(pack, monkeypatch, make):
    monkeypatch.setattr(kept_tables, "MANY_REGIONS", len(pack.regions))
    make.school(country_code="MD", region_code="MD-OR")
    assert schools_at(pack, NOW) == (1, NOW)

    make.school(country_code="MD", region_code="MD-OR")

    assert schools_at(pack, NOW) == (2, NOW)
    assert not kept_tables.KEPT.tables


def test_a_month_is_counted_again_once_the_month_before_it_is_kept(context, pack, make):
    """After an upgrade the newest month is kept first, and what it hides depends on the schools of the one before."""
    facts = RegisterFacts("MD", "MD-OR", "0001", "School", "Town", "ro", 1)
    schools.register(facts, group=make.group("MD"), by=SYSTEM, at=NOW - timedelta(days=100))
    services.freeze_newest_month(content().countries, at=NOW)
    newest = queries.frozen_months("MD")[0].month

    counted = []
    for _month_before_is_kept in range(2):
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
