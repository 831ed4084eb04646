"""The yearly confirmation, with the database."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.upkeep import queries, services
from cissapp.certify.upkeep.queries import overdue
from cissapp.certify.upkeep.rules.living_facts import LivingFactKind
from cissapp.certify.upkeep.services import YearStatement
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.prepare.documents.models import DocumentVersion
from tests.certify.upkeep.people import DAY, START, at, both, trail, worth
from tests.prepare.acts import more
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("plain_files")

OPENS, CLOSES = date(2023, 11, 10), date(2023, 12, 9)


def said(day: date, **changes) -> YearStatement:
    values = {
        "phones_tested_on": day,
        "policy_review_on": day + 365 * DAY,
        "staff_total": 40,
        "staff_trained": 38,
        "classes_taught": 20,
    }
    return YearStatement(**{**values, **changes})


def test_the_head_confirms_a_year_once(place):
    certificate, head, *_others = place

    row = services.confirm_year(certificate, said(OPENS), content=content(), by=head, at=at(OPENS))

    assert (row.year, row.staff_trained, row.phones_tested_on) == (1, 38, OPENS)
    assert trail("confirmation.") == ["confirmation.given"]
    with pytest.raises(Refused) as refused:
        services.confirm_year(certificate, said(OPENS), content=content(), by=head, at=at(OPENS))
    assert [one.code for one in refused.value.problems] == ["window"]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("day", "changes", "who", "codes"),
    [
        (OPENS - DAY, {}, 0, ["window"]),
        (CLOSES + 100 * DAY, {}, 0, []),
        (OPENS, {}, 1, ["who"]),
        (OPENS, {"phones_tested_on": OPENS + DAY}, 0, ["phones_tested_on"]),
        (OPENS, {"phones_tested_on": OPENS - 61 * DAY}, 0, ["phones_tested_on"]),
        (OPENS, {"policy_review_on": OPENS}, 0, ["policy_review_on"]),
        (OPENS, {"staff_trained": 41}, 0, ["staff_trained"]),
    ],
)
def test_what_keeps_a_year_from_being_confirmed(place, day, changes, who, codes):
    certificate, *people = place

    found: list[str] = []
    try:
        services.confirm_year(
            certificate, said(day, **changes), content=content(), by=people[who], at=at(day)
        )
    except Refused as refused:
        found = [one.code for one in refused.problems]

    assert found == codes


def test_a_confirmation_is_never_changed(app, make):
    school = make.school()
    head, _designated = both(school)
    certificate = make.certified(school, at=START)
    with app.app_context(), unit_of_work():
        row = certificates.certificate(certificate.id)
        services.confirm_year(row, said(OPENS), content=content(), by=head, at=at(OPENS))

    for statement in (
        "UPDATE year_confirmation SET staff_trained = 40",
        "DELETE FROM year_confirmation",
    ):
        with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))


@pytest.mark.one_database("sqlite")
def test_a_missing_confirmation_turns_a_fact_amber_and_suspends_nothing(place):
    certificate, *_people = place

    for day in (OPENS, CLOSES, CLOSES + DAY):
        services.ask_to_confirm(content(), at=at(day))
        services.update_quorums(content(), at=at(day))

    after = queries.living_facts_of(certificate.school, content(), CLOSES + DAY)
    amber = {one.fact.value: one.waiting_for.value for one in after if not one.green}
    assert amber == {"confirmation": "head", "drill": "group"}
    assert worth(certificate, CLOSES + DAY) == "valid"
    assert [missed.closes_on for _school, missed in overdue_of(certificate)] == [CLOSES]


@pytest.mark.parametrize(
    ("accepted", "newer", "policy", "evidence"),
    [
        (date(2025, 6, 1), None, (True, date(2025, 6, 1)), (True, None)),
        (date(2023, 1, 1), None, (False, date(2023, 1, 1)), (True, None)),
        (date(2025, 6, 1), date(2024, 5, 1), (True, date(2024, 5, 1)), (True, date(2024, 5, 1))),
        (date(2023, 1, 1), date(2023, 2, 1), (False, date(2023, 2, 1)), (False, None)),
        (date(2023, 1, 1), date(2025, 2, 1), (True, date(2025, 2, 1)), (True, date(2025, 2, 1))),
    ],
)
def test_a_newer_policy_counts_by_its_own_day_and_without_one_leaves_that_of_the_old(
    place, accepted, newer, policy, evidence
):
    certificate, head, *_people = place
    version = session.scalars(
        select(DocumentVersion).where(DocumentVersion.school_id == certificate.school_id)
    ).one()
    version.expires_on = accepted
    more(version.document, head, files(), b"newer").expires_on = newer
    session.flush()

    found = queries.living_facts_of(certificate.school, content(), date(2024, 3, 1))

    told = {one.fact: (one.green, one.until) for one in found}
    assert (told[LivingFactKind.POLICY], told[LivingFactKind.EVIDENCE]) == (policy, evidence)


def overdue_of(certificate):
    person = next(
        one
        for one in queries.coordinators_of_group(certificate.school.group_id)
        if one.role is Role.COORDINATOR
    )
    return overdue.unconfirmed_of_group(person, content(), CLOSES + 2 * DAY)


def test_one_more_overdue_school_costs_no_more_statements(place, make):
    certificate, *_people = place
    alone = statements(lambda: overdue_of(certificate))
    make.certified(make.school(group_id=certificate.school.group_id), at=START + DAY)

    with_two = statements(lambda: overdue_of(certificate))

    first, second = overdue_of(certificate)
    assert (first[0].id, second[0].id != first[0].id) == (certificate.school_id, True)
    assert len(with_two) == len(alone)


def statements(read) -> list[str]:
    session.expire_all()
    with statements_sent() as seen:
        read()
    return seen
