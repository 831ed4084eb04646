"""Pages of accounts, through the client."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask_login import encode_cookie
from sqlalchemy import select

from cissapp import create_app
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.sessions import TOKEN
from cissapp.people.accounts.sessions.cookie import SEEN
from config import ROOT, Config
from tests.client import Client
from tests.factories import NOW, PASSWORD
from tests.migrated import copy
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")

NEW = "green tram to the sea"
MINUTE = timedelta(minutes=1)
NO_FIT = "The email address or the password is wrong. Check both."


def heading(response):
    return " ".join("".join(next(tree(response).iter("h1")).itertext()).split())


def errors(response):
    return [
        " ".join("".join(one.itertext()).split())
        for one in tree(response).findall(".//*[@data-errors]//li")
    ]


def notices(response):
    return [
        " ".join("".join(one.itertext()).split())
        for one in tree(response).findall(".//*[@role='status']")
        if (one.get("class") or "").startswith("notice")
    ]


def summary(response):
    return {
        "".join(row.find("dt").itertext()).strip(): " ".join(
            "".join(row.find("dd").itertext()).split()
        )
        for row in tree(response).findall(".//dl[@class='summary']/div")
    }


def carried(response):
    """Where the form of the page leads on to."""
    return tree(response).find(".//main//input[@name='next']").get("value")


def enter(browser, email, password=PASSWORD, **fields):
    return browser.post("/sign-in", data={"email": email, "password": password, **fields})


def links(app: Flask) -> list[str]:
    found = []
    for path in sorted(app.extensions["ciss-mailer"].folder.glob("*.eml")):
        text = message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
        found += [urlsplit(word).path for word in text.split() if word.startswith("http")]
    return found


# --- sign-in ---------------------------------------------------------------------------------


def test_sign_in_leads_to_the_page_that_was_asked_for(make, client):
    user = make.user(Role.SECRETARIAT)
    asked = client.get("/account")

    assert asked.location == "/sign-in?next=/account"
    page = client.get(asked.location)

    answer = enter(client, user.email, next=carried(page))

    assert (answer.status_code, answer.location) == (302, "/account")
    account = client.get("/account")
    assert heading(account) == "Your account"
    assert summary(account) == {
        "Name": user.name,
        "Email address": user.email,
        "Role": "Secretariat",
        "Place": "Secretariat",
    }


def test_the_search_of_a_page_survives_sign_in(client):
    asked = client.get("/schools?search=%C8%98coala+1&page=2")

    page = client.get(asked.location)

    assert carried(page) == "/schools?search=%C8%98coala+1&page=2"


def test_known_and_unknown_addresses_get_the_same_answer(make, client):
    user, closed = make.user(), make.user(deactivated_at=NOW, deactivated_by_id=make.user().id)

    def answer(email):
        response = enter(client, email, "wrong password")
        html = response.get_data(as_text=True).replace(email, "ADDRESS")
        return response.status_code, re.sub(r'csrf_token" value="[^"]+"', "", html)

    known = answer(user.email)

    assert answer("nobody@ciss.example") == known
    assert answer(closed.email) == known
    assert known[0] == 200
    assert errors(enter(client, user.email, "wrong")) == [NO_FIT]


def test_what_is_left_out_is_said_at_the_field(client):
    assert errors(enter(client, "", "")) == ["Enter your email address.", "Enter your password."]


def test_the_wait_after_ten_tries_looks_like_a_wrong_password(make, client):
    user = make.user()

    answers = {enter(client, user.email, "wrong").status_code for _ in range(10)}

    assert answers == {200}
    assert errors(enter(client, user.email)) == [NO_FIT]
    with clock.at(NOW + 5 * MINUTE):
        assert enter(client, user.email).status_code == 302


def test_the_cookie_of_the_visitor_before_is_not_kept(make, client):
    user = make.user()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["language"] = "ro"

    enter(client, user.email)

    with client.session_transaction() as cookie:
        assert sorted(cookie) == ["language", "token"]


def test_a_cookie_of_the_sign_in_library_says_nothing_about_who_is_there(make, client):
    person = make.user(Role.SECRETARIAT)
    client.sign_in(person)
    client.set_cookie("remember_token", "1|0")
    assert client.get("/account").status_code == 200
    client.delete_cookie("ciss")
    client.set_cookie(
        "remember_token", encode_cookie(str(person.id), client.application.secret_key)
    )
    assert client.get("/account").status_code == 302


def test_who_signs_in_over_an_open_session_ends_it(make, client, app):
    first, second = make.user(), make.user(Role.SECRETARIAT)
    enter(client, first.email)
    with client.session_transaction() as cookie:
        left = cookie[TOKEN]

    assert enter(client, second.email).status_code == 302

    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie[TOKEN] = left
    assert other.get("/account").location == "/sign-in?next=/account"
    assert client.get("/account").status_code == 200


OTHER_SITES = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/account\n",
    "/account\r\nSet-Cookie: a=b",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,hello",
    " /account",
    "account",
    "/account#fragment",
    "/.//evil.example",
    "/a//evil.example",
    "/@evil.example:80",
    "/\u2215evil.example",
    "/%0d%0aSet-Cookie:a=b",
    "/account?next=//evil.example",
    "",
]


@pytest.mark.parametrize("next_", OTHER_SITES)
def test_no_other_site_is_led_to(make, client, next_: str):
    user = make.user()

    answer = enter(client, user.email, next=next_)

    assert (answer.status_code, answer.location) == (302, "/")
    shown = client.get("/sign-in", query_string={"next": next_})
    assert carried(shown) == "/"


# --- sign-out and sessions -------------------------------------------------------------------


def test_sign_out_ends_the_session_on_the_server(make, sign_in, app):
    browser = sign_in(make.user())
    with browser.session_transaction() as cookie:
        stolen = cookie[TOKEN]

    answer = browser.post("/sign-out")

    assert (answer.status_code, answer.location) == (302, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie[TOKEN] = stolen
    assert thief.get("/account").location == "/sign-in?next=/account"
    assert notices(browser.get("/sign-in")) == ["You have signed out."]


def test_sign_out_needs_the_token_of_the_page(make, sign_in):
    browser = sign_in(make.user())

    assert browser.post("/sign-out", csrf=False).status_code == 400
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/account").status_code == 200


def test_sign_out_of_a_visitor_is_no_error(client):
    assert client.post("/sign-out").status_code == 302


def ended(browser, at) -> bool:
    with clock.at(at):
        return browser.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("role", "idle"), [(Role.REVIEWER, 30 * MINUTE), (Role.SCHOOL_MANAGER, timedelta(hours=8))]
)
def test_an_unused_session_ends(make, sign_in, role, idle):
    assert not ended(sign_in(make.user(role)), NOW + idle)
    assert ended(sign_in(make.user(role)), NOW + idle + MINUTE)


def test_reading_keeps_a_session_awake_and_writes_nothing(make, sign_in, app):
    browser = sign_in(make.user(Role.MINISTRY))

    assert [ended(browser, NOW + minutes * MINUTE) for minutes in range(20, 720, 20)] == [
        False
    ] * 35
    assert ended(browser, NOW + 721 * MINUTE)
    with app.app_context():
        assert session.scalars(select(UserSession.seen_at)).all() == [NOW]


def test_a_post_does_not_wake_a_session_that_ended(make, sign_in):
    browser = sign_in(make.user(Role.REVIEWER))

    with clock.at(NOW + 31 * MINUTE):
        answer = browser.post("/account/password", data={"new_password": NEW})

    assert answer.status_code == 401
    assert ended(browser, NOW + 31 * MINUTE)


def test_a_post_keeps_a_session_awake(make, sign_in):
    browser = sign_in(make.user(Role.REVIEWER))
    with clock.at(NOW + 29 * MINUTE):
        browser.post("/language", data={"language": "en", "next": "/account"})
    with browser.session_transaction() as cookie:
        cookie.pop(SEEN, None)

    assert not ended(browser, NOW + 58 * MINUTE)


def test_a_closed_account_is_out_at_once(make, sign_in, app):
    user, secretary = make.user(), make.user()
    browser = sign_in(user)
    assert browser.get("/account").status_code == 200

    with app.app_context():
        fresh = session.get(User, user.id)
        fresh.deactivated_at, fresh.deactivated_by_id = NOW, secretary.id
        session.commit()

    assert browser.get("/account").location == "/sign-in?next=/account"


# --- invitation, reset, change ---------------------------------------------------------------


@pytest.fixture
def link(make, sign_in, app):
    """The path of the link in an invitation that was mailed."""
    from cissapp.foundation.core.actor import SYSTEM
    from cissapp.foundation.core.db import unit_of_work
    from cissapp.people.accounts import services
    from cissapp.people.accounts.rules import Duty

    school = make.school(name="Lyceum Ștefan cel Mare")
    with app.app_context(), unit_of_work():
        services.invite(
            services.Invitee("deputy@school.example", "Ion Rusu", "en"),
            role=Role.SCHOOL_MANAGER,
            duty=Duty.DEPUTY,
            scope=services.Scope(school_id=school.id, country_code="MD"),
            by=SYSTEM,
            at=NOW,
        )
    (path,) = links(app)
    return path


def test_an_invited_person_chooses_a_password_and_is_in(client, link):
    page = client.get(link)
    assert summary(page) == {
        "Email address": "deputy@school.example",
        "Role at the school": "Deputy head",
        "Place": "Lyceum Ștefan cel Mare",
    }
    assert [one.get("value") for one in tree(page).findall(".//input[@name='name']")] == [
        "Ion Rusu"
    ]
    assert "you pass five modules in your own time: about 4 hours in all" in page.text

    answer = client.post(link, data={"name": "Ion Rusu", "password": NEW})

    assert (answer.status_code, answer.location) == (302, "/")
    assert summary(client.get("/account"))["Role at the school"] == "Deputy head"


def test_an_invitation_is_used_once(client, link, app):
    client.post(link, data={"name": "Ion Rusu", "password": NEW})

    second = app.test_client()
    answer = second.post(link, data={"name": "Somebody", "password": NEW})

    assert (answer.status_code, heading(answer)) == (410, "This link no longer works")
    assert second.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"name": "  ", "password": NEW}, ["Enter your name."]),
        ({"name": "Ion Rusu", "password": ""}, ["Choose a password."]),
        ({"name": "Ion Rusu", "password": "green tram"}, ["Use at least 12 characters."]),
        (
            {"name": "Ion Rusu", "password": "passwordpassword"},
            ["This password is too common. Choose another one."],
        ),
        (
            {"name": "Alexandru Rusu", "password": "alexandru-rusu-2"},
            [
                "This password is based on your name, your school or this service. Choose another one."
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_open(client, link, data, found):
    answer = client.post(link, data=data)

    assert (answer.status_code, errors(answer)) == (422, found)
    assert client.get(link).status_code == 200


def test_an_old_link_says_what_to_do(client, link):
    with clock.at(NOW + timedelta(days=7)):
        late = client.get(link)

    for answer in (late, client.get("/invitations/unknown"), client.get("/password-reset/unknown")):
        assert (answer.status_code, heading(answer)) == (410, "This link no longer works")


def test_asking_for_a_password_says_the_same_to_everybody(make, client, app):
    user = make.user()

    def answer(email):
        response = client.post("/password-reset", data={"email": email})
        return response.status_code, response.location, notices(client.get(response.location))

    assert (
        answer(user.email)
        == answer("nobody@ciss.example")
        == (
            302,
            "/sign-in",
            ["If there is an account with this email address, we have sent an email to it."],
        )
    )
    assert len(links(app)) == 1
    assert errors(client.post("/password-reset", data={"email": "nobody"})) == [
        "Enter an email address like name@school.example."
    ]


def test_a_new_password_by_mail_ends_every_session(make, client, sign_in, app):
    user = make.user(Role.SCHOOL_MANAGER)
    elsewhere = sign_in(user)
    client.post("/password-reset", data={"email": user.email})
    (path,) = links(app)

    assert errors(client.post(path, data={"new_password": "green tram"})) == [
        "Use at least 12 characters.",
    ]
    answer = client.post(path, data={"new_password": NEW})

    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert elsewhere.get("/account").status_code == 302
    assert enter(client, user.email, PASSWORD).status_code == 200
    assert enter(client, user.email, NEW).status_code == 302
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/account/password", "current_password"),
        ("/account/data/download", "download_password"),
        ("/account/data/erasure", "erase_password"),
    ],
)
def test_whoever_has_a_session_cannot_try_passwords_for_long(make, sign_in, path, field):
    user, other = make.user(), make.user()
    browser = sign_in(user)
    sent = {"new_password": NEW, "sure": "y"}

    tries = [browser.post(path, data={**sent, field: f"guess {n}"}).status_code for n in range(10)]
    right = browser.post(path, data={**sent, field: PASSWORD})
    of_other = sign_in(other).post(path, data={**sent, field: "guess"})

    assert (tries, right.status_code, of_other.status_code) == ([422] * 10, 429, 422)
    assert PASSWORD not in right.get_data(as_text=True)
    with clock.at(NOW + timedelta(hours=1)):
        assert sign_in(user).post(path, data={**sent, field: PASSWORD}).status_code < 400


def test_the_password_is_changed_with_the_current_one(make, sign_in):
    user = make.user()
    here, elsewhere = sign_in(user), sign_in(user)

    wrong = here.post("/account/password", data={"current_password": "x", "new_password": NEW})
    assert (wrong.status_code, errors(wrong)) == (422, ["This is not your current password."])
    assert elsewhere.get("/account").status_code == 200

    right = {"current_password": PASSWORD, "new_password": NEW}
    answer = here.post("/account/password", data=right)

    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert notices(here.get("/sign-in")) == ["Your new password has been set. Sign in with it."]
    assert [one.get("/account").status_code for one in (here, elsewhere)] == [302, 302]


def test_no_page_gives_a_password_back(make, client, link):
    typed = "a secret that nobody reads"

    pages = [
        enter(client, "nobody@ciss.example", typed),
        client.post(link, data={"name": "", "password": typed}),
        client.post("/account/password", data={"current_password": typed, "new_password": typed}),
    ]

    assert [typed in page.get_data(as_text=True) for page in pages] == [False] * 3


# --- language, headers, demo -----------------------------------------------------------------


def test_a_visitor_chooses_a_language(client):
    assert tree(client.get("/sign-in", headers={"Accept-Language": "uk"})).get("lang") == "uk"

    answer = client.post("/language", data={"language": "ro", "next": "/sign-in?next=/account"})

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/account")
    page = client.get("/sign-in", headers={"Accept-Language": "uk"})
    assert tree(page).get("lang") == "ro"
    assert client.post("/language", data={"language": "xx"}).status_code == 404


def test_the_language_of_a_person_goes_with_the_account(make, sign_in, client, app):
    user = make.user()
    sign_in(user).post("/language", data={"language": "be", "next": "/account"})

    enter(client, user.email)

    assert tree(client.get("/account")).get("lang") == "be"
    with app.app_context():
        assert session.get(User, user.id).language == "be"


def test_every_answer_forbids_caching_framing_and_sniffing(client):
    headers = client.get("/sign-in").headers

    assert {name: headers[name] for name in sorted(HEADERS)} == HEADERS


HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def other_app(tmp_path, migrated):
    """An application with other settings, on a database of its own."""
    made = []

    def other(**settings):
        app = create_app(
            Config(
                secret_key="for tests only, and long enough to pass",
                database_url=f"sqlite:///{tmp_path}/other.db",
                files_url=f"file://{tmp_path}/files",
                mail_url=f"file://{tmp_path}/mail",
                keys_dir=tmp_path / "keys",
                modules_dir=ROOT / "modules",
                testing=True,
                **settings,
            )
        )
        app.test_client_class = Client
        copy(migrated, app.config["CISS"].database_url)
        made.append(app)
        return app

    yield other
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize(
    ("address", "flags"),
    [
        ("https://ciss.example", ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]),
        ("http://127.0.0.1:8000", ["HttpOnly", "Path=/", "SameSite=Lax"]),
    ],
)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(other_app, address, flags):
    app = other_app(base_url=address)

    answer = app.test_client().get("/sign-in", base_url=address)

    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *found = cookie.split("; ")
    secure = "Secure" in flags
    assert (name.partition("=")[0], sorted(found)) == ("__Host-ciss" if secure else "ciss", flags)
    assert ("Strict-Transport-Security" in answer.headers) is secure


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_says_that_the_second_factor_is_off(other_app, demo):
    app = other_app(base_url="http://127.0.0.1:8000", demo=demo)

    html = app.test_client().get("/sign-in").get_data(as_text=True)

    said = [word in html for word in ("second factor is switched off", "instance/demo/people.json")]
    assert said == [demo, demo]


def test_the_time_of_a_look_is_written_in_the_cookie_once_a_minute(make, sign_in):
    browser = sign_in(make.user())

    written = []
    for seconds in (0, 30, 60, 61):
        with clock.at(NOW + timedelta(seconds=seconds)):
            browser.get("/account")
        with browser.session_transaction() as cookie:
            written.append(datetime.fromtimestamp(cookie[SEEN], UTC) - NOW)

    assert [one.total_seconds() for one in written] == [0, 0, 0, 61]
