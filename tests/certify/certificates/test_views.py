"""Pages of certificates: the school's and the group's pages."""

from datetime import UTC, datetime, timedelta

import pytest

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications.rules import ApplicationState
from tests.certify.certificates.pages import REASON, act, content_of
from tests.client import main_text

pytestmark = pytest.mark.usefixtures("clock_of_next_day")


# --- the school ----------------------------------------------------------------------------------


def test_the_school_sees_what_will_be_here(sign_in, make):
    page = sign_in(make.manager()).get("/school/certificate")

    assert "Your certificate appears here once the national group has decided." in main_text(page)


def test_the_school_sees_its_certificate_and_fetches_it(app, sign_in, make):
    school = make.school(name="Lyceum No. 4")
    certificate = make.certified(school)
    browser = sign_in(make.manager(school))

    page = browser.get("/school/certificate")
    file = browser.get(f"/school/certificate/{certificate.id}/file")
    picture = browser.get(f"/school/certificate/{certificate.id}/picture")

    assert "✓ Valid Lyceum No. 4" in main_text(page)
    assert f'src="/school/certificate/{certificate.id}/picture"' in page.text
    assert (picture.mimetype, picture.data[:4]) == ("image/webp", b"RIFF")
    assert f"http://ciss.example/verify/{in_groups(certificate.code)}" in main_text(page)
    assert file.get_data() == content_of(app, certificate)
    assert (file.mimetype, file.headers["Content-Disposition"]) == (
        "application/pdf",
        f"attachment; filename={certificate.number}.pdf",
    )
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_school_reads_why_it_is_suspended(app, sign_in, make):
    school = make.school()
    act(app, make.certified(school), "suspend")

    page = main_text(sign_in(make.manager(school)).get("/school/certificate"))

    assert "! Suspended" in page
    assert REASON in page
    # It says above not to show it.
    assert "Address to share" not in page


def test_who_is_told_to_apply_again_is_led_there(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    browser = sign_in(make.manager(school))
    link = 'href="/school/application"'

    before = browser.get("/school/certificate").text
    act(app, certificate, "withdraw")
    after = browser.get("/school/certificate").text

    assert (link in before, "Address to share" in before) == (False, True)
    assert (link in after, "Address to share" in after) == (True, False)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Your application is already submitted. See the application"),
        (
            1,
            "Your application is already submitted. Take the expired certificate off your school’s website. See the application",
        ),
    ],
)
def test_who_has_applied_again_is_not_told_to_do_so(app, sign_in, make, days, said):
    school = make.school()
    certificate = make.certified(school)
    make.application(school, cycle=2, state=ApplicationState.SUBMITTED, round=1)
    with app.app_context(), unit_of_work():
        renewing = session.get_one(School, school.id)
        renewing.progress, renewing.standing = Progress.SUBMITTED, Standing.EXPIRING
    until = certificate.valid_until_on + timedelta(days=days)

    with clock.at(datetime(until.year, until.month, until.day, 9, tzinfo=UTC)):
        page = main_text(sign_in(make.manager(school)).get("/school/certificate"))

    assert said in page
    assert "submit it again" not in page


def test_who_has_applied_again_after_a_withdrawal_is_not_told_to_do_so(app, sign_in, make):
    school = make.school()
    act(app, make.certified(school), "withdraw")
    make.application(school, cycle=2, state=ApplicationState.SUBMITTED, round=1)
    with app.app_context(), unit_of_work():
        session.get_one(School, school.id).progress = Progress.SUBMITTED

    page = main_text(sign_in(make.manager(school)).get("/school/certificate"))

    assert (
        "Your application is already submitted. Take the certificate off your school’s website. See the application"
        in page
    )
    assert "You may apply again" not in page


def test_who_has_the_next_certificate_is_not_told_to_apply(sign_in, make):
    school = make.school()
    # Years in which the key of the tests signs.
    make.certified(school, at=datetime(2022, 11, 25, 9, tzinfo=UTC))
    renewed = datetime(2024, 11, 15, 9, tzinfo=UTC)
    make.certified(school, cycle=2, at=renewed)

    with clock.at(renewed):
        page = sign_in(make.manager(school)).get("/school/certificate")

    assert "There is a newer certificate. It begins the day after" in main_text(page)
    assert "submit it again" not in main_text(page)
    assert 'href="/school/application"' not in page.text


