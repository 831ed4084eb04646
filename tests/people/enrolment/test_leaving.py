"""A school tells its group that it leaves the programme, closes or takes a break."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import LeavingKind, leaving_problems
from cissapp.people.notices.models import Mail, Notification
from tests.factories import NOW

pytestmark = [pytest.mark.usefixtures("stopped_clock"), pytest.mark.one_database("sqlite")]


@pytest.fixture
def school(make):
    return make.school()


@pytest.fixture
def coordinator(make, school):
    return make.user(Role.COORDINATOR, group_id=school.group_id)


def sent(app):
    with app.app_context():
        return [(one.to, one.subject) for one in session.scalars(select(Mail).order_by(Mail.to))]


def test_the_group_is_told_and_nothing_else_changes(app, make, sign_in, school, coordinator):
    head = make.manager(school)
    browser = sign_in(head)

    page = browser.get("/school/people").get_data(as_text=True)
    assert 'href="/school/leave"' in page
    answer = browser.post("/school/leave", data={"kind": "leaves", "until_on": ""})

    assert answer.location == "/school/people"
    assert sent(app) == [(coordinator.email, "A school wants to leave the programme")]
    with app.app_context():
        notice = session.scalars(select(Notification)).one()
        assert (notice.user_id, notice.path) == (coordinator.id, f"/schools/{school.id}")
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.event == Event.SCHOOL_LEAVING)
        ).one()
        assert (entry.school_id, entry.facts["kind"]) == (school.id, "leaves")
    history = sign_in(coordinator).get(f"/schools/{school.id}").get_data(as_text=True)
    assert "School told its group that it leaves, closes or takes a break" in history


def test_without_a_coordinator_the_secretariat_is_told_and_a_head_of_what_others_send(
    app, make, sign_in, school
):
    head = make.manager(school)
    secretariat = make.user(Role.SECRETARIAT)
    designated = make.manager(school, duty=Duty.DESIGNATED_PERSON)

    sign_in(designated).post("/school/leave", data={"kind": "pauses", "until_on": "2027-02-01"})

    assert set(sent(app)) == {
        (secretariat.email, "A school needs a break"),
        (head.email, "Your national group was told about your school’s plans"),
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose one."),
        ({"kind": "pauses", "until_on": "2020-01-01"}, "Choose a day that is still to come."),
        ({"kind": "closes", "until_on": "2027-02-01"}, "Only a break has an end."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_told(
    app, make, sign_in, school, coordinator, data, said
):
    answer = sign_in(make.manager(school)).post("/school/leave", data=data)

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert sent(app) == []


def test_a_fourth_time_in_a_day_is_refused(app, make, sign_in, school, coordinator):
    browser = sign_in(make.manager(school))

    answers = [browser.post("/school/leave", data={"kind": "pauses"}) for _ in range(4)]

    assert [one.status_code for one in answers] == [302, 302, 302, 422]
    assert "Wait for its answer." in answers[-1].get_data(as_text=True)
    assert len(sent(app)) == 3


@pytest.mark.parametrize("kind", LeavingKind)
def test_only_a_break_has_an_end_and_that_is_to_come(kind):
    ends = [None, NOW.date(), NOW.date() + timedelta(days=1)]

    found = [len(leaving_problems(kind, one, NOW.date())) for one in ends]

    assert found == ([0, 1, 0] if kind is LeavingKind.PAUSES else [0, 1, 1])
