"""The brief: its measures equal what Python counts, small parts stay hidden, and nothing grows with the schools."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event, select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures import queries, services
from cissapp.oversee.figures.models import FrozenEdition, FrozenMeasure
from cissapp.oversee.figures.rules import (
    Cell,
    Column,
    FrozenMonth,
    Measure,
    MonthFigure,
    Need,
    Step,
    WeakCriterion,
)
from cissapp.people.schools import services as schools
from cissapp.people.schools.regions import services as regions
from cissapp.people.schools.rules import Progress, RegionCount, RegisterFacts, Standing
from tests.oversee.figures.decided import review_of
from tests.oversee.figures.months import freeze_months

BEGUN = datetime(2025, 1, 10, 12, tzinfo=UTC)
AT = datetime(2026, 3, 20, 6, tzinfo=UTC)
WAY = (
    Progress.IN_TRAINING,
    Progress.TRAINED,
    Progress.SUBMITTED,
    Progress.IN_REVIEW,
    Progress.DECIDED,
)
UNTIL = date(2027, 5, 1)


@pytest.fixture
def pack(context):
    return content().countries["MD"]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("region", "total", "whole"),
    [("MD-OR", 3, 3), ("MD-OR", 1, None), ("MD-OR", 0, None), ("MD-CU", 0, None)],
)
def test_a_total_that_its_part_exceeds_or_of_nothing_gives_no_share(
    pack, make, region, total, whole
):
    group = make.group("MD")
    for number in range(2):
        school(group, number, "MD-OR", 1, 1, 1, 1, 1, level=1)
    counts = [RegionCount(region, total, None, AT.date())]
    regions.import_statistics(counts, pack, source="S", checked=True, by=SYSTEM, at=AT)

    found = queries.brief(pack, region, month=None, against=None, at=AT).schools_share

    assert (found.whole, found.denominator.schools) == (whole, total)


def school(group, number: int, region: str, *days: int, level: int | None = None):
    """A school that made each step of the way so many days after the one before."""
    facts = RegisterFacts("MD", region, f"{number:04}", f"School {number}", "Town", "ro", 100)
    made, at = schools.register(facts, group=group, by=SYSTEM, at=BEGUN), BEGUN
    for progress, passed in zip(WAY, days, strict=False):
        at += timedelta(days=passed)
        schools.place(made, progress=progress, at=at)
    if level:
        standing = {"standing": Standing.VALID, "level": level, "valid_until_on": UNTIL}
        schools.place(made, at=at, **standing)
    return made


@pytest.fixture
def country(pack, make):
    """Forty schools: ten in Orhei certified, ten in training, ten trained there, ten in review in Cahul."""
    group = make.group("MD")
    for number in range(10):
        school(group, number, "MD-OR", 10 + number, 100, 50, 20, 7, level=1 + number % 2)
        school(group, 100 + number, "MD-OR", 30)
        school(group, 200 + number, "MD-OR", 10, 200)
        school(group, 300 + number, "MD-CA", 20, 200, 100, 5)
    for _ in range(3):
        make.user(Role.REVIEWER, group_id=group.id, joined_at=BEGUN)
    session.flush()
    return group


def test_the_brief_tells_how_far_the_schools_are_and_where_they_wait(pack, country):
    freeze_months({"MD": pack}, AT)
    services.measure_today({"MD": pack}, at=AT)

    found = queries.brief(pack, None, month=None, against=None, at=AT)

    assert [
        (one.step, one.reached.count, one.median_days, one.waiting.count) for one in found.funnel
    ] == [
        (Step.REGISTERED, 40, None, 0),
        (Step.IN_TRAINING, 40, 19, 20),
        (Step.SUBMITTED, 20, 150, 0),
        (Step.IN_REVIEW, 20, 5, 10),
        (Step.CERTIFIED, 10, 7, 10),
    ]
    assert (found.longest, found.measured_at) == (Step.SUBMITTED, AT)
    load = found.load
    counts = [
        cell.count for cell in (load.open_cases, load.due_in_30_days, load.expected_in_90_days)
    ]
    assert (load.reviewers, counts) == (3, [10, 0, 10])
    assert (found.schools_share.part, found.pupils_share.part) == (10, 1000)
    assert found.against == FrozenMonth(date(2025, 12, 1), AT, 1, "")
    assert found.before.whole[Column.CERTIFIED] == Cell(10)
    assert found.months[0] == MonthFigure(date(2025, 1, 1), 0, (0, 0, 0))
    assert found.months[-1] == MonthFigure(date(2026, 2, 1), 10, (5, 5, 0))
    orhei = queries.brief(pack, "MD-OR", month=None, against=None, at=AT)
    assert [one.reached.count for one in orhei.funnel] == [30, 30, 10, 10, 10]
    assert (orhei.to_help, orhei.weak) == ((), ())
    ahead = (orhei.renewals.begun, orhei.load.due_in_30_days, orhei.load.expected_in_90_days)
    assert ahead == (None, None, None)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("checked", [True, False])
def test_a_region_has_the_share_of_its_country_if_the_total_is_confirmed(pack, country, checked):
    counts = [RegionCount(None, 200, 9000, AT.date())]
    regions.import_statistics(counts, pack, source="S", checked=checked, by=SYSTEM, at=AT)

    whole, orhei = (
        queries.brief(pack, region, month=None, against=None, at=AT) for region in (None, "MD-OR")
    )

    assert whole.country_schools_share is None
    assert orhei.country_schools_share == (whole.schools_share if checked else None)
    assert (whole.schools_share.part, whole.schools_share.whole) == (10, 200 if checked else None)


@pytest.mark.one_database("sqlite")
def test_a_past_month_has_the_measures_of_that_month(pack, country):
    freeze_months({"MD": pack}, AT)

    found = queries.brief(pack, None, month=date(2025, 3, 9), against=None, at=AT)

    assert [one.reached.count for one in found.funnel] == [40, 40, 0, 0, 0]
    assert (found.on, found.against, found.before) == (date(2025, 3, 1), None, None)
    assert [one.month.month for one in found.months] == [1, 2, 3]
    assert found.edition == FrozenMonth(date(2025, 3, 1), AT, 1, "")


@pytest.mark.one_database("sqlite")
def test_no_reason_is_told_that_would_say_a_hidden_figure(pack, country):
    services.measure_today({"MD": pack}, at=AT)

    found = queries.brief(pack, None, month=None, against=None, at=AT).to_help

    assert {one.need for one in found} == {Need.NO_SCHOOL}
    assert (found[0].region_code, found[0].certified, found[0].schools) == ("MD-AN", Cell(0), 0)


def test_nobody_is_told_to_invite_schools_of_a_region_that_is_out_of_reach(context):
    pack = content().countries["UA"]
    services.measure_today({"UA": pack}, at=AT)

    found = queries.brief(pack, None, month=None, against=None, at=AT)

    assert {"UA-40", "UA-43"} <= found.table.regions.keys()
    # By name the first two: Crimea would stand before them.
    assert [(one.region_code, one.need) for one in found.to_help] == [
        ("UA-71", Need.NO_SCHOOL),
        ("UA-74", Need.NO_SCHOOL),
    ]
    assert pack.children("UA-43")
    below = queries.brief(pack, "UA-43", month=None, against=None, at=AT)
    assert below.to_help == ()


def test_weak_criteria_are_told_of_a_country_only_and_change_with_ten_schools_at_once(pack, make):
    group, people = make.group("MD"), [make.user(), make.user()]

    def decide(*numbers: int) -> tuple[WeakCriterion, ...]:
        for number in numbers:
            made = school(group, number, "MD-OR", 10, 10, 10, 10, 10)
            levels = {"A1": 2 - number % 2, "A2": 1 if number < 2 else 3, "A3": 0 if number else 2}
            review_of(made, people, BEGUN + timedelta(hours=number), levels)
        services.measure_today({"MD": pack}, at=AT)
        return queries.brief(pack, None, month=None, against=None, at=AT).weak

    for number in range(100, 140):
        school(group, number, "MD-OR", *([10] if number % 2 else []))
    found = decide(*range(20))
    assert found == (WeakCriterion("A1", 50, 20),)
    assert queries.brief(pack, "MD-OR", month=None, against=None, at=AT).weak == ()

    # Of one more school, nothing is told; nor of nine.
    assert decide(21) == decide(*range(23, 38, 2)) == found
    assert decide(39) == (WeakCriterion("A1", 66, 30),)


def test_a_month_that_was_kept_before_levels_counted_in_lots_shows_no_weak_criteria(pack, make):
    group, people = make.group("MD"), [make.user(), make.user()]
    for number in range(100, 120):
        school(group, number, "MD-OR", 10)
    reviewed = [school(group, number, "MD-OR", 10, 10, 10, 10, 10) for number in range(20)]
    month = date(2025, 4, 1)
    freeze_months({"MD": pack}, AT)
    edition_id = session.scalar(select(FrozenEdition.id).where(FrozenEdition.month == month))
    for measure, value in ((Measure.ONCE_REVIEWED, 20), (Measure.ONCE_BELOW, 10)):
        session.add(
            FrozenMeasure(
                edition_id=edition_id, region_code="", measure=measure, detail="A1", value=value
            )
        )
    session.flush()
    for number, made in enumerate(reviewed):
        review_of(made, people, BEGUN + timedelta(days=60, hours=number), {"A1": 2 - number % 2})

    kept = queries.brief(pack, None, month=month, against=None, at=AT)
    services.correct_month({"MD": pack}, "MD", month, reason="So.", by=SYSTEM, at=AT)
    anew = queries.brief(pack, None, month=month, against=None, at=AT)

    assert (kept.weak, kept.is_weak_withheld) == ((), True)
    assert (anew.weak, anew.is_weak_withheld) == ((WeakCriterion("A1", 50, 20),), False)


def asked_by(job) -> list[tuple[str, object]]:
    """The statements that a read sends, with their values."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_rest):
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        job()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return asked


@pytest.mark.only_on("sqlite")
def test_a_brief_reads_few_rows_by_index_and_no_school_but_those_whose_date_just_came(
    pack, country
):
    freeze_months({"MD": pack}, AT)
    services.measure_today({"MD": pack}, at=AT)

    for region_code, month in ((None, None), ("MD-OR", None), (None, date(2025, 12, 1))):
        asked = asked_by(
            partial(queries.brief, pack, region_code, month=month, against=None, at=AT)
        )

        read = [
            (statement, [row.detail for row in explained(statement, values)])
            for statement, values in asked
        ]
        of_schools = [
            plan
            for statement, plan in read
            if any(table in statement for table in ("FROM school", "school_status"))
        ]
        assert not [step for _, plan in read for step in plan if step.startswith("SCAN")], read
        assert (len(read), len(of_schools)) == ((9, 0) if month else (10, 1))
        by_date = "ix_school_standing_until (standing=? AND valid_until_on<?)"
        looks = [step for plan in of_schools for step in plan if "school" in step]
        assert looks == [f"SEARCH school USING INDEX {by_date}"] * 2 * len(of_schools)


def explained(statement: str, values):
    connection = session.connection()
    return connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
