"""Whoever lost an account to a stolen password gets it back by the mail to the old address."""

from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries.former_names import former_names
from cissapp.people.accounts.rules import Duty
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("stopped_clock")

OWN, THIEFS, SECOND = "olena@school.example", "thief@mail.example", "thief2@mail.example"
CHOSEN = "a stone bridge at noon"


@pytest.fixture
def school(make):
    return make.school()


@pytest.fixture
def head(make, school):
    return make.manager(school, name="Olena Bondar", email=OWN)


@pytest.fixture
def browse(app, head):
    """A browser that is signed in with the address and the password of today."""

    def signed_in():
        with app.app_context():
            return session.get_one(User, head.id).email

    def browser():
        found = app.test_client()
        assert enter(found, signed_in()) == 302
        return found

    return browser


@pytest.fixture
def links(mails):
    """The links to one page in the mails to an address, oldest first."""

    def find(to, page):
        words = [word for who, _subject, body in mails() if who == to for word in body.split()]
        paths = [urlsplit(word).path for word in words if "://" in word]
        return [path for path in paths if path.rpartition("/")[0] == page]

    return find


@pytest.fixture
def take(browse, client, links):
    """Change the address, as somebody does who knows the password."""
    minutes = (NOW + timedelta(minutes=number) for number in count())

    def change(email):
        data = {"email": email, "current_password": PASSWORD}
        # Each at a minute of its own, as the mails of one address do not share a moment.
        with clock.at(next(minutes)):
            assert browse().post("/account/email", data=data).status_code == 302
            assert client.post(*links(email, "/account/email")).location == "/sign-in"

    return change


def enter(client, email, password=PASSWORD):
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


@pytest.mark.parametrize("then", [[], [SECOND], [OWN]])
def test_the_old_address_gets_the_account_back(
    client, browse, school, head, take, links, mails, make, app, then
):
    deputy = make.manager(school, duty=Duty.DEPUTY)
    for email in (THIEFS, *then):
        take(email)
    thief = browse()
    (link,) = links(OWN, "/account/email/restore")
    assert not links(THIEFS, "/account/email/restore")
    assert OWN in client.get(link).get_data(as_text=True)
    assert thief.get("/account").status_code == 200

    answer = client.post(link)

    assert thief.get("/account").status_code == 302
    assert [enter(client, one) for one in (OWN, THIEFS, SECOND)] == [200] * 3
    assert client.post(answer.location, data={"new_password": CHOSEN}).status_code == 302
    assert enter(client, OWN, CHOSEN) == 302
    assert client.get(link).status_code == client.post(link).status_code == 410
    with app.app_context():
        had = {one.email for one in former_names(head.id)}
        assert had >= {THIEFS, *then} - {OWN}
    assert "A person restored their earlier email address" not in {
        subject for to, subject, _body in mails() if to == deputy.email
    }


def test_who_knows_the_person_is_told_of_it(client, school, head, take, links, mails, make):
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    take(THIEFS)

    client.post(*links(OWN, "/account/email/restore"))

    (body,) = [
        body for to, subject, body in mails() if to == coordinator.email and "restored" in subject
    ]
    assert f"{head.name} has restored their earlier email address, {OWN}" in " ".join(body.split())
    assert THIEFS in [
        to
        for to, subject, _body in mails()
        if subject == "The email address of your account has changed"
    ]


@pytest.mark.parametrize("ends", ["time", "closed", "forged"])
def test_the_link_ends(client, head, take, links, app, ends):
    take(THIEFS)
    (link,) = links(OWN, "/account/email/restore")
    last = NOW + timedelta(days=7) - timedelta(seconds=1)
    with clock.at(last):
        assert client.get(link).status_code == 200
    with app.app_context():
        if ends == "closed":
            person = session.get_one(User, head.id)
            person.deactivated_at, person.deactivated_by_id = NOW, person.id
            db.session.commit()
    link = link[:-2] + "xx" if ends == "forged" else link

    with clock.at(NOW + timedelta(days=7) if ends == "time" else NOW):
        assert client.post(link).status_code == 410


def test_an_address_that_got_an_account_meanwhile_stays_with_it(client, take, links, make):
    take(THIEFS)
    make.user(email=OWN)

    answer = client.post(*links(OWN, "/account/email/restore"))

    assert answer.status_code == 422
    assert "There is already an account with this email address." in answer.get_data(as_text=True)
    assert enter(client, THIEFS) == 302


def test_a_reset_can_be_asked_for_again_though_two_were_in_vain(client, take, links, mails):
    take(THIEFS)
    for _ in range(3):
        client.post("/password-reset", data={"email": OWN})

    client.post(*links(OWN, "/account/email/restore"))
    client.post("/password-reset", data={"email": OWN})

    assert len(links(OWN, "/password-reset")) == 1


def test_an_erasure_that_waits_is_stopped(client, browse, take, links, app):
    take(THIEFS)
    browse().post("/account/data/erasure", data={"erase_password": PASSWORD})
    with app.app_context():
        assert session.scalars(select(ErasureRequest.stopped_at)).all() == [None]

    client.post(*links(OWN, "/account/email/restore"))

    with app.app_context():
        assert session.scalars(select(ErasureRequest.stopped_at)).all() == [NOW]


def test_a_restored_name_is_kept_for_an_erasure(client, browse, head, take, links, app):
    take(THIEFS)
    browse().post("/account/name", data={"name": "Somebody Else"})

    client.post(*links(OWN, "/account/email/restore"))

    with app.app_context():
        had = {(one.name, one.email) for one in former_names(head.id)}
        assert had == {("Olena Bondar", THIEFS), ("Somebody Else", THIEFS)}
