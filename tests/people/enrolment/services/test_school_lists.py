"""Lists of schools: a result for each row, good rows unaffected, safe to repeat."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation
from cissapp.people.enrolment.rules import ListRow, RowOutcome, SchoolList
from cissapp.people.enrolment.services import school_lists as importer
from cissapp.people.notices.models import Mail
from cissapp.people.schools import queries as schools
from cissapp.people.schools import services as school_services
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Figure
from cissapp.people.schools.services import tallies
from tests.factories import NOW

ROW = {
    "country": "MD",
    "region": "MD-OR",
    "code": "0001",
    "name": "Liceul Eminescu",
    "locality": "Orhei",
    "language": "ro",
    "pupils": "412",
}


def table(*rows):
    return SchoolList([ListRow(number, {**ROW, **row}) for number, row in enumerate(rows, start=2)])


@pytest.fixture
def group(context, make):
    return make.group("MD")


def bring(group, *rows):
    return importer.import_schools(
        table(*rows),
        groups=dict.fromkeys(group.country_codes, group),
        countries={code: content().countries[code] for code in group.country_codes},
        by=SYSTEM,
        at=NOW,
    )


def told(brought):
    return [
        (result.number, result.outcome, [problem.code for problem in result.problems])
        for result in brought.results
    ]


def invitations():
    rows = session.scalars(select(Invitation).order_by(Invitation.email))
    return [(one.email, one.duty, one.school.code, one.revoked_at) for one in rows]


def test_good_rows_come_in_whatever_the_others_are(group):
    brought = bring(
        group,
        {},
        {"code": "0002", "region": "Nowhere", "language": "fr", "pupils": "many"},
        {"code": "0003", "country": "", "region": "chişinău".title(), "pupils": ""},
        {"code": "", "name": "x" * 201},
        {"code": "0005", "country": "UA", "region": "UA-30"},
        {"code": "0006", "region": "Orhei"},
    )

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.REFUSED, ["region_code", "language", "pupils"]),
        (4, RowOutcome.REFUSED, ["region_code"]),
        (5, RowOutcome.REFUSED, ["code", "name"]),
        (6, RowOutcome.REFUSED, ["country_code"]),
        (7, RowOutcome.CREATED, []),
    ]
    rows = session.execute(
        select(School.code, School.region_code, School.pupils).order_by(School.code)
    )
    assert [tuple(row) for row in rows] == [("0001", "MD-OR", 412), ("0006", "MD-OR", 412)]
    assert schools.tallies_of("MD")["MD-OR"][Figure.SCHOOLS] == 2
    facts = session.scalars(
        select(AuditEntry.facts).where(AuditEntry.event == Event.SCHOOL_IMPORTED)
    )
    assert list(facts) == [{"created": 2, "unchanged": 0, "differs": 0, "refused": 4}]


def test_the_same_list_again_changes_nothing(group):
    rows = [{"head_email": "Head@School.example", "head_name": "Ana"}, {"code": "0002"}]
    bring(group, *rows)
    before = invitations()

    brought = bring(group, *rows)

    assert told(brought) == [(2, RowOutcome.UNCHANGED, []), (3, RowOutcome.UNCHANGED, [])]
    assert len(before) == 1
    assert invitations() == before
    assert session.scalar(select(func.count(Mail.id))) == 1
    assert session.scalar(select(func.count(School.id))) == 2


def test_a_school_that_differs_is_left_as_it_is(group):
    bring(group, {})

    brought = bring(
        group, {"name": "Another name", "pupils": "", "head_email": "new@school.example"}
    )

    assert told(brought) == [(2, RowOutcome.DIFFERS, ["row"])]
    assert brought.results[0].problems[0].values == {"columns": "name, pupils"}
    assert session.scalars(select(School.name)).all() == ["Liceul Eminescu"]
    assert invitations() == []


def test_a_code_twice_in_a_list_is_one_school(group):
    brought = bring(group, {}, {}, {"locality": "Peresecina"})

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.UNCHANGED, []),
        (4, RowOutcome.DIFFERS, ["row"]),
    ]


def test_heads_are_invited_once(group, make):
    made = make.user(Role.SECRETARIAT, email="taken@ciss.example")
    brought = bring(
        group,
        {"head_email": "a@school.example", "head_name": "Ana"},
        {"code": "0002", "head_email": "A@SCHOOL.example"},
        {"code": "0003", "head_email": made.email},
        {"code": "0004", "head_email": "no address"},
        {"code": "0005", "head_name": "Nobody"},
    )

    assert told(brought) == [
        (2, RowOutcome.CREATED, ["head_email"]),
        (3, RowOutcome.CREATED, ["head_email"]),
        (4, RowOutcome.CREATED, ["head_email"]),
        (5, RowOutcome.REFUSED, ["head_email"]),
        (6, RowOutcome.REFUSED, ["head_email"]),
    ]
    assert [(email, school) for email, _duty, school, _revoked in invitations()] == [
        ("a@school.example", "0001")
    ]


def test_a_head_who_joined_or_was_refused_is_not_invited_again(group):
    rows = [{"head_email": "a@school.example"}, {"code": "0002", "head_email": "b@school.example"}]
    bring(group, *rows)
    for one in session.scalars(select(Invitation)):
        one.revoked_at = NOW
    session.flush()

    bring(group, *rows)

    assert len(invitations()) == 2


def test_a_school_of_another_group_stays_there(group, make):
    other = make.group("MD")
    make.school(group_id=other.id, **{**_columns(), "code": "0001"})

    assert told(bring(group, {})) == [(2, RowOutcome.REFUSED, ["code"])]


def _columns():
    return {"name": "Liceul Eminescu", "locality": "Orhei", "language": "ro", "pupils": 412}


def test_without_one_group_for_the_country_a_row_is_refused(context, make):
    make.country("MD")

    brought = importer.import_schools(
        table({}),
        groups={},
        countries={"MD": content().countries["MD"]},
        by=SYSTEM,
        at=NOW,
    )

    assert told(brought) == [(2, RowOutcome.REFUSED, ["country"])]


def test_a_row_that_the_database_does_not_take_harms_no_other(group, monkeypatch):
    enter = school_services.enter_school

    def failing(facts, **values):
        made = enter(facts, **values)
        if facts.code == "0002":
            raise IntegrityError("INSERT", {}, ValueError())
        return made

    monkeypatch.setattr(school_services, "enter_school", failing)

    brought = bring(group, {}, {"code": "0002"}, {"code": "0003"})

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.REFUSED, ["row"]),
        (4, RowOutcome.CREATED, []),
    ]
    assert sorted(session.scalars(select(School.code))) == ["0001", "0003"]
    assert schools.tallies_of("MD")["MD-OR"][Figure.REGISTERED] == 2
    assert tallies.repair_tallies(NOW) == 0


def test_what_was_wrong_with_reading_a_row_refuses_it(group):
    from cissapp.foundation.core.errors import Problem

    read = table({})
    lines = [replace(read.lines[0], faults=(Problem("code", "A formula."),))]

    brought = importer.import_schools(
        SchoolList(lines, ["remarks"]),
        groups={"MD": group},
        countries={"MD": content().countries["MD"]},
        by=SYSTEM,
        at=NOW,
    )

    assert told(brought) == [(2, RowOutcome.REFUSED, ["code"])]
    assert brought.unknown == ["remarks"]
    assert brought.counts == {
        RowOutcome.CREATED: 0,
        RowOutcome.UNCHANGED: 0,
        RowOutcome.DIFFERS: 0,
        RowOutcome.REFUSED: 1,
    }


def test_only_so_many_heads_are_invited_at_once(group, monkeypatch):
    monkeypatch.setattr(importer, "MOST_INVITED", 1)
    rows = [{"head_email": "a@school.example"}, {"code": "0002", "head_email": "b@school.example"}]

    bring(group, *rows)
    first = [email for email, *_rest in invitations()]
    bring(group, *rows)

    assert first == ["a@school.example"]
    assert [email for email, *_rest in invitations()] == ["a@school.example", "b@school.example"]
