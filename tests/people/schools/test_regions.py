"""What the state counts in regions, and schools of regions that a reform ended; on both databases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.packs import Denominator
from cissapp.foundation.content.schema import FactState, SchoolStatistics
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.schools import services
from cissapp.people.schools.models import RegionStatistic, School
from cissapp.people.schools.queries import altered_schools
from cissapp.people.schools.regions import services as regions
from cissapp.people.schools.regions.commands import regions_group
from cissapp.people.schools.regions.queries import Totals, denominators, ended_regions
from cissapp.people.schools.rules import RegionCount, RegisterFacts
from tests import factories as make
from tests.factories import NOW
from tests.shipped import country_of, region

TODAY = NOW.date()
ENDED = TODAY - timedelta(days=1)
# MD-A became MD-C; MD-B was divided, and so was the district MD-B-1 below it.
REFORMED = country_of(
    region("MD-A", until=ENDED, into=["MD-C"]),
    region("MD-B", tile=(1, 1), until=ENDED, into=["MD-C", "MD-D"]),
    region("MD-B-1", "MD-B", until=ENDED, into=["MD-D-1", "MD-D-2"]),
    region("MD-C", **{"from": TODAY}),
    region("MD-D", tile=(1, 1), **{"from": TODAY}),
    region("MD-D-1", "MD-D", **{"from": TODAY}),
    region("MD-D-2", "MD-D", **{"from": TODAY}),
)


def places() -> Counter[str]:
    return Counter(session.scalars(select(School.region_code)))


def are_counted() -> bool:
    """Whether tallies and history say what counting all schools anew gives."""
    return (services.repair_tallies(NOW), services.repair_history(NOW)) == (0, 0)


@pytest.fixture
def group(context):
    group = make.group()
    for code in ("MD-A", "MD-A", "MD-B", "MD-B", "MD-B-1", "MD-C"):
        make.school(region_code=code, group_id=group.id)
    make.school(region_code="MD-A", group_id=group.id, only_for_id=make.user().id)
    services.repair_tallies(NOW)
    return group


def test_a_day_after_its_end_schools_of_a_region_are_where_it_went(group):
    assert regions.move_after_reforms([REFORMED], at=NOW - timedelta(days=1)) == 0
    assert regions.move_after_reforms([REFORMED], at=NOW) == 3
    assert regions.move_after_reforms([REFORMED], at=NOW) == 0

    assert places() == {"MD-C": 4, "MD-B": 2, "MD-B-1": 1}
    assert are_counted()
    lines = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.SCHOOL_CHANGED))
    assert [(one.facts["from"], one.facts["to"], one.actor_id) for one in lines] == [
        ("MD-A", "MD-C", None),
        ("MD-A", "MD-C", None),
    ]


def test_a_coordinator_says_where_the_schools_of_a_divided_region_are(group):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    stranger = make.user(Role.COORDINATOR)
    here = select(School.id).where(School.region_code == "MD-B")
    ids = session.scalars(here).all()
    open_now = {one.code: one.schools for one in ended_regions(coordinator, [REFORMED], TODAY)}
    arguments = {"from_code": "MD-B", "to_code": "MD-D-2", "pack": REFORMED, "at": NOW}

    assert open_now == {"MD-B": 2, "MD-B-1": 1}
    assert ended_regions(stranger, [REFORMED], TODAY) == []
    assert regions.move_schools(ids, by=stranger, **arguments) == 0
    with pytest.raises(Refused):
        regions.move_schools(ids, by=coordinator, **{**arguments, "to_code": "MD-A"})
    assert regions.move_schools(ids[:1], by=coordinator, **arguments) == 1
    assert regions.move_schools(ids, by=coordinator, **{**arguments, "to_code": "MD-C"}) == 1

    assert places() == {"MD-A": 3, "MD-B-1": 1, "MD-C": 2, "MD-D-2": 1}
    assert are_counted()


def test_moved_schools_are_as_the_trail_says(context):
    group = make.group()
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    facts = RegisterFacts("MD", "MD-A", "0001", "Liceu", "Orhei", "ro", None)
    school = services.register(facts, group=group, by=coordinator, at=NOW)
    regions.move_after_reforms([REFORMED], at=NOW)

    assert school.region_code == "MD-C"
    assert list(altered_schools()) == []


def count(region_code: str | None, schools: int | None, on: date = TODAY) -> RegionCount:
    return RegionCount(region_code, schools, None, on)


def test_the_newest_of_pack_and_imports_is_the_denominator(context):
    make.country()
    older = TODAY - timedelta(days=30)
    known = SchoolStatistics(
        region="MD-C", schools=50, counted_on=ENDED, source="Pack", state=FactState.CONFIRM
    )
    pack = country_of(region("MD-C"), region("MD-D", tile=(1, 1)), statistics=[known])
    bring = {"pack": pack, "by": SYSTEM}
    regions.import_statistics(
        [count(None, 90), count("MD-C", 40, older), count("MD-D", 9)],
        source="First",
        checked=True,
        at=NOW,
        **bring,
    )
    later = NOW + timedelta(minutes=1)
    regions.import_statistics([count("MD-D", 8)], source="Second", checked=False, at=later, **bring)

    assert denominators(pack) == {
        None: Totals(Denominator(90, None, TODAY, "First", FactState.CHECKED)),
        "MD-C": Totals(Denominator(50, None, ENDED, "Pack", FactState.CONFIRM)),
        "MD-D": Totals(Denominator(8, None, TODAY, "Second", FactState.CONFIRM)),
    }
    pupils = [RegionCount(None, None, 4000, TODAY)]
    regions.import_statistics(pupils, source="Pupils", checked=True, at=later, **bring)
    assert denominators(pack)[None] == Totals(
        Denominator(90, None, TODAY, "First", FactState.CHECKED),
        Denominator(None, 4000, TODAY, "Pupils", FactState.CHECKED),
    )
    with pytest.raises(Refused):
        regions.import_statistics(
            [count("MD-C", 1), count("MD-X", 1)], source="Third", checked=True, at=NOW, **bring
        )
    assert len(session.scalars(select(RegionStatistic)).all()) == 5


LIST = "\ufeffRegion;Schools;Pupils\nMD-OR;1 200;\nCahul;7;900\n;1194;350 000\n"


@pytest.mark.one_database("sqlite")
def test_a_list_of_the_state_comes_in_by_a_command(app, make, tmp_path):
    make.country()
    path = tmp_path / "counts.csv"
    arguments = ["statistics", str(path), "--country", "md", "--counted-on", "2026-09-15"]
    run = app.test_cli_runner()
    path.write_text(LIST, encoding="utf-8")
    done = run.invoke(regions_group, [*arguments, "--source", "Ministry"])
    path.write_text("region,schools\nMD-XX,4\nMD-OR,many\nMD-CA,1\nCahul,2\n", encoding="utf-8")
    refused = run.invoke(regions_group, [*arguments, "--source", "Ministry"])

    assert done.output == "3 counts saved for MD, as of 2026-09-15.\n"
    assert (done.exit_code, refused.exit_code) == (0, 2)
    assert refused.output.splitlines() == [
        "Row 2: “MD-XX” is not a region of the country.",
        "Row 3: give at least one count, as a whole number.",
        "Row 5: “Cahul” is listed twice.",
    ]
    with app.app_context():
        kept = {
            one.region_code: (one.schools, one.pupils)
            for one in session.scalars(select(RegionStatistic))
        }
    assert kept == {"MD-OR": (1200, None), "MD-CA": (7, 900), None: (1194, 350_000)}
