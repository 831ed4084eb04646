"""Every act of the table leads to its notices, whoever does it, and none goes to the one who did it."""

from collections import Counter

import pytest
from sqlalchemy import delete, select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.handover.rules.powers import POWERS, Others
from cissapp.people.notices.models import Mail, Notification
from tests.factories import NOW


@pytest.fixture
def cast(context, make):
    """Two people of the secretariat, two coordinators of the group, one elsewhere, two of a school."""
    group = make.group()
    school = make.school(group_id=group.id)
    return {
        "its_group": group,
        "its_school": school,
        Others.SECRETARIAT: [make.user(Role.SECRETARIAT), make.user(Role.SECRETARIAT)],
        Others.GROUP: [make.user(Role.COORDINATOR, group_id=group.id) for _ in range(2)],
        "elsewhere": [make.user(Role.COORDINATOR)],
        Others.SCHOOL: [make.manager(school)],
        Others.PERSON: [make.manager(school)],
    }


def expected(cast, event: Event, by: User) -> Counter:
    """The addresses that the table names for an act about the last person of the school."""
    found = set()
    for kind in POWERS[event].others:
        people = (
            cast[Others.GROUP] + cast["elsewhere"] if kind is Others.COORDINATORS else cast[kind]
        )
        found |= {one.email for one in people}
    if Others.SCHOOL in POWERS[event].others:
        found |= {one.email for one in cast[Others.PERSON]}
    return Counter(found - {by.email})


def notices() -> Counter:
    return Counter(session.scalars(select(Mail.to).where(Mail.kind == "act_notice")))


def test_each_act_of_the_table_tells_the_others_and_not_the_actor(cast):
    about = cast[Others.PERSON][0]
    wrong = []
    for event in POWERS:
        for by in (cast[Others.SECRETARIAT][0], cast[Others.GROUP][0]):
            facts = {"role": Role.REVIEWER.value, "module": "m"}
            record(event, about, by=by, at=NOW, school_id=cast["its_school"].id, **facts)
            if (told := notices()) != expected(cast, event, by):
                wrong.append((event, by.role, told))
            session.execute(delete(Mail))

    assert wrong == []
    told = set(session.scalars(select(Notification.kind)))
    assert told == {"act_notice"}


@pytest.mark.one_database("sqlite")
def test_a_notice_says_what_who_and_when_and_nothing_of_the_content(cast):
    by, other = cast[Others.SECRETARIAT]
    person = cast[Others.PERSON][0]

    accounts.deactivate(person, by=by, at=NOW)

    mail = session.scalars(select(Mail).where(Mail.to == other.email)).one()
    assert mail.subject == "An account was closed"
    assert "What: An account was closed\n" in mail.body
    assert f"About: {person.name}\n" in mail.body
    assert f"By: {by.name} (Secretariat)\n" in mail.body
    assert "When: 25 November 2026, 09:00 UTC" in mail.body
    assert f"http://ciss.example/schools/{cast['its_school'].id}" in mail.body


@pytest.mark.one_database("sqlite")
def test_who_was_closed_out_learns_of_it_without_a_link(cast):
    person = cast[Others.PERSON][0]

    accounts.deactivate(person, by=cast[Others.SECRETARIAT][0], at=NOW)

    mail = session.scalars(select(Mail).where(Mail.to == person.email)).one()
    assert "http" not in mail.body


def test_a_person_of_a_school_whose_account_ends_at_their_own_wish_is_missed(cast):
    about = cast[Others.PERSON][0]

    accounts.close_asked_for(about, at=NOW)

    assert notices() == expected(cast, Event.PERSON_DEACTIVATED, about)


@pytest.mark.one_database("sqlite")
def test_a_notice_is_written_in_the_language_of_its_reader(cast):
    by, other = cast[Others.SECRETARIAT]
    other.language = "uk"

    record(Event.GROUP_CREATED, cast["its_group"], by=by, at=NOW)

    mail = session.scalars(select(Mail).where(Mail.to == other.email)).one()
    assert cast["its_group"].name in mail.body
    assert "Secretariat" not in mail.body


@pytest.mark.one_database("sqlite")
def test_a_role_that_is_given_is_seen_and_an_invitation_of_a_school_is_not(cast):
    group, school = cast["its_group"], cast["its_school"]
    by = cast[Others.GROUP][0]
    for address, role, scope, duty in (
        ("new@group.example", Role.REVIEWER, Scope(group_id=group.id), None),
        ("new@school.example", Role.SCHOOL_MANAGER, Scope(school.id, country_code="MD"), "deputy"),
    ):
        accounts.invite(
            Invitee(address, "New", "en"), role=role, duty=duty, scope=scope, by=by, at=NOW
        )

    told = [*cast[Others.SECRETARIAT], cast[Others.GROUP][1]]
    assert notices() == Counter(one.email for one in told)


@pytest.mark.one_database("sqlite")
def test_a_key_made_by_command_is_told_to_the_secretariat(cast):
    record(Event.KEY_MADE, ("key", "2026-a"), by=SYSTEM, at=NOW)

    assert notices() == Counter(one.email for one in cast[Others.SECRETARIAT])
    body = session.scalars(select(Mail.body)).first()
    assert "By: Someone using a command on the server" in body
