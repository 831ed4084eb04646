"""The school confirms its year and sees who is missing; the group looks, and decides."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.upkeep import services
from cissapp.certify.upkeep.models import YearConfirmation
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.people.schools.models import School
from tests.certify.upkeep.people import START, certified_place
from tests.pages import text_of

DAY = timedelta(days=1)
OPENS = datetime(2023, 11, 10, 9, 0, tzinfo=START.tzinfo)
LEFT = datetime(2023, 3, 1, 9, 0, tzinfo=START.tzinfo)


@pytest.fixture
def place(app, make):
    return certified_place()


def answers(**changes: str) -> dict[str, str]:
    values = {
        "persons_right": "y",
        "phones_tested_on": "2023-11-09",
        "policy_review_on": "2024-11-01",
        "staff_total": "40",
        "staff_trained": "38",
        "classes_taught": "20",
        "true": "y",
    }
    return {**values, **changes}


def test_the_head_confirms_the_year_on_its_page(app, place, sign_in):
    certificate, head, *_others = place
    with clock.at(OPENS):
        browser = sign_in(head)
        page = browser.get("/school/certificate/confirmation")
        done = browser.post("/school/certificate/confirmation", data=answers())
        after = browser.get("/school/certificate/confirmation")

    assert "9 December 2023" in page.text
    assert (done.status_code, done.location) == (302, "/school/certificate")
    assert "There is nothing to confirm now." in after.text
    assert "38 / 40" in after.text
    with app.app_context():
        (row,) = session.scalars(select(YearConfirmation))
        assert (row.certificate_id, row.year, row.confirmed_by_id) == (certificate.id, 1, head.id)
        assert row.policy_review_on == date(2024, 11, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"persons_right": ""}, "Confirm this, or correct your application first."),
        ({"staff_trained": "41"}, "This is more than the total number of staff."),
        ({"classes_taught": "-1"}, "Enter a number from 0 to 9,999."),
        ({"phones_tested_on": "2023-11-12"}, "Enter a date in the last 60 days."),
        ({"policy_review_on": "2020-11-12"}, "Enter a date that is still to come."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(app, place, sign_in, changes, sentence):
    _certificate, head, *_others = place
    with clock.at(OPENS):
        page = sign_in(head).post("/school/certificate/confirmation", data=answers(**changes))

    assert page.status_code == 422
    assert sentence in page.text
    with app.app_context():
        assert session.query(YearConfirmation).count() == 0


def test_only_a_head_or_deputy_confirms(place, sign_in):
    _certificate, _head, designated, _coordinator = place
    with clock.at(OPENS):
        page = sign_in(designated).post("/school/certificate/confirmation", data=answers())

    assert page.status_code == 422
    assert "The head or a deputy head must give the yearly confirmation." in page.text


def leave(app, place) -> None:
    _certificate, _head, designated, coordinator = place
    with app.app_context(), clock.at(LEFT), unit_of_work():
        deactivate(session.merge(designated), by=session.merge(coordinator), at=LEFT)


def test_the_page_of_people_says_only_what_is_missing(app, place, make, sign_in):
    certificate, head, *_others = place
    leave(app, place)
    with app.app_context():
        school = session.get(School, certificate.school_id)
    new = make.manager(school, duty=Duty.DESIGNATED_PERSON, joined_at=LEFT + DAY)
    make.passed_module(new, "children-online", LEFT + DAY)

    with clock.at(LEFT + 2 * DAY):
        page = sign_in(head).get("/school/certificate/people")

    assert "You have until 30 April 2023" in page.text
    assert f"Designated person for child protection: {new.name} must still pass 2." in page.text
    assert "Head or" not in page.text
    assert "Checklist for handing over" in page.text
    assert "The secretariat has closed the account of the person who left." in page.text


def test_nobody_is_missing_is_said_too(place, sign_in):
    _certificate, head, *_others = place
    with clock.at(LEFT):
        page = sign_in(head).get("/school/certificate/people")

    assert "Nobody is missing" in page.text


@pytest.mark.parametrize("who", ["head", "coordinator"])
def test_what_stands_behind_the_certificate_is_shown(app, place, sign_in, who: str):
    certificate, head, _designated, coordinator = place
    address = {
        "head": "/school/certificate",
        "coordinator": f"/schools/{certificate.school_id}",
    }[who]
    with clock.at(OPENS + 40 * DAY):
        page = sign_in({"head": head, "coordinator": coordinator}[who]).get(address)

    assert "What it is based on today" in page.text
    assert "It was due by 9 December 2023. It can still be given now." in page.text
    # The confirmation itself, and the two facts that it renews; the group has no page of its own for them.
    links = page.text.count('href="/school/certificate/confirmation"')
    assert links == {"head": 3, "coordinator": 0}[who]


def test_while_there_is_time_the_page_asks_to_confirm(place, sign_in):
    _certificate, head, *_others = place
    with clock.at(OPENS):
        browser = sign_in(head)
        before = browser.get("/school/certificate")
        browser.post("/school/certificate/confirmation", data=answers())
        after = browser.get("/school/certificate")

    assert "The yearly confirmation is due by 9 December 2023." in before.text
    assert "Confirmed on 10 November 2023." in after.text


def overdue(app, place) -> datetime:
    """Let the designated person leave and the time run out; give the day after."""
    leave(app, place)
    at = LEFT + 61 * DAY
    with app.app_context(), clock.at(at), unit_of_work():
        services.update_quorums(content(), at=at)
    return at


def test_the_group_decides_on_a_suspension_with_a_reason_that_is_offered(app, place, sign_in):
    certificate, _head, _designated, coordinator = place
    at = overdue(app, place)
    address = f"/certificates/{certificate.id}/suspend-for-people"
    with clock.at(at):
        browser = sign_in(coordinator)
        listed = browser.get("/upkeep")
        page = browser.get(f"/schools/{certificate.school_id}/upkeep")
        form = browser.get(address)
        unread = browser.post(address, data={"reason": "It is what is offered."})
        done = browser.post(
            address, data={"reason": "Nobody took the duty over.", "confirmed": "y"}
        )

    assert "Deadline passed" in listed.text
    assert address in page.text
    assert "Since 1 March 2023, too few people" in form.text
    assert "for 61 days." in form.text
    assert (unread.status_code, done.status_code) == (422, 302)
    with app.app_context():
        row = certificates.certificate(certificate.id)
        assert certificates.status(row, at.date(), 90).value == "suspended"


def test_there_is_nothing_to_suspend_before_the_time_is_over(app, place, sign_in):
    certificate, _head, _designated, coordinator = place
    leave(app, place)
    with clock.at(LEFT + DAY):
        page = sign_in(coordinator).get(f"/certificates/{certificate.id}/suspend-for-people")

    assert page.status_code == 404


def test_the_school_sees_both_certificates_and_which_one_counts(app, place, make, sign_in):
    certificate, head, *_others = place
    with app.app_context():
        school = session.get(School, certificate.school_id)
    new = make.certified(school, cycle=2, at=datetime(2024, 9, 26, 9, 0, tzinfo=START.tzinfo))

    with clock.at(datetime(2024, 11, 25, 9, 0, tzinfo=START.tzinfo)):
        before = sign_in(head).get("/school/certificate")
        first_before = text_of(sign_in(head).get("/school"))
    with clock.at(datetime(2024, 11, 26, 9, 0, tzinfo=START.tzinfo)):
        after = sign_in(head).get("/school/certificate")
        first_after = text_of(sign_in(head).get("/school"))

    assert "Valid until 25 November 2024. There is a newer certificate. It begins" in first_before
    assert "There is a newer certificate" not in first_after

    assert f"/school/certificate/{certificate.id}/file" in before.text
    assert "Not yet valid: it begins on a later date" in before.text
    assert f"/school/certificate/{new.id}/file" in after.text
    assert "Replaced by a newer certificate" in after.text
