"""Figures of now and of each month: equal to what the raw tables say, kept for good, corrected in sight."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from msgspec.structs import asdict
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates.services import refresh_standings
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.oversee.figures import queries, services
from cissapp.oversee.figures.models import FrozenEdition
from cissapp.oversee.figures.queries import tables
from cissapp.oversee.figures.rules import Column, FrozenMonth, counts_of
from cissapp.oversee.figures.rules.tree import end_of
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School, SchoolStatus
from cissapp.people.schools.queries.tallies import totals_by_country
from cissapp.people.schools.rules import Figure, Progress, RegisterFacts, Standing, figures_of
from cissapp.people.schools.services import tallies
from tests.oversee.figures.months import freeze_months

BEGUN = datetime(2025, 7, 20, 8, tzinfo=UTC)
PLACES = [("UA", "UA-05"), ("UA", "UA-05-07"), ("UA", "UA-46"), ("MD", "MD-OR"), ("MD", "MD-CU")]
MONTHS = [date(2025, month, 1) for month in range(7, 13)]


@pytest.fixture
def packs(context):
    return content().countries


def facts(number: int, country_code: str, region_code: str) -> RegisterFacts:
    return RegisterFacts(
        country_code, region_code, f"{number:04}", f"School {number}", "Town", "uk", number
    )


def raw(country_code: str, codes: frozenset[str]) -> Counter[Column]:
    """What SQL over the table of schools says of a region and all below it."""
    counted = (School.progress, School.standing, School.level)
    rows = session.execute(
        select(*counted, func.count())
        .where(
            School.country_code == country_code,
            School.region_code.in_(codes),
            School.only_for_id.is_(None),
        )
        .group_by(*counted)
    )
    found: Counter[Column] = Counter(dict.fromkeys(Column, 0))
    for progress, standing, level, number in rows:
        figures = dict.fromkeys(figures_of(progress, standing, level), number)
        found.update(counts_of(figures))
    return found


def raw_of_nodes(packs) -> dict[tuple[str, str], Counter[Column]]:
    """The same for every node of the trees that has a school in it."""
    nodes = {(country, node) for country, code in PLACES for node in packs[country].path(code)}
    return {(country, node): raw(country, packs[country].within(node)) for country, node in nodes}


def shown_of_nodes(packs, nodes, month: date | None = None):
    """What the tables count, hidden or not."""
    found = {code: queries.table(packs[code], month=month) for code in ("UA", "MD")}
    return {
        (country, node): Counter(
            {column: cell.count for column, cell in found[country].regions[node].items()}
        )
        for country, node in nodes
    }


def act(random: Random, there: list[School], group, at: datetime) -> None:
    """Let something happen to a school, through the services that are the only writers."""
    if len(there) < 8 or random.random() < 0.05:
        new = facts(len(there), *random.choice(PLACES))
        there.append(schools.register(new, group=group, by=SYSTEM, at=at))
        return
    school = random.choice(there)
    if random.random() < 0.1:
        region_code = random.choice(
            [code for country, code in PLACES if country == school.country_code]
        )
        moved = RegisterFacts(
            **{**asdict(facts(0, school.country_code, region_code)), "code": school.code}
        )
        schools.change_facts(school, moved, by=SYSTEM, at=at)
        return
    standing = random.choice(list(Standing))
    level = None if standing is Standing.NONE else random.randint(1, 3)
    until = date(2027, 1, 1) if level else None
    schools.place(
        school,
        at=at,
        progress=random.choice(list(Progress)),
        standing=standing,
        level=level,
        valid_until_on=until,
    )


def test_every_figure_of_every_region_and_month_equals_the_raw_tables(packs, make):
    random, at = Random(15), BEGUN
    group, there, expected = make.group("UA", "MD"), [], {}
    invented = make.user().id  # one for calibration: counted nowhere
    schools.add_invented_school(
        facts(0, "MD", "MD-OR"), group=group, only_for_id=invented, registered_at=BEGUN
    )
    for month in MONTHS:
        while at < end_of(month):
            act(random, there, group, at)
            at += timedelta(hours=random.randint(1, 20))
        expected[month] = raw_of_nodes(packs)
    assert sum(row[Column.SCHOOLS] for row in expected[MONTHS[-1]].values()) > 12

    assert freeze_months(packs, at) == [2] * len(MONTHS)
    for month in MONTHS:
        assert shown_of_nodes(packs, expected[month], month) == expected[month]
    # Figures of now follow the calendar, raw standings do not: compared on a day when no end is near.
    with clock.at(at):
        assert shown_of_nodes(packs, expected[MONTHS[0]]) == raw_of_nodes(packs)
    assert (schools.repair_tallies(at), schools.repair_history(at)) == (0, 0)
    trend = tables.certified_by_month(tables.newest_editions("UA"), packs["UA"].within("UA-05"))
    assert [(one.month, one.certified) for one in trend] == [
        (month, expected[month]["UA", "UA-05"][Column.CERTIFIED]) for month in MONTHS
    ]


def test_the_history_has_a_row_for_each_change_and_none_without(context, make):
    group = make.group("MD")
    school = schools.register(facts(1, "MD", "MD-OR"), group=group, by=SYSTEM, at=BEGUN)
    day = timedelta(days=1)
    schools.place(school, progress=Progress.IN_TRAINING, at=BEGUN + day)
    schools.place(school, progress=Progress.IN_TRAINING, at=BEGUN + 2 * day)
    renamed = RegisterFacts(**{**asdict(facts(1, "MD", "MD-OR")), "name": "Lyceum"})
    schools.change_facts(school, renamed, by=SYSTEM, at=BEGUN + 3 * day)
    schools.change_facts(school, facts(1, "MD", "MD-CU"), by=SYSTEM, at=BEGUN + 4 * day)
    session.flush()

    rows = session.execute(
        select(SchoolStatus.from_at, SchoolStatus.region_code, SchoolStatus.progress).order_by(
            SchoolStatus.id
        )
    )
    assert [tuple(row) for row in rows] == [
        (BEGUN, "MD-OR", Progress.REGISTERED),
        (BEGUN + day, "MD-OR", Progress.IN_TRAINING),
        (BEGUN + 4 * day, "MD-CU", Progress.IN_TRAINING),
    ]


# The move on 20 January says what the certificate was then, so nothing counts from before it.
@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("moved_on", "expiring"), [(None, 1), (20, 0)])
def test_an_end_that_daily_work_notices_a_month_late_counts_from_its_day(
    packs, make, moved_on, expiring
):
    group = make.group("MD")
    school = schools.register(facts(1, "MD", "MD-OR"), group=group, by=SYSTEM, at=BEGUN)
    schools.place(
        school,
        at=BEGUN,
        progress=Progress.DECIDED,
        standing=Standing.VALID,
        level=1,
        valid_until_on=date(2025, 12, 31),
    )
    late = datetime(2026, 2, 3, 3, tzinfo=UTC)
    if moved_on:
        at = datetime(2026, 1, moved_on, tzinfo=UTC)
        schools.change_facts(school, facts(1, "MD", "MD-CU"), by=SYSTEM, at=at)

    assert refresh_standings(at=late, expiring_days=90) == 1

    freeze_months(packs, late)
    counted = {
        month: queries.table(packs["MD"], month=month).whole
        for month in (date(2025, 9, 1), date(2025, 10, 1), date(2025, 12, 1), date(2026, 1, 1))
    }
    columns = (Column.CERTIFIED, Column.EXPIRING, Column.EXPIRED)
    assert [[row[one].count for one in columns] for row in counted.values()] == [
        [1, 0, 0],
        [1, expiring, 0],
        [1, expiring, 0],
        [0, 0, 1],
    ]


def test_an_end_counts_from_its_day_before_daily_work_has_noticed_it(packs, make):
    school = schools.register(facts(1, "MD", "MD-OR"), group=make.group("MD"), by=SYSTEM, at=BEGUN)
    last = date(2025, 12, 31)
    state = {"progress": Progress.DECIDED, "standing": Standing.EXPIRING, "level": 1}
    schools.place(school, at=BEGUN, valid_until_on=last, **state)
    invented = make.school(country_code="MD")
    values = {**state, "only_for_id": school.id, "valid_until_on": last}
    session.execute(update(School).where(School.id == invented.id).values(values))

    def shown(at: datetime) -> list[int]:
        with clock.at(at):
            row, total = queries.table(packs["MD"]).whole, totals_by_country()["MD"]
        columns = [row[one].count for one in (Column.SCHOOLS, Column.CERTIFIED, Column.EXPIRED)]
        figures = (Figure.SCHOOLS, Figure.LEVEL_1, Figure.EXPIRED)
        assert columns == [total[one] for one in figures]
        return columns

    after = datetime(2026, 1, 1, tzinfo=UTC)
    before_and_after = [shown(after - timedelta(seconds=1)), shown(after)]
    refresh_standings(at=after, expiring_days=90)

    assert [*before_and_after, shown(after)] == [[2, 1, 0], [2, 0, 1], [2, 0, 1]]


def test_a_school_that_was_changed_past_the_services_is_mended_once(context, make):
    school = make.school(registered_at=BEGUN)
    session.execute(update(School).values(progress=Progress.TRAINED))
    session.refresh(school)
    at = BEGUN + timedelta(days=40)

    assert (schools.repair_history(at), schools.repair_history(at)) == (1, 0)
    gone = make.school(registered_at=BEGUN)
    session.execute(update(School).where(School.id == gone.id).values(only_for_id=gone.id))
    assert (schools.repair_history(at), schools.repair_history(at)) == (1, 0)
    assert schools.repair_tallies(at) == 3
    assert tallies.recount()["MD", "MD-OR", Figure.TRAINED] == 1


def test_a_month_with_a_late_change_is_corrected_beside_the_first_version(packs, make):
    school = make.school(registered_at=BEGUN)
    at = datetime(2025, 9, 1, 3, tzinfo=UTC)
    freeze_months(packs, at)
    late = {"country_code": "MD", "region_code": "MD-OR", "progress": Progress.DECIDED}
    session.add(
        SchoolStatus(school_id=school.id, from_at=BEGUN, standing=Standing.VALID, level=2, **late)
    )
    month, later = date(2025, 8, 1), at + timedelta(days=9)
    assert queries.table(packs["MD"], month=month).whole[Column.LEVEL_2].count == 0

    services.correct_month(packs, "MD", month, reason=" A letter was late. ", by=SYSTEM, at=later)

    assert queries.table(packs["MD"], month=month).whole[Column.LEVEL_2].count == 1
    assert queries.versions_of("MD", month) == [
        FrozenMonth(month, at, 1, ""),
        FrozenMonth(month, later, 2, "A letter was late."),
    ]
    assert queries.frozen_months("MD") == [
        FrozenMonth(month, later, 2, "A letter was late."),
        FrozenMonth(date(2025, 7, 1), at, 1, ""),
    ]
    found = queries.brief(packs["MD"], None, month=month, against=date(2025, 7, 1), at=later)
    assert (found.edition.version, found.against.version, found.months[-1].levels) == (
        2,
        1,
        (0, 1, 0),
    )
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == Event.FIGURES_CORRECTED)
    ).one()
    assert entry.facts == {
        "country": "MD",
        "month": "2025-08",
        "version": 2,
        "reason": "A letter was late.",
    }


@pytest.mark.parametrize(("month", "reason"), [(date(2025, 8, 1), "  "), (date(2024, 1, 1), "So.")])
def test_no_correction_without_a_reason_or_of_a_month_that_is_not_there(packs, make, month, reason):
    make.school(registered_at=BEGUN)
    freeze_months(packs, datetime(2025, 9, 1, tzinfo=UTC))

    with pytest.raises(Refused):
        services.correct_month(packs, "MD", month, reason=reason, by=SYSTEM, at=BEGUN)

    assert session.scalar(select(func.max(FrozenEdition.version))) == 1


def test_a_number_that_joining_schools_would_tell_is_hidden_until_the_month_is_kept(packs, make):
    """Three of Orhei have not begun, twelve join: 15 is shown when this can have more than one reason."""
    group, later = make.group("MD"), datetime(2025, 9, 4, tzinfo=UTC)

    def register(numbers: range, region_code: str, at: datetime) -> list[School]:
        return [
            schools.register(facts(number, "MD", region_code), group=group, by=SYSTEM, at=at)
            for number in numbers
        ]

    for number, school in enumerate(register(range(63), "MD-OR", BEGUN)):
        other = register(range(100 + number, 101 + number), "MD-CU", BEGUN)[0]
        for one in (school, other) if number >= 30 else (other,) if number >= 20 else ():
            schools.place(one, progress=Progress.IN_TRAINING, at=BEGUN)
        if 3 <= number < 30:
            schools.place(school, progress=Progress.IN_TRAINING, at=BEGUN)
    freeze_months(packs, later)
    joined = register(range(200, 212), "MD-OR", later)

    def shown(month: date | None = None) -> list[str]:
        row = queries.table(packs["MD"], month=month).regions["MD-OR"]
        return [row[Column.SCHOOLS].text, row[Column.REGISTERED].text]

    assert shown(date(2025, 8, 1)) == ["63", "–"]
    assert shown() == ["75", "–"]
    freeze_months(packs, datetime(2025, 10, 1, tzinfo=UTC))
    assert shown(date(2025, 9, 1)) == ["75", "–"]
    assert shown() == ["75", "15"]

    # The same numbers hidden in another way would tell what they are: a correction leaves the month after it.
    earlier = {"country_code": "MD", "region_code": "MD-OR", "progress": Progress.REGISTERED}
    session.add_all(
        SchoolStatus(school_id=one.id, from_at=BEGUN, standing=Standing.NONE, **earlier)
        for one in joined
    )
    month = date(2025, 8, 1)
    services.correct_month(packs, "MD", month, reason="A list was late.", by=SYSTEM, at=later)
    assert shown(date(2025, 9, 1)) == ["75", "–"]


def test_a_month_that_was_not_kept_is_missing(packs, make):
    make.school(registered_at=BEGUN)

    with pytest.raises(Missing):
        queries.table(packs["MD"], month=date(2025, 8, 1))
    with pytest.raises(Missing):
        queries.brief(packs["MD"], None, month=date(2025, 8, 1), against=None, at=BEGUN)


@pytest.mark.parametrize(
    "table", ["school_status", "frozen_edition", "frozen_count", "frozen_measure"]
)
def test_the_database_refuses_to_change_the_past(packs, make, table):
    school = make.school(registered_at=BEGUN, progress=Progress.TRAINED)
    freeze_months(packs, datetime(2025, 9, 1, tzinfo=UTC))
    assert school.id
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}",
    ):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


COLUMN = {
    "school_status": "level",
    "frozen_edition": "reason",
    "frozen_count": "count",
    "frozen_measure": "value",
}
