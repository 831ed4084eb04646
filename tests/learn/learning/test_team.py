"""What each person still has to do, and how long it takes; for the eyes of the own school."""

from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.rules import QUIZ_MINUTES
from cissapp.people.accounts.queries import MemberFacts
from cissapp.people.accounts.rules import Duty
from tests.factories import NOW, passed_module
from tests.learn.learning.people import DAY, begun, reads
from tests.pages import tree

CAPTION = "What each person still has to do"


def training(school, at=NOW):
    duties = content().standard.decision.gate_duties
    return queries.school_training(school.id, content().modules, duties, at)


def named(person):
    """Return a person as the lists of a school know them: facts, and no row."""
    return MemberFacts(person.id, person.name, person.duty)


def minutes_of(modules):
    return sum(sum(one.plan.minutes for one in module.lessons) + QUIZ_MINUTES for module in modules)


def test_each_person_comes_with_what_is_left_the_minutes_and_the_last_activity(context, make):
    school, modules = make.school(), content().modules
    head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    done = make.manager(school, duty=Duty.DESIGNATED_PERSON)
    passed_module(head, modules[0].id, at=NOW - 9 * DAY)
    begun(head, NOW - 2 * DAY, module=1)
    for module in modules:
        passed_module(done, module.id, at=NOW - 40 * DAY)

    found = training(school)

    read = sum(one.plan.minutes for one in modules[1].lessons[:2])
    assert found.people == [
        (named(head), list(modules[1:]), minutes_of(modules[1:]) - read, NOW - 2 * DAY),
        (named(deputy), list(modules), minutes_of(modules), None),
        (named(done), [], 0, NOW - 40 * DAY),
    ]
    assert [(gap.duties, gap.person) for gap in found.gaps] == [(("head", "deputy"), named(head))]


@pytest.mark.parametrize("others", [0, 30], ids=["small", "large"])
def test_of_two_who_are_equally_far_the_reader_is_named(context, make, others):
    school, modules = make.school(), content().modules
    head, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    for _ in range(others):
        make.manager(school, duty=Duty.DEPUTY)
    duties = content().standard.decision.gate_duties

    def named_for(reader):
        found = queries.school_training(school.id, modules, duties, NOW, reader_id=reader.id)
        return found.gaps[0].person

    equal = [named_for(head), named_for(deputy)]
    passed_module(head, modules[0].id)

    assert equal == [named(head), named(deputy)]
    assert named_for(deputy) == named(head)


@pytest.mark.one_database("sqlite")
def test_it_costs_four_reads_however_many_people_and_however_much_they_did(context, make):
    costs = []
    for people in (1, 6):
        school = make.school()
        for _ in range(people):
            person = begun(make.manager(school, duty=Duty.DEPUTY), NOW, lessons=people)
            passed_module(person, content().modules[1].id)
            services.start_attempt(
                content().modules[2], content=content(), by=person, at=NOW, random=Random(1)
            )
        session.flush()
        session.expunge_all()
        with reads() as found:
            training(school)
        costs.append(len(found))

    assert costs == [4, 4]


@pytest.mark.one_database("sqlite")
def test_of_a_large_school_a_page_is_read_and_whoever_has_passed_most(context, make):
    school, modules = make.school(), content().modules
    people = [make.manager(school, name="A Head")]
    people += [
        make.manager(school, duty=Duty.DEPUTY, name=f"Deputy {number:02}") for number in range(52)
    ]
    for module in modules[:2]:
        passed_module(people[-1], module.id)
    duties = content().standard.decision.gate_duties

    def read(place=None):
        found = queries.school_training(
            school.id, modules, duties, NOW, reader_id=people[0].id, place=place
        )
        return [one.person.name for one in found.people], found

    with reads() as seen:
        first, page = read()
    second, page_2 = read(PagePlace(page.later))
    third, page_3 = read(PagePlace(page_2.later))

    assert len(seen) <= 6
    assert sorted([*first, *second, *third]) == sorted(one.name for one in people)
    assert (len(first), len(second), page.earlier, page_3.later) == (25, 25, "", "")
    assert read(PagePlace(page_3.earlier, back=True))[0] == second
    # Whoever came after the last of a page may have left meanwhile.
    assert read(PagePlace(str(page_3.people[-1].person.id)))[0] == first
    assert page_3.overviews[people[0].id].passed == 0
    assert [gap.person for gap in page.gaps] == [named(people[-1]), None]
    assert [list(gap.left) for gap in page.gaps] == [list(modules[2:]), list(modules)]


