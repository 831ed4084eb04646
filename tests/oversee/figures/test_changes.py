"""Why the number of certified schools changed: the reasons add up, follow the history, and tell nothing hidden."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures import queries, services
from cissapp.oversee.figures.queries.briefs import row_of
from cissapp.oversee.figures.rules import Cell, ChangeReason, Column, Why
from cissapp.oversee.figures.rules.changes import details_between, reasons_of
from cissapp.oversee.figures.rules.tree import end_of
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import SchoolStatus
from cissapp.people.schools.rules import IN_FORCE, Standing
from tests.oversee.figures.months import freeze_months
from tests.oversee.figures.test_months import BEGUN, MONTHS, PLACES, act, facts
from tests.oversee.figures.test_reforms import brief_of, reformed  # noqa: F401 -- a fixture


@pytest.fixture
def packs(context):
    return content().countries


def counted(after: datetime, until: datetime):
    """What Python counts, row by row of the history, for each country and region that a school names."""
    found = defaultdict(Counter)
    was: dict = {}
    rows = select(SchoolStatus).order_by(SchoolStatus.from_at, SchoolStatus.id)
    for row in session.scalars(rows.where(SchoolStatus.from_at < until)):
        place = (row.country_code, row.region_code)
        there = place if row.is_counted and row.standing in IN_FORCE else None
        before = was.get(row.school_id)
        was[row.school_id] = there
        if row.from_at < after or there == before:
            continue
        why = Why.ENDED if row.standing is not Standing.EXPIRED else Why.EXPIRED
        why = why if row.is_counted else Why.LEFT
        why = Why.MOVED if there and before else Why.CERTIFIED if there else why
        if there:
            found[there][why] += 1
        if before:
            found[before][why] -= 1
    return found


def within(found, country: str, codes) -> dict[Why, int]:
    total: Counter = Counter()
    for (other, region), reasons in found.items():
        if other == country and region in codes:
            total.update(reasons)
    return {why: number for why, number in total.items() if number}


def happens(packs, make, seed: int) -> datetime:
    """Some months of random events, certified schools leave, each month is kept; return the time after them."""
    random, at = Random(seed), BEGUN
    group, there, leaving = make.group("UA", "MD"), [], []
    while at < end_of(MONTHS[-1]) + timedelta(days=9):
        act(random, there, group, at)
        if random.random() < 0.05:
            new = facts(5000 + len(there) + at.timetuple().tm_yday, *random.choice(PLACES))
            leaving.append(schools.register(new, group=group, by=SYSTEM, at=at))
            certified = {"standing": Standing.VALID, "level": 1, "valid_until_on": date(2027, 1, 1)}
            schools.place(leaving[-1], at=at, **certified)
        if len(leaving) > 5:
            schools.leave_register(leaving.pop(0), by=SYSTEM, at=at)
        at += timedelta(hours=random.randint(1, 14))
    freeze_months(packs, at)
    services.measure_today(packs, at=at)
    return at


# A history of its own for each database: their statements are the same.
@pytest.mark.parametrize(
    ("databases", "seed"), [("sqlite", 3), ("postgresql", 4)], indirect=["databases"]
)
def test_the_reasons_are_those_of_the_history_and_add_up_for_every_region_and_month(
    packs, make, seed
):
    at = happens(packs, make, seed)
    seen: Counter = Counter()

    for country, node in {(country, one) for country, code in PLACES for one in (None, code[:5])}:
        codes = packs[country].within(node) if node else {code for _country, code in PLACES}
        for month in (*MONTHS[3:], None):
            for against in MONTHS[:3]:
                found = queries.brief(packs[country], node, month=month, against=against, at=at)
                told = {one.why: one.number for one in found.reasons}
                before = row_of(found.before, node)[Column.CERTIFIED].count
                now = row_of(found.table, node)[Column.CERTIFIED].count

                assert sum(told.values()) == now - before
                expected = within(
                    counted(end_of(against), end_of(month) if month else at), country, codes
                )
                ends = [Why.EXPIRED, Why.ENDED, Why.LEFT]
                lost = sum(expected.pop(why, 0) for why in ends)
                assert sum(told.pop(why, 0) for why in (*ends, Why.LOST)) == lost
                assert told == expected
                seen.update(one.why for one in found.reasons)

    assert {Why.CERTIFIED, Why.LOST, Why.MOVED} <= seen.keys()


def row(certified: int, expired: Cell) -> dict[Column, Cell]:
    return {
        **dict.fromkeys(Column, Cell(0)),
        Column.CERTIFIED: Cell(certified),
        Column.EXPIRED: expired,
    }


SHOWN, HIDDEN = Cell(9), Cell(2, NoFigureReason.FEW)
STORED = [(Why.CERTIFIED, 4), (Why.EXPIRED, -3), (Why.ENDED, -1), (Why.EXPIRED, -1)]


def test_which_ended_for_what_reason_is_told_where_the_expired_are():
    told = reasons_of(STORED, row(9, SHOWN), row(10, SHOWN))

    assert told == (
        ChangeReason(Why.CERTIFIED, 4),
        ChangeReason(Why.EXPIRED, -4),
        ChangeReason(Why.ENDED, -1),
    )


@pytest.mark.parametrize(("now", "before"), [(HIDDEN, SHOWN), (SHOWN, HIDDEN)])
def test_where_the_expired_are_hidden_only_the_sum_is_told(now, before):
    assert reasons_of(STORED, row(9, now), row(10, before)) == (
        ChangeReason(Why.CERTIFIED, 4),
        ChangeReason(Why.LOST, -5),
    )


def test_what_happened_since_last_night_is_told_apart_and_alone_it_is_no_reason():
    assert reasons_of([(Why.CERTIFIED, 4)], row(9, SHOWN), row(6, SHOWN)) == (
        ChangeReason(Why.CERTIFIED, 4),
        ChangeReason(Why.OTHER, -1),
    )
    assert reasons_of([], row(9, SHOWN), row(6, SHOWN)) == ()


def test_months_of_which_no_reasons_are_kept_have_none():
    kept_on = date(2026, 11, 30)

    assert "2025-11 certified" in details_between(date(2025, 10, 1), kept_on, kept_on=kept_on)
    assert details_between(date(2025, 9, 1), kept_on, kept_on=kept_on) == {}
    assert details_between(date(2026, 11, 1), kept_on, kept_on=kept_on) == {}


def test_a_reform_alone_is_no_reason_in_a_region_that_took_over_whole_others(reformed):  # noqa: F811 -- a fixture
    at = datetime(2025, 10, 20, tzinfo=UTC)
    services.measure_today({"MD": reformed}, at=at)

    assert brief_of(reformed, "MD-C").reasons == ()
    assert brief_of(reformed, None).reasons == ()
    assert brief_of(reformed, "MD-E").reasons == ()