def test_another_school_does_not_learn_that_there_is_a_file(sign_in, make):
    certificate = make.certified()

    browser = sign_in(make.manager())
    answer = browser.get(f"/school/certificate/{certificate.id}/file")
    assert browser.get(f"/school/certificate/{certificate.id}/picture").status_code == 404

    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_file_that_was_changed_is_never_served(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    with app.app_context():
        path = files().root / certificate.file_key
    path.write_bytes(b"%PDF-1.7 something else")

    answer = sign_in(make.manager(school)).get(f"/school/certificate/{certificate.id}/file")

    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "something else" not in answer.get_data(as_text=True)


# --- the group and the secretariat ---------------------------------------------------------------


def standing(app, school) -> str:
    with app.app_context():
        return session.get(School, school.id).standing.value


def test_a_coordinator_suspends_and_reinstates(app, sign_in, make):
    group = make.group()
    school = make.school(group_id=group.id)
    certificate = make.certified(school)
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    address = f"/certificates/{certificate.id}"
    given = {"reason": REASON, "confirmed": "y"}

    answers = [browser.post(f"{address}/suspend", data=given)]
    standings = [standing(app, school)]
    answers.append(browser.post(f"{address}/reinstate", data=given))
    standings.append(standing(app, school))
    page = browser.get(address)

    assert [(one.status_code, one.location) for one in answers] == [(302, address)] * 2
    assert standings == ["suspended", "valid"]
    assert main_text(page).count(REASON) == 2
    assert f"{address}/suspend" in page.get_data(as_text=True)
    assert f"{address}/withdraw" not in page.get_data(as_text=True)


def test_the_secretariat_withdraws_for_good(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    browser = sign_in(make.user(Role.SECRETARIAT))
    address = f"/certificates/{certificate.id}"
    given = {"reason": REASON, "confirmed": "y"}

    first = browser.post(f"{address}/withdraw", data=given)
    second = browser.post(f"{address}/withdraw", data=given)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "Someone else changed this first." in main_text(second)
    assert standing(app, school) == "withdrawn"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"confirmed": "y"}, "Enter the reason."),
        ({"reason": "short", "confirmed": "y"}, "Enter the reason in 10 to 1,000 characters."),
        ({"reason": REASON}, "Confirm that you want to go ahead."),
    ],
)
def test_without_reason_and_confirmation_nothing_happens(app, sign_in, make, given, message):
    school = make.school()
    certificate = make.certified(school)

    answer = sign_in(make.user(Role.SECRETARIAT)).post(
        f"/certificates/{certificate.id}/withdraw", data=given
    )

    assert answer.status_code == 422
    assert message in main_text(answer)
    assert standing(app, school) == "valid"


@pytest.mark.parametrize(
    "attempt",
    [
        (Role.COORDINATOR, "withdraw", 403),
        (Role.REVIEWER, "suspend", 403),
        (Role.MINISTRY, "withdraw", 403),
        (Role.COORDINATOR, "suspend", 404),  # of another group
        (Role.SCHOOL_MANAGER, "withdraw", 403),
    ],
)
def test_nobody_else_acts(app, sign_in, make, attempt: tuple[Role, str, int]):
    role, action, status = attempt
    school = make.school()
    certificate = make.certified(school)

    answer = sign_in(make.user(role)).post(
        f"/certificates/{certificate.id}/{action}", data={"reason": REASON, "confirmed": "y"}
    )

    assert (answer.status_code, standing(app, school)) == (status, "valid")


@pytest.mark.parametrize(
    ("action", "happens"),
    [
        ("suspend", "Everyone who checks"),
        ("reinstate", "The certificate will be valid again immediately"),
    ],
)
def test_the_page_says_what_will_happen(sign_in, make, action: str, happens: str):
    group = make.group()
    certificate = make.certified(make.school(group_id=group.id))

    page = sign_in(make.user(Role.COORDINATOR, group_id=group.id)).get(
        f"/certificates/{certificate.id}/{action}"
    )

    assert f"What happens {happens}" in main_text(page)
