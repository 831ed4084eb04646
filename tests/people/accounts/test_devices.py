"""Kinds of devices, the list of sessions, and the notice of a new kind."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import Proof, device_of, is_new_device
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from cissapp.people.notices.models import Mail, Notification
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:146.0) Gecko/146.0 Firefox/146.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("name", "device"),
    [
        (PHONE, "Firefox on Android"),
        (CHROME, "Chrome on Windows"),
        (f"{CHROME} Edg/142.0.0.0", "Edge on Windows"),
        (f"{CHROME} YaBrowser/25.10", "Yandex Browser on Windows"),
        (f"{CHROME} OPR/124.0", "Opera on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/142.0 Mobile/15E148 Safari/604.1", "Chrome on iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        ("curl/8.5.0", "? on ?"),
        ("", "? on ?"),
    ],
)  # fmt: skip
def test_a_device_is_named_by_its_kind(name: str, device: str):
    assert device_of(name) == device


@given(st.text(max_size=600))
def test_nothing_of_a_browsers_own_name_is_kept(name: str):
    browser, _, system = device_of(name).partition(" on ")

    assert {browser, system} <= {
        "?", "Edge", "Opera", "Yandex Browser", "Samsung Internet", "Vivaldi", "Firefox", "Chrome", "Safari",
        "Android", "iPhone", "iPad", "Windows", "ChromeOS", "Mac", "Linux",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("used", "joined", "told"),
    [
        ({}, NOW - DAY, False),  # the very first sign-in after joining
        ({}, NOW - 91 * DAY, True),  # whose sessions were forgotten meanwhile
        ({"Chrome on Windows": NOW - DAY}, NOW - 300 * DAY, True),
        ({"Firefox on Android": NOW - 90 * DAY}, NOW - 300 * DAY, False),
        ({"Firefox on Android": NOW - 91 * DAY}, NOW - 300 * DAY, True),
        ({"": NOW - DAY}, NOW - 300 * DAY, False),  # sessions from before devices were kept
        ({"": NOW - DAY, "Chrome on Windows": NOW}, NOW - 300 * DAY, True),
    ],
)
def test_a_kind_of_device_is_new_after_ninety_days(used, joined, told):
    asked = is_new_device("Firefox on Android", used=used, joined_at=joined, at=NOW)

    assert asked is told


@pytest.fixture
def enter(app, client):
    """Sign in as a browser of a kind does."""

    def entered(user, agent=CHROME):
        browser = app.test_client()
        data = {"email": user.email, "password": PASSWORD}
        answer = browser.post("/sign-in", data=data, headers={"User-Agent": agent})
        assert answer.status_code == 302
        return browser

    return entered


def told(app):
    with app.app_context():
        mails = session.scalars(select(Mail.to).where(Mail.kind == "new_device")).all()
        notices = session.execute(
            select(Notification.user_id, Notification.path).where(Notification.kind == "new_device")
        ).all()
    return list(mails), [tuple(one) for one in notices]


def test_the_first_sign_in_on_a_new_kind_of_device_is_told_once(make, app, enter):
    user = make.user(Role.COORDINATOR)
    enter(user)
    assert told(app) == ([], [])

    enter(user, PHONE)
    enter(user, PHONE)
    enter(user)

    assert told(app) == ([user.email], [(user.id, "/account/sessions")])
    raw = next(app.extensions["ciss-mailer"].folder.glob("*.eml")).read_bytes()
    body = message_from_bytes(raw, policy=policy.default).get_content()
    for said in ("Firefox on Android", "/password-reset", "/account/sessions", "25 November 2026"):
        assert said in body


def test_who_just_joined_is_told_of_nothing_and_of_the_second_device(make, app):
    user = make.user()
    with app.app_context(), unit_of_work():
        fresh = session.get_one(User, user.id)
        services.sign_in_joined(fresh, at=NOW, device="Chrome on Windows")
        assert session.scalars(select(Mail)).all() == []
        services.sign_in_joined(fresh, at=NOW, proof=Proof.PASSWORD, device="Firefox on Android")
        assert session.scalars(select(Mail.kind)).all() == ["new_device"]


@pytest.mark.one_database("sqlite")
def test_who_has_no_password_is_told_what_to_do_at_the_organisation(make, app):
    user = make.user(password_hash=NO_PASSWORD)
    with app.app_context(), unit_of_work():
        fresh = session.get_one(User, user.id)
        for device in ("Chrome on Windows", "Firefox on Android"):
            services.sign_in_joined(fresh, at=NOW, proof=Proof.PROVIDER, device=device)

    raw = next(app.extensions["ciss-mailer"].folder.glob("*.eml")).read_bytes()
    body = message_from_bytes(raw, policy=policy.default).get_content()
    assert "someone else may be using your organisation’s account" in body
    assert "/password-reset" not in body


def rows(browser):
    page = browser.get("/account/sessions").get_data(as_text=True)
    listed = page.partition('<ul class="tasks">')[2]
    return [part.partition("</strong>")[0] for part in listed.split("<strong>")[1:]], page


def test_sessions_are_listed_this_one_first_and_ended_one_by_one(make, app, enter):
    user = make.user()
    here, phone = enter(user), enter(user, PHONE)

    names, page = rows(here)
    assert names == ["Chrome on Windows", "Firefox on Android"]
    assert page.count("This device") == 1
    assert "Sign out everywhere else" in page
    with app.app_context():
        other = session.scalars(
            select(UserSession.id).where(UserSession.device == "Firefox on Android")
        ).one()

    answer = here.post(f"/account/sessions/{other}/end")

    assert (answer.status_code, answer.location) == (302, "/account/sessions")
    assert phone.get("/account").status_code == 302
    assert rows(here)[0] == ["Chrome on Windows"]
    assert (
        here.post(f"/account/sessions/{other}/end").status_code == 302
    )  # once more changes nothing


def test_all_others_are_ended_at_once_and_nobody_elses(make, app, enter, sign_in):
    user, stranger = make.user(), sign_in(make.user())
    here, *others = (enter(user, agent) for agent in (CHROME, PHONE, PHONE, CHROME))

    here.post("/account/sessions/end-others")

    assert [one.get("/account").status_code for one in (here, stranger, *others)] == [
        200,
        200,
        302,
        302,
        302,
    ]
    assert rows(here)[0] == ["Chrome on Windows"]


def test_the_session_of_somebody_else_is_not_there(make, app, enter, sign_in):
    stranger, mine = make.user(), sign_in(make.user(Role.SECRETARIAT))
    theirs = enter(stranger, PHONE)
    with app.app_context():
        session_id = session.scalars(
            select(UserSession.id).where(UserSession.user_id == stranger.id)
        ).one()

    assert mine.post(f"/account/sessions/{session_id}/end").status_code == 404
    assert theirs.get("/account").status_code == 200


def test_a_session_whose_second_proof_is_missing_is_listed_and_can_be_ended(make, app, sign_in):
    user = make.user(Role.REVIEWER)
    browser = sign_in(user)
    with app.app_context(), unit_of_work():
        fresh = session.get_one(User, user.id)
        services.sign_in_joined(fresh, at=NOW, proof=None, device="Chrome on Windows")

    def listed():
        names, page = rows(browser)
        return len(names), page.count("Second factor missing")

    assert listed() == (2, 1)
    browser.post("/account/sessions/end-others")

    assert listed() == (1, 0)


def test_sessions_whose_time_is_over_are_not_listed(make, app, enter):
    user = make.user(Role.REVIEWER)
    enter(user, PHONE)
    with clock.at(NOW + timedelta(hours=12, minutes=1)):
        assert rows(enter(user))[0] == ["Chrome on Windows"]


def test_another_role_ends_every_session(make, app, sign_in):
    user = make.user(Role.REVIEWER)
    browser = sign_in(user)

    with app.app_context(), unit_of_work():
        session.get_one(User, user.id).role = Role.COORDINATOR

    assert browser.get("/account").location == "/sign-in?next=/account"
    with app.app_context():
        assert session.scalars(select(UserSession.closed_at)).all() == [NOW]
