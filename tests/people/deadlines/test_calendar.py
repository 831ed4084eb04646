"""The private address of a calendar: what stands in it for whom, and when it ends."""

import re
from datetime import date
from uuid import uuid4

import flask
import pytest
from icalendar import Calendar

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import services
from cissapp.people.deadlines.mails import place_of
from cissapp.people.deadlines.models import CalendarFeed, Deadline
from cissapp.people.deadlines.rules import SHOWN_TO_SCHOOL, DeadlineKind
from cissapp.people.schools.models import School
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("stopped_clock")

DUE = date(2026, 12, 9)


@pytest.fixture
def school(app):
    return make.school(name="Alpha")


def opened(app, school, kind, *, subject=None, person=None):
    with app.app_context(), unit_of_work():
        services.open(
            kind,
            subject_id=subject or uuid4(),
            school=session.get_one(School, school.id),
            due_on=DUE,
            person_id=person.id if person else None,
            by=SYSTEM,
            at=NOW,
        )


def address(browser):
    page = browser.post("/account/calendar/new").get_data(as_text=True)
    (found,) = re.findall(r'value="http://ciss\.example(/calendar/[^"]*)"', page)
    return found


def titles(app, path):
    answer = app.test_client().get(path)
    assert answer.status_code == 200, answer.status_code
    events = [
        one
        for one in Calendar.from_ical(answer.data).walk("VEVENT")
        if not str(one["url"]).endswith("/school/plan")
    ]
    assert {one.decoded("dtstart") for one in events} <= {DUE}
    return sorted(str(one["summary"]) for one in events)


def test_a_school_gets_what_it_is_shown_and_a_group_what_it_has_to_do(app, school, sign_in):
    reviewer = make.user(Role.REVIEWER, group_id=school.group_id)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    case = uuid4()
    opened(app, school, DeadlineKind.CHANGES)
    opened(app, school, DeadlineKind.REVIEW, subject=case, person=reviewer)
    opened(app, school, DeadlineKind.SECOND_REVIEW, subject=case, person=coordinator)
    opened(app, school, DeadlineKind.COMPLAINT)
    opened(app, make.school(), DeadlineKind.CHANGES)

    found = [
        titles(app, address(sign_in(one))) for one in (make.manager(school), reviewer, coordinator)
    ]

    assert found == [
        ["CISS: Review", "CISS: The school’s answer"],
        [
            "CISS: Answer to the complaint, Alpha",
            "CISS: Review, Alpha",
            "CISS: The school’s answer, Alpha",
        ],
        [
            "CISS: Answer to the complaint, Alpha",
            "CISS: Second review, Alpha",
            "CISS: The school’s answer, Alpha",
        ],
    ]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("role", [Role.SCHOOL_MANAGER, Role.COORDINATOR])
def test_an_entry_leads_only_where_its_reader_may_go(app, role):
    person = make.user(role)
    kinds = SHOWN_TO_SCHOOL if role is Role.SCHOOL_MANAGER else set(DeadlineKind)

    with app.test_request_context():
        routes = app.create_url_adapter(flask.request)
        ends = {
            kind: routes.match(place_of(Deadline(kind=kind, subject_id=uuid4()), person))[0]
            for kind in kinds
        }

    access = {kind: app.view_functions[end].access for kind, end in ends.items()}
    assert {kind for kind, right in access.items() if role not in MATRIX[right]} == set()


def test_an_address_ends_when_it_is_renewed_removed_or_its_person_has_left(app, school, sign_in):
    head = make.manager(school)
    browser = sign_in(head)
    assert "Create a private address" in browser.get("/account/calendar").get_data(as_text=True)
    first = address(browser)
    second = address(browser)

    def status(path):
        return app.test_client().get(path).status_code

    assert (status(first), status(second)) == (404, 200)
    with app.app_context():
        assert second.split("/")[-1].removesuffix(".ics") not in (
            session.get_one(CalendarFeed, head.id).token_hash
        )
    assert browser.post("/account/calendar/remove").status_code == 302
    assert status(second) == 404
    third = address(browser)
    with app.app_context(), unit_of_work():
        row = session.get_one(User, head.id)
        row.deactivated_at, row.deactivated_by_id = NOW, head.id
    assert status(third) == 404


def test_a_calendar_asks_again_only_for_what_changed(app, school, sign_in):
    path = address(sign_in(make.manager(school)))
    client = app.test_client()
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    opened(app, school, DeadlineKind.CHANGES)
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, max-age=3600"
    assert (first.mimetype, same.status_code, changed.status_code) == ("text/calendar", 304, 200)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in first.data


def test_who_has_no_deadlines_has_no_calendar(sign_in):
    assert sign_in(make.user(Role.MINISTRY)).get("/account/calendar").status_code == 403
    assert "Deadlines in your calendar" not in sign_in(make.user(Role.MINISTRY)).get(
        "/account"
    ).get_data(as_text=True)


def test_a_school_is_not_offered_to_move_what_only_the_group_can_move(app, school, sign_in):
    opened(app, school, DeadlineKind.REVIEW)
    page = sign_in(make.manager(school)).get("/school/application").get_data(as_text=True)

    assert ("in 14 days" in page, "Change the date" in page) == (True, False)
