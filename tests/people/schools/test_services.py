"""Countries, groups, schools, and the tallies that follow every change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm.exc import StaleDataError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.people.schools import queries, services
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.queries.tallies import tallies_of
from cissapp.people.schools.rules import Figure, Progress, RegisterFacts, Standing
from cissapp.people.schools.services import tallies
from tests.factories import NOW
from tests.refusals import codes

FACTS = {
    "country_code": "MD",
    "region_code": "MD-OR",
    "code": "0001",
    "name": "Liceul Teoretic „Mihai Eminescu”",
    "locality": "Orhei",
    "language": "ro",
    "pupils": 412,
}
UNTIL = date(2028, 11, 25)


def kept_figures():
    """The rows of the tallies that are not zero."""
    rows = session.execute(select(Tally.country_code, Tally.region_code, Tally.figure, Tally.count))
    return {(row[0], row[1], row[2]): row[3] for row in rows if row[3]}


def recorded(event):
    lines = select(AuditEntry).where(AuditEntry.event == event)
    return list(session.scalars(lines.order_by(AuditEntry.id)))


def test_a_new_country_has_every_figure_of_every_region_at_zero(context):
    services.add_country("MD", regions=["MD-CU", "MD-OR"], by=SYSTEM, at=NOW)

    kept = session.execute(select(Tally.region_code, Tally.figure, Tally.count)).all()
    assert sorted(kept) == sorted((code, one, 0) for code in ("MD-CU", "MD-OR") for one in Figure)
    assert tallies_of("MD") == {}
    assert [entry.facts for entry in recorded(Event.COUNTRY_ADDED)] == [{"regions": 2}]


def test_a_country_is_added_once(context, make):
    make.country("MD")

    with pytest.raises(Refused) as refused:
        services.add_country("MD", regions=["MD-CU"], by=SYSTEM, at=NOW)

    assert codes(refused) == ["code"]


def test_a_group_covers_its_countries(context, make):
    make.country("MD")
    make.country("UA")

    group = services.create_group("La Strada", country_codes=["UA", "MD"], by=SYSTEM, at=NOW)

    assert (group.country_codes, group.from_on, group.to_on) == (["MD", "UA"], NOW.date(), None)
    assert [entry.facts for entry in recorded(Event.GROUP_CREATED)] == [
        {"name": "La Strada", "countries": ["MD", "UA"]}
    ]


@pytest.mark.parametrize(
    ("name", "country_codes", "code"),
    [
        ("LA STRADA", ["MD"], "name"),
        ("New", ["MD", "UA"], "country_codes"),
        ("New", [], "country_codes"),
    ],
)
def test_a_group_needs_its_own_name_and_countries_of_the_programme(
    context, make, name, country_codes, code
):
    make.group("MD", name="La Strada")

    with pytest.raises(Refused) as refused:
        services.create_group(name, country_codes=country_codes, by=SYSTEM, at=NOW)

    assert codes(refused) == [code]


def test_a_group_may_cover_other_countries(context, make):
    group = make.group("MD")
    make.country("UA")
    make.country("BY")

    services.cover_countries(group, country_codes=["UA", "BY"], by=SYSTEM, at=NOW)
    services.cover_countries(group, country_codes=["BY", "UA"], by=SYSTEM, at=NOW)

    assert group.country_codes == ["BY", "UA"]
    assert [entry.facts for entry in recorded(Event.GROUP_CHANGED)] == [{"countries": ["BY", "UA"]}]


def test_a_country_with_schools_of_the_group_stays_covered(context, make):
    group = make.group("MD", "UA")
    make.school(group_id=group.id)

    with pytest.raises(Refused) as refused:
        services.cover_countries(group, country_codes=["UA"], by=SYSTEM, at=NOW)

    assert codes(refused) == ["country_codes"]
    assert group.country_codes == ["MD", "UA"]


@pytest.mark.one_database("sqlite")
def test_a_registered_school_is_counted_and_recorded(context, make):
    group = make.group("MD")

    school = services.register(RegisterFacts(**FACTS), group=group, by=SYSTEM, at=NOW)

    assert (school.progress, school.standing, school.level) == (
        Progress.REGISTERED,
        Standing.NONE,
        None,
    )
    assert kept_figures() == {
        ("MD", "MD-OR", Figure.SCHOOLS): 1,
        ("MD", "MD-OR", Figure.REGISTERED): 1,
    }
    assert [(entry.school_id, entry.facts) for entry in recorded(Event.SCHOOL_REGISTERED)] == [
        (school.id, {"sha256": queries.facts_hash(school), "code": "0001"})
    ]


def test_a_code_stands_once_in_a_country(context, make):
    group = make.group("MD", "UA")
    services.register(RegisterFacts(**FACTS), group=group, by=SYSTEM, at=NOW)
    elsewhere = RegisterFacts(**FACTS | {"country_code": "UA", "region_code": "UA-30"})
    services.register(elsewhere, group=group, by=SYSTEM, at=NOW)

    with pytest.raises(Refused) as refused:
        services.register(RegisterFacts(**FACTS), group=group, by=SYSTEM, at=NOW)

    assert codes(refused) == ["code"]
    assert kept_figures() == tallies.recount()


def test_a_school_belongs_to_a_country_of_the_group(context, make):
    group = make.group("MD")

    with pytest.raises(Refused) as refused:
        services.register(
            RegisterFacts(**FACTS | {"country_code": "UA"}), group=group, by=SYSTEM, at=NOW
        )

    assert codes(refused) == ["country_code"]


def test_a_school_that_moves_is_counted_in_the_new_region(context, make):
    school = make.school(**FACTS)
    services.place(
        school,
        at=NOW,
        progress=Progress.DECIDED,
        standing=Standing.EXPIRING,
        level=2,
        valid_until_on=UNTIL,
    )

    moved = RegisterFacts(**FACTS | {"region_code": "MD-CU", "pupils": None})
    services.change_facts(school, moved, by=SYSTEM, at=NOW)

    assert kept_figures() == {
        ("MD", "MD-CU", Figure.SCHOOLS): 1,
        ("MD", "MD-CU", Figure.DECIDED): 1,
        ("MD", "MD-CU", Figure.LEVEL_2): 1,
        ("MD", "MD-CU", Figure.EXPIRING): 1,
    }
    assert [entry.facts for entry in recorded(Event.SCHOOL_CHANGED)] == [
        {"changed": ["pupils", "region_code"], "sha256": queries.facts_hash(school)}
    ]


def test_facts_that_are_the_same_leave_no_trace(context, make):
    school = make.school(**FACTS)

    services.change_facts(school, RegisterFacts(**FACTS), by=SYSTEM, at=NOW)

    assert recorded(Event.SCHOOL_CHANGED) == []
    assert school.version == 1


def test_a_changed_code_must_be_free(context, make):
    first = make.school(**FACTS)
    other = make.school(group_id=first.group_id)

    with pytest.raises(Refused) as refused:
        services.change_facts(other, RegisterFacts(**FACTS), by=SYSTEM, at=NOW)

    assert codes(refused) == ["code"]


@pytest.mark.one_database("sqlite")
def test_a_region_that_came_later_gets_its_row(context, make):
    group = make.group("MD")

    for number in ("1", "2"):
        facts = RegisterFacts(**FACTS | {"region_code": "MD-ZZ", "code": number})
        services.register(facts, group=group, by=SYSTEM, at=NOW)

    assert kept_figures() == {
        ("MD", "MD-ZZ", Figure.SCHOOLS): 2,
        ("MD", "MD-ZZ", Figure.REGISTERED): 2,
    }


def test_place_changes_only_what_is_given(context, make):
    school = make.school()
    services.place(
        school,
        at=NOW,
        progress=Progress.DECIDED,
        standing=Standing.VALID,
        level=1,
        valid_until_on=UNTIL,
    )

    services.place(school, at=NOW, standing=Standing.SUSPENDED)

    assert (school.progress, school.standing, school.level, school.valid_until_on) == (
        Progress.DECIDED,
        Standing.SUSPENDED,
        1,
        UNTIL,
    )
    assert kept_figures() == tallies.recount()


places = st.tuples(
    st.integers(0, 3),
    st.sampled_from(Progress),
    st.one_of(
        st.just((Standing.NONE, None)),
        st.tuples(
            st.sampled_from([one for one in Standing if one is not Standing.NONE]),
            st.integers(1, 3),
        ),
    ),
    st.sampled_from(["MD-OR", "MD-CU", "MD-BA"]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(places, max_size=12))
def test_after_any_moves_the_tallies_are_what_a_recount_gives(context, make, moves):
    group = session.scalar(select(School.group_id)) or make.group().id
    schools = [make.school(group_id=group) for _ in range(4)]

    for number, progress, (standing, level), region_code in moves:
        school = schools[number]
        until = UNTIL if level else None
        services.place(
            school, at=NOW, progress=progress, standing=standing, level=level, valid_until_on=until
        )
        facts = {key: getattr(school, key) for key in FACTS} | {"region_code": region_code}
        services.change_facts(school, RegisterFacts(**facts), by=SYSTEM, at=NOW)

    assert kept_figures() == tallies.recount()


def placed(app, school_id, progress):
    """Move a school in a unit of work of its own, as a request does."""
    with app.app_context():
        try:
            with unit_of_work():
                school = session.get(School, school_id)
                services.place(school, at=NOW, progress=progress)
        except StaleDataError:
            return False
        finally:
            session.remove()
    return True


def test_moves_at_the_same_time_are_all_counted(app, make):
    group = make.group()
    schools = [make.school(group_id=group.id) for _ in range(12)]
    steps = [
        (one.id, Progress.IN_TRAINING if i % 2 else Progress.SUBMITTED)
        for i, one in enumerate(schools)
    ]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda step: placed(app, *step), steps))

    with app.app_context():
        assert kept_figures() == tallies.recount()
        assert tallies_of("MD")["MD-OR"][Figure.IN_TRAINING] == 6


def test_of_two_moves_of_one_school_none_is_counted_twice(app, make):
    school = make.school()
    steps = [one for one in Progress if one is not Progress.REGISTERED]

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(lambda step: placed(app, school.id, step), steps))

    assert any(won)
    with app.app_context():
        assert kept_figures() == tallies.recount()


def test_wrong_tallies_are_found_corrected_and_recorded(context, make):
    school = make.school()
    session.execute(
        update(Tally)
        .where(Tally.region_code == "MD-OR", Tally.figure == Figure.REGISTERED)
        .values(count=7)
    )
    session.execute(
        update(Tally)
        .where(Tally.region_code == "MD-CU", Tally.figure == Figure.LEVEL_1)
        .values(count=1)
    )
    lost = session.get(Tally, ("MD", "MD-OR", Figure.SCHOOLS))
    session.delete(lost)
    session.flush()

    assert services.repair_tallies(NOW) == 3
    assert services.repair_tallies(NOW) == 0

    assert kept_figures() == {
        ("MD", "MD-OR", Figure.SCHOOLS): 1,
        ("MD", "MD-OR", Figure.REGISTERED): 1,
    }
    assert school.region_code == "MD-OR"
    assert [(entry.subject_id, entry.facts) for entry in recorded(Event.TALLY_REPAIRED)] == [
        ("MD-CU", {"level_1": [1, 0]}),
        ("MD-OR", {"registered": [7, 1], "schools": [0, 1]}),
    ]
