"""A person changes their own name and email address, through the client."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts import services
from cissapp.people.accounts.models import FormerName, User
from cissapp.people.accounts.queries.former_names import former_names
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from cissapp.people.notices.models import Notification
from tests.client import main_text
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("stopped_clock")

NEW = "olena.new@school.example"


@pytest.fixture
def school(make):
    return make.school()


@pytest.fixture
def head(make, school):
    return make.manager(school, name="Olena Bondar", email="olena@school.example")


def ask(browser, email=NEW, password=PASSWORD):
    return browser.post("/account/email", data={"email": email, "current_password": password})


def link_in(mails, address=NEW):
    asked = "Confirm your new email address"
    (body,) = [body for to, subject, body in mails() if (to, subject) == (address, asked)]
    return next(urlsplit(word).path for word in body.split() if "/account/email/" in word)


def enter(client, email):
    return client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code


def test_a_new_address_counts_once_its_link_is_confirmed(
    client, sign_in, school, head, make, mails, app
):
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    browser = sign_in(head)
    # The first password is hashed anew, as the hash of the tests is a cheap one.
    assert enter(client, head.email) == 302

    assert ask(browser).status_code == 302
    link = link_in(mails)
    assert enter(client, head.email) == 302
    assert client.get(link).status_code == 200
    assert browser.get("/account").status_code == 200
    assert client.post(link).location == "/sign-in"

    assert browser.get("/account").status_code == 302
    assert (enter(client, "olena@school.example"), enter(client, NEW)) == (200, 302)
    assert client.get(link).status_code == 410
    told = {to: subject for to, subject, _body in mails()}
    assert told["olena@school.example"] == "The email address of your account has changed"
    assert told[coordinator.email] == "A person changed their name or email address"
    with app.app_context():
        assert session.get_one(User, head.id).school_id == head.school_id
        assert (
            session.scalars(select(AuditEntry.event)).all().count(Event.PERSON_ADDRESS_CHANGED) == 1
        )


@pytest.mark.parametrize("change", ["time", "password", "closed", "forged"])
def test_a_link_to_a_new_address_ends(client, sign_in, head, mails, app, change):
    ask(sign_in(head))
    link = link_in(mails)
    later = NOW
    with app.app_context():
        person = session.get_one(User, head.id)
        if change == "time":
            later = NOW + timedelta(days=1)
        elif change == "password":
            person.password_hash = "another"
        elif change == "closed":
            person.deactivated_at, person.deactivated_by_id = NOW, person.id
        else:
            link = link[:-2] + "xx"
        db.session.commit()

    with clock.at(later):
        assert client.post(link).status_code == 410


def test_the_answer_is_the_same_if_another_account_has_the_address(sign_in, head, make, mails):
    make.user(Role.REVIEWER, email=NEW)
    browser = sign_in(head)

    assert ask(browser).location == "/account"
    (body,) = [body for to, _subject, body in mails() if to == NEW]
    assert "two accounts cannot share one" in " ".join(body.split())
    assert "/account/email/" not in body


def test_an_address_that_got_an_account_meanwhile_stays_with_it(client, sign_in, head, make, mails):
    ask(sign_in(head))
    link = link_in(mails)
    make.user(Role.REVIEWER, email=NEW)

    answer = client.post(link)

    assert answer.status_code == 422
    assert "There is already an account with this email address." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        (NEW, "a wrong guess", "This is not your current password."),
        ("Olena@school.example", PASSWORD, "This is already the email address of your account."),
        ("nobody", PASSWORD, "Enter an email address like name@school.example."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(sign_in, head, mails, email, password, said):
    answer = ask(sign_in(head), email, password)

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert f'value="{email}"' in answer.get_data(as_text=True)
    assert mails() == []


def test_a_sixth_link_in_a_day_is_refused(sign_in, head):
    browser = sign_in(head)

    assert [ask(browser, f"n{one}@school.example").status_code for one in range(6)] == [302] * 5 + [
        429
    ]


def test_a_new_name_is_told_to_the_head(sign_in, school, head, make, mails):
    deputy = make.manager(school, duty=Duty.DEPUTY, name="Iryna Koval")
    browser = sign_in(deputy)

    assert browser.post("/account/name", data={"name": "Iryna Shevchenko"}).location == "/account"

    assert "Iryna Shevchenko" in browser.get("/account").get_data(as_text=True)
    ((to, _subject, body),) = mails()
    assert to == head.email
    assert "Iryna Koval has changed their name. It is now: Iryna Shevchenko" in " ".join(
        body.split()
    )
    assert browser.post("/account/name", data={"name": " "}).status_code == 422


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.MINISTRY, Role.SECRETARIAT])
def test_somebody_who_knows_the_person_is_told(app, make, role):
    secretariat = make.user(Role.SECRETARIAT)
    person = make.user(role)
    coordinator = make.user(Role.COORDINATOR, group_id=person.group_id) if person.group_id else None

    with app.app_context():
        found = services.people_who_know(session.get_one(User, person.id))
        assert [one.id for one in found] == [(coordinator or secretariat).id]


@pytest.mark.parametrize("is_taken", [False, True])
def test_an_erasure_finds_what_the_person_was_called_before(
    client, sign_in, school, head, mails, app, make, is_taken
):
    sign_in(head).post("/account/name", data={"name": "Olena Shevchenko"})
    browser = sign_in(head)
    ask(browser)
    client.post(link_in(mails))
    if is_taken:
        make.user(Role.REVIEWER, email="olena@school.example")
    document = make.complete_dossier(school, head)
    with app.app_context():
        person = session.get_one(User, head.id)
        found = session.get_one(type(document), document.id)
        found.title = "Order of Olena Bondar, olena@school.example"
        assert len(former_names(person.id)) == 2
        person.deactivated_at, person.deactivated_by_id = NOW, person.id
        session.flush()

        pseudonym = erase(person, store=files(), at=NOW)

        title = session.scalar(select(type(document).title).where(type(document).id == document.id))
        address = "olena@school.example" if is_taken else pseudonym
        assert title == f"Order of {pseudonym}, {address}"
        assert session.scalars(select(FormerName)).all() == []


def test_a_guest_keeps_the_address_of_the_pass(make, sign_in, school):
    case = make.application(school)
    guest = make.user(Role.GUEST, guest_application_id=case.id, ends_at=NOW + timedelta(days=3))
    browser = sign_in(guest)

    assert "/account/email" not in browser.get("/account").get_data(as_text=True)
    assert "You were invited with this address." in ask(browser).get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MINISTRY, Role.SCHOOL_MANAGER])
def test_the_notice_about_a_person_opens_a_page(app, make, sign_in, role):
    group_id, secretariat = make.group().id, make.user(Role.SECRETARIAT)
    place = {"group_id": group_id} if role is Role.REVIEWER else {}
    if role is Role.SCHOOL_MANAGER:
        place = {"school_id": make.school(group_id=group_id).id}
    person = make.user(role, **place)
    coordinator = make.user(Role.COORDINATOR, group_id=group_id)
    knows = coordinator if place else secretariat
    sign_in(person).post("/account/name", data={"name": "Iryna Shevchenko"})

    with app.app_context():
        own = Notification.user_id == knows.id
        path = session.scalars(select(Notification.path).where(own)).one()
    assert sign_in(knows).get(path).status_code == 200


def test_a_used_link_stays_used_when_its_first_address_comes_back(client, sign_in, head, mails):
    ask(sign_in(head))
    first = link_in(mails)
    assert client.post(first).status_code == 302
    assert enter(client, NEW) == 302
    ask(client, "olena@school.example")
    assert client.post(link_in(mails, "olena@school.example")).status_code == 302

    assert client.post(first).status_code == 410


def test_a_new_name_does_not_end_the_link_to_a_new_address(client, sign_in, head, mails):
    browser = sign_in(head)
    ask(browser)
    browser.post("/account/name", data={"name": "Olena Shevchenko"})

    assert client.post(link_in(mails)).status_code == 302


def test_who_has_no_password_is_told_where_to_set_one(sign_in, make, mails):
    browser = sign_in(make.manager(password_hash=NO_PASSWORD))
    sent = {"email": NEW, "current_password": "x", "new_password": "y"}

    with clock.at(NOW + timedelta(minutes=16)):
        pages = [browser.get(f"/account/{page}") for page in ("email", "password")]
        answers = [browser.post(f"/account/{page}", data=sent) for page in ("email", "password")]

    for text in (page.get_data(as_text=True) for page in pages + answers):
        assert "Your account has no password at the moment. Set one first." in text
        assert 'href="/password-reset"' in text
        assert "This is not your current password." not in text
    assert [answer.status_code for answer in answers] == [422, 422]
    assert mails() == []


def test_who_has_no_password_changes_the_address_soon_after_signing_in(sign_in, make, mails):
    browser = sign_in(make.manager(password_hash=NO_PASSWORD))
    shown = browser.get("/account/email").get_data(as_text=True)

    answer = ask(browser, password="")

    assert "You showed a short time ago" in shown
    assert 'type="password"' not in shown
    assert answer.status_code == 302
    assert [to for to, _subject, _body in mails()] == [NEW]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("page", ["", "/factors", "/sessions", "/password", "/sign-on"])
def test_nobody_without_a_password_is_told_about_theirs(sign_in, make, page):
    theirs, own = (
        main_text(sign_in(make.user(Role.MINISTRY, **other)).get(f"/account{page}"))
        for other in ({"password_hash": NO_PASSWORD}, {"email": "with@ministry.example"})
    )

    assert not re.search(r"(?i)your password|\ba password (alone|can)", theirs)
    assert ("your password" in own.casefold()) == (page != "/factors")
