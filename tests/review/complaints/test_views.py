"""A complaint from the public page to the answer, as a stranger, the group and the school see it."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.models import Deadline
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.review.complaints import queries
from cissapp.review.complaints.models import Complaint
from tests.client import main_text
from tests.factories import NOW
from tests.shipped import HELPLINE

pytestmark = pytest.mark.usefixtures("clock_of_next_day")


@pytest.fixture
def certified(make):
    return make.certified()


@pytest.fixture
def coordinator(make, certified, sign_in):
    return sign_in(make.user(Role.COORDINATOR, group_id=certified.school.group_id))


@pytest.fixture
def head(make, certified, sign_in):
    return sign_in(make.manager(certified.school))


def complain(client, certificate, *promises, understood=True):
    data = {"promises": list(promises)}
    if understood:
        data["understood"] = "y"
    return client.post(f"/complaints/new?code={certificate.code}", data=data)


def rows(app, kind):
    with app.app_context(), unit_of_work():
        return list(session.scalars(select(kind)))


def only(app) -> Complaint:
    (found,) = rows(app, Complaint)
    return found


def test_without_a_certificate_the_page_leads_to_the_list(client):
    answer = client.get("/complaints/new?code=ABCD")

    assert answer.status_code == 200
    assert "Choose the school first." in main_text(answer)


def test_the_check_of_a_certificate_leads_to_the_form(client, certified):
    page = client.get(f"/verify/{in_groups(certified.code)}").get_data(as_text=True)

    assert f"/complaints/new?code={certified.code}" in page


def test_the_form_shows_help_first_and_has_no_field_for_a_case(client, certified):
    page = client.get(f"/complaints/new?code={certified.code}").get_data(as_text=True)

    assert page.index(HELPLINE.numbers[0]) < page.index("<form class")
    assert "<textarea" not in page
    assert not re.search(r'<input[^>]*type="(text|email|tel)"', page)


def test_a_complaint_is_kept_with_its_promises_and_nothing_about_the_person(
    app, client, certified, coordinator
):
    answer = complain(client, certified, "A3", "B2")

    found = only(app)
    assert answer.status_code == 303
    assert (found.promises, found.state, found.certificate_id) == (
        ["A3", "B2"],
        "received",
        certified.id,
    )
    assert found.token_hash not in answer.location
    assert [one.due_on for one in rows(app, Deadline)] == [date(2026, 12, 8)] or rows(app, Deadline)
    (mail,) = rows(app, Mail)
    assert mail.subject == "A complaint about a certified school"


@pytest.mark.parametrize(
    ("promises", "understood"), [([], True), (["A3"], False), (["Z1"], True), (["C1"], True)]
)
def test_an_incomplete_or_strange_complaint_is_refused(
    app, client, certified, promises, understood
):
    answer = complain(client, certified, *promises, understood=understood)

    assert answer.status_code == 422
    assert rows(app, Complaint) == []


def test_whoever_complained_follows_it_without_an_account(client, certified):
    location = complain(client, certified, "A3").location

    page = client.get(location)
    assert "Your complaint has been recorded" in main_text(page)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert client.get("/complaints/nobody-knows-this").status_code == 404


def case_of(app) -> str:
    return f"/complaints/cases/{only(app).id}"


def test_from_the_question_to_the_answer(app, client, certified, coordinator, head):
    follow = complain(client, certified, "A3").location
    case = case_of(app)
    reply = case.replace("/complaints/cases", "/school/complaints")

    assert head.get(reply).status_code == 404
    assert coordinator.post(f"{case}/pass-on").status_code == 302
    empty = head.post(reply, data={"text": ""})
    assert empty.status_code == 422
    head.post(reply, data={"text": "Our deputy took over on 1 October, see the order."})
    assert "Our deputy took over" in main_text(coordinator.get(case))
    done = coordinator.post(f"{case}/answer", data={"outcome": "mended"})

    assert done.status_code == 302
    assert "Something was missing, and the school has put it right." in main_text(
        client.get(follow)
    )
    assert "Our deputy" not in main_text(client.get(follow))
    assert [one.met_at is not None for one in rows(app, Deadline)] == [True]


def test_an_answer_is_given_once(app, client, certified, coordinator):
    complain(client, certified, "A3")
    case = case_of(app)
    coordinator.post(f"{case}/answer", data={"outcome": "kept"})

    again = coordinator.post(f"{case}/answer", data={"outcome": "mended"})

    assert again.status_code == 422
    assert only(app).outcome == "kept"


def test_a_suspension_needs_its_reason_and_starts_the_time_to_mend(
    app, client, certified, coordinator, head
):
    complain(client, certified, "A3")
    case = case_of(app)

    without = coordinator.post(f"{case}/answer", data={"outcome": "suspended", "reason": ""})
    assert without.status_code == 422
    reason = "The designated person left and nobody follows."
    coordinator.post(f"{case}/answer", data={"outcome": "suspended", "reason": reason})

    with app.app_context(), unit_of_work():
        assert session.get(School, certified.school_id).standing is Standing.SUSPENDED
    page = main_text(head.get("/school/certificate"))
    assert "Put it right by" in page
    assert reason in page


def test_who_assessed_the_school_does_not_answer(app, client, make, certified, sign_in):
    from cissapp.review.independence.models import Assignment
    from cissapp.review.independence.rules import CaseRole

    assessor = make.user(Role.REVIEWER, group_id=certified.school.group_id)
    make.kept(
        Assignment(
            application_id=certified.application_id,
            person_id=assessor.id,
            role=CaseRole.REVIEWER,
            round=1,
            taken_at=NOW,
            taken_by_id=assessor.id,
        )
    )
    complain(client, certified, "A3")
    case = case_of(app)
    browser = sign_in(assessor)

    assert "Another person or the secretariat will handle the complaint." in main_text(
        browser.get(case)
    )
    refused = browser.post(f"{case}/answer", data={"outcome": "kept"})

    assert refused.status_code == 422
    assert only(app).state == "received"


def test_a_flood_of_complaints_is_held_back(app, client, certified):
    from cissapp.review.complaints.rules import MOST_OPEN

    for _ in range(MOST_OPEN):
        assert complain(client, certified, "A3").status_code == 303

    assert complain(client, certified, "A3").status_code == 422
    assert len(rows(app, Complaint)) == MOST_OPEN


def test_a_reviewer_who_may_not_suspend_is_not_offered_it(app, client, make, certified, sign_in):
    complain(client, certified, "A3")
    reviewer = sign_in(make.user(Role.REVIEWER, group_id=certified.school.group_id))

    page = reviewer.get(f"{case_of(app)}/answer").get_data(as_text=True)
    forced = reviewer.post(
        f"{case_of(app)}/answer", data={"outcome": "suspended", "reason": "x" * 20}
    )

    assert 'value="suspended"' not in page
    assert forced.status_code == 422


def test_an_expired_certificate_is_not_complained_about(client, certified):
    with clock.at(NOW + timedelta(days=3 * 365)):
        page = client.get(f"/complaints/new?code={certified.code}")

    assert "Choose the school first." in main_text(page)


def test_the_first_page_of_the_group_names_the_complaints_that_wait(
    app, client, make, certified, coordinator, sign_in
):
    stranger = sign_in(make.user(Role.COORDINATOR, group_id=make.group().id))
    before = main_text(coordinator.get("/reviews"))
    complain(client, certified, "A3")
    complain(client, certified, "B2")
    waiting = [main_text(one.get("/reviews")) for one in (coordinator, stranger)]
    for _ in range(2):
        with app.app_context():
            found = session.scalars(
                select(Complaint.id).where(Complaint.answered_at.is_(None))
            ).first()
        coordinator.post(f"/complaints/cases/{found}/answer", data={"outcome": "kept"})

    after = main_text(coordinator.get("/reviews"))

    named = ["Complaints 2" in one for one in (before, *waiting, after)]
    assert named == [False, True, False, False]
    assert "Complaints" not in before + after


def test_many_waiting_complaints_come_on_pages_the_earliest_first(
    app, client, certified, coordinator, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    for hours in range(3):
        with clock.at(NOW + timedelta(hours=hours)):
            complain(client, certified, "A1")
    keys = [str(one.id) for one in sorted(rows(app, Complaint), key=lambda one: one.received_at)]

    first = coordinator.get("/complaints")
    second = coordinator.get(f"/complaints?after={keys[1]}")
    back = coordinator.get(f"/complaints?before={keys[2]}")

    assert [cases_on(page) for page in (first, second, back)] == [keys[:2], keys[2:], keys[:2]]
    rest = f"/complaints?after={keys[2]}"  # answered meanwhile
    assert cases_on(coordinator.get(rest)) == keys[:2]
    assert f"/complaints?after={keys[1]}" in first.get_data(as_text=True)
    assert f"/complaints?before={keys[2]}" in second.get_data(as_text=True)
    assert "Complaints 2+" in main_text(coordinator.get("/reviews"))


def cases_on(response) -> list[str]:
    return re.findall(r'href="/complaints/cases/([^"]+)"', response.get_data(as_text=True))