def test_the_page_of_a_large_school_names_whoever_is_nearest_and_leads_on(app, make, sign_in):
    with app.app_context(), unit_of_work():
        school = make.school()
        head = make.manager(school)
        for number in range(30):
            last = make.manager(school, duty=Duty.DEPUTY, name=f"Deputy {number:02}")
        passed_module(last, content().modules[0].id)

    page = sign_in(head).get("/learn").get_data(as_text=True)

    assert "<strong>Deputy 29</strong>" in page
    assert page.count("(Deputy head)</th>") == 24
    assert 'rel="next"' in page


def test_schools_in_need_are_told_in_two_reads(context, make):
    schools = [make.school() for _ in range(4)]
    for school in schools[:2]:
        make.manager(school)
    make.trained(schools[2])
    duties, modules = content().standard.decision.gate_duties, content().modules
    costs = []
    for asked in (schools[:1], schools):
        with reads() as found:
            in_need = queries.schools_in_need([one.id for one in asked], modules, duties)
        costs.append(len(found))

    assert in_need == {schools[0].id, schools[1].id, schools[3].id}
    assert costs == [2, 2]


def rows(page):
    """The cells of the table of the team."""
    root = tree(page)
    for table in root.iter("table"):
        if CAPTION in "".join(table.find("caption").itertext()):
            return [
                [" ".join("".join(cell.itertext()).split()) for cell in row]
                for row in table.find("tbody")
            ]
    return None


def test_the_first_page_tells_it_in_a_table(app: Flask, make, sign_in):
    school = make.school()
    head = make.manager(school, name="Ana Rusu", language="en")
    deputy = make.manager(school, name="Ion Ceban", duty=Duty.DEPUTY)
    done = make.manager(school, name="Olga Balan", duty=Duty.DESIGNATED_PERSON)
    stranger = make.manager(name="Vera Strange")
    with app.app_context(), unit_of_work():
        for number in range(5):
            passed_module(done, content().modules[number].id, at=NOW - 40 * DAY)
        begun(deputy, NOW - 8 * DAY)
        begun(stranger, NOW)
        for number in range(4):
            passed_module(head, content().modules[number].id, at=NOW - timedelta(hours=1))
        last = minutes_of(content().modules[4:])
        begun_minutes = minutes_of(content().modules) - sum(
            one.plan.minutes for one in content().modules[0].lessons[:2]
        )

    with clock.at(NOW):
        page = sign_in(head).get("/learn")

    def time(minutes):
        return f"{minutes} minutes" if minutes < 90 else f"{round(minutes / 60)} hours"

    assert rows(page) == [
        ["Ana Rusu (Head)", "5", time(last), "Within a week"],
        ["Ion Ceban (Deputy head)", "1, 2, 3, 4, 5", time(begun_minutes), "Within a month"],
        [
            "Olga Balan (Designated person for child protection)",
            "none",
            "–",
            "Longer ago",
        ],
    ]


def test_nobody_outside_the_school_sees_when_somebody_learned(make, sign_in):
    make.manager(name="Ana Rusu")
    for role in (Role.REVIEWER, Role.COORDINATOR, Role.SECRETARIAT):
        page = sign_in(make.user(role)).get("/learn")

        assert rows(page) is None
        assert "Ana Rusu" not in page.get_data(as_text=True)
