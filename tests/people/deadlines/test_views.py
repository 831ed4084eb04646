"""The page that moves a deadline, and the lists of open ones on the pages of school and group."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines import services
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree, words

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)
DUE = date(2026, 12, 23)
REASON = "The psychologist is ill until Friday."
MOVED = {"due_on": "2027-01-12", "reason": REASON}


@pytest.fixture
def opened(app):
    def made(
        kind=DeadlineKind.CHANGES, of=None, subject_id=None, person_id=None, due_on=DUE, at=NOW
    ):
        of = of or make.school()
        with app.app_context(), unit_of_work():
            deadline = services.open(
                kind,
                subject_id=subject_id or uuid4(),
                school=session.get(School, of.id),
                due_on=due_on,
                person_id=person_id,
                by=SYSTEM,
                at=at,
            )
            session.refresh(deadline)
            assert deadline.school
            return deadline

    return made


def at(deadline: Any) -> str:
    return f"/deadlines/{deadline.id}/change"


def main(page: Any) -> Any:
    return tree(page).find(".//main")


def due_on(app: Any, deadline: Any) -> date:
    with app.app_context():
        return session.get(Deadline, deadline.id).due_on


def test_a_school_sees_its_days_and_asks_for_more_time(app, opened, sign_in):
    school = make.school()
    deadline = opened(of=school)
    browser = sign_in(make.manager(school))

    listed = main(browser.get("/school/application"))
    (link,) = [one for one in listed.iter("a") if words(one) == "Ask for more time"]
    assert link.get("href") == at(deadline)
    assert "Deadlines The school’s answer: 23 December 2026 Waiting for: The school" in words(
        listed
    )
    assert "● in 28 days" in words(listed)

    page = words(main(browser.get(at(deadline))))
    assert "No later than 20 January 2027." in page
    answer = browser.post(at(deadline), data=MOVED)

    assert (answer.status_code, answer.location) == (302, "/school/application")
    assert due_on(app, deadline) == date(2027, 1, 12)
    listed = words(main(browser.get("/school/application")))
    assert (
        "The school changed the date on 25 November 2026, from 23 December 2026 to 12 January 2027."
        f" Reason: {REASON}" in listed
    )
    assert "You have already extended this deadline once." in words(main(browser.get(at(deadline))))


def test_the_group_sees_the_same_move_with_its_reason(opened, sign_in):
    school = make.school()
    deadline = opened(of=school)
    sign_in(make.manager(school)).post(at(deadline), data=MOVED)

    page = words(
        main(sign_in(make.user(Role.REVIEWER, group_id=school.group_id)).get(at(deadline)))
    )

    assert "The school changed the date on 25 November 2026" in page
    assert REASON in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"due_on": "2027-01-21"}, "You can choose a date up to 20 January 2027."),
        ({"due_on": "2026-12-23"}, "This is the current date."),
        ({"due_on": ""}, "Choose a day."),
        ({"due_on": "tomorrow"}, "Not a valid date value."),
        ({"reason": "no"}, "Write between 10 and 1000 characters."),
        ({"reason": ""}, "Enter a reason."),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    app, opened, sign_in, values, said
):
    deadline = opened()
    answer = sign_in(make.manager(deadline.school)).post(at(deadline), data=MOVED | values)

    assert answer.status_code == 422
    assert said in words(main(answer))
    typed = main(answer).find(".//textarea[@name='reason']")
    assert "".join(typed.itertext()).strip() == (MOVED | values)["reason"]
    assert due_on(app, deadline) == DUE


def test_a_school_moves_no_day_of_the_group_and_is_told_before_it_types(app, opened, sign_in):
    deadline = opened(DeadlineKind.REVIEW)
    browser = sign_in(make.manager(deadline.school))

    page = main(browser.get(at(deadline)))
    answer = browser.post(at(deadline), data=MOVED)

    assert "Only your national group can change this date." in words(page)
    assert page.find(".//form[@method='post']") is None
    assert (answer.status_code, due_on(app, deadline)) == (422, DUE)


@pytest.mark.parametrize(
    "kind", [DeadlineKind.SECOND_REVIEW, DeadlineKind.COMPLAINT, DeadlineKind.DRILL]
)
def test_what_a_school_may_not_know_of_does_not_exist_for_it(opened, sign_in, kind):
    deadline = opened(kind)
    browser = sign_in(make.manager(deadline.school))

    assert browser.get(at(deadline)).status_code == 404
    assert "23 December 2026" not in words(main(browser.get("/school/application")))


def test_what_is_done_has_no_page_any_more(app, opened, sign_in):
    deadline = opened()
    with app.app_context(), unit_of_work():
        services.meet(deadline.kind, subject_id=deadline.subject_id, at=NOW)

    assert sign_in(make.manager(deadline.school)).get(at(deadline)).status_code == 404


def test_a_day_that_is_over_is_said_in_words_without_blame(opened, sign_in):
    school = make.school()
    opened(of=school, due_on=date(2026, 11, 23), at=NOW - 20 * DAY)

    page = words(main(sign_in(make.manager(school)).get("/school/application")))

    assert "The school’s answer: 23 November 2026" in page
    assert "! 2 days overdue" in page


def test_the_page_of_the_case_shows_its_days_to_the_group(opened, sign_in):
    application = make.handed_in()
    (reviewer,) = make.reviewers(application, 1)

    page = main(sign_in(reviewer).get(f"/reviews/{application.id}"))

    # Thirty working days after 25 November, without 25 December, 1, 7 and 8 January.
    assert "Deadlines Review: 12 January 2027 Waiting for: The national group" in words(page)
    assert "● in 48 days" in words(page)
    assert [words(one) for one in page.iter("a") if words(one) == "Change the date"] == [
        "Change the date"
    ]


def test_who_writes_a_review_does_not_see_the_day_of_the_other_one(opened, sign_in):
    school = make.school()
    first, second = (make.user(Role.REVIEWER, group_id=school.group_id) for _ in range(2))
    boss = make.user(Role.COORDINATOR, group_id=school.group_id)
    subject = uuid4()
    one = opened(DeadlineKind.REVIEW, of=school, subject_id=subject, person_id=first.id)
    other = opened(DeadlineKind.SECOND_REVIEW, of=school, subject_id=subject, person_id=second.id)

    codes = {
        person.id: [sign_in(person).get(at(deadline)).status_code for deadline in (one, other)]
        for person in (first, second, boss)
    }

    assert codes == {first.id: [200, 404], second.id: [404, 200], boss.id: [200, 200]}


def test_an_appointment_has_no_link_to_another_day(opened, sign_in):
    school = make.school()
    deadline = opened(DeadlineKind.VISIT, of=school)
    browser = sign_in(make.manager(school))

    page = main(browser.get("/school/application"))

    assert "Visit or video call: 23 December 2026" in words(page)
    assert at(deadline) not in [one.get("href") for one in page.iter("a")]
    assert "This date changes with the appointment" in words(main(browser.get(at(deadline))))
