"""From the password to the second proof, through the client: what a half-open session is, and what it is not."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.accounts.sessions import TOKEN
from cissapp.people.factors.models import AuthenticatorApp, RecoveryCode, WrongProof
from tests.factories import NOW
from tests.people.factors.conftest import MINUTE, add_phone, code_at, enter

pytestmark = pytest.mark.usefixtures("strict")

SECOND = "/sign-in/second"


def token(browser):
    with browser.session_transaction() as cookie:
        return cookie.get(TOKEN)


def text(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.get_data(as_text=True)).split())


def is_in(browser) -> bool:
    return browser.get("/account").status_code == 200


@pytest.fixture
def reviewer(app, make):
    user = make.user(Role.REVIEWER)
    add_phone(app, user)
    return user


# --- the set-up of staff -----------------------------------------------------------------------


def test_staff_without_a_factor_set_one_up_before_they_are_in(app, make, client):
    user = make.user(Role.SECRETARIAT)

    first = enter(client, user, next="/admin/people")
    choice = client.get(first.location)
    began = client.post("/sign-in/set-up", data={"next": "/admin/people"})
    secret = re.search(r'factor-secret">([A-Z2-7 ]+)<', began.get_data(as_text=True))[1]
    wrong = client.post("/sign-in/set-up/app", data={"code": "000000", "next": "/admin/people"})
    outside = is_in(client)
    before = token(client)
    typed = code_at(NOW, secret.replace(" ", ""))
    done = client.post("/sign-in/set-up/app", data={"code": typed, "next": "/admin/people"})

    assert first.location == "/sign-in/second?next=/admin/people"
    assert "Protect your account" in text(choice)
    assert "This code is not correct." in text(wrong)
    assert outside is False
    assert len(re.findall(r"<code>(\w{4}(?:-\w{4}){3})</code>", done.get_data(as_text=True))) == 10
    assert 'href="/admin/people"' in done.get_data(as_text=True)
    assert token(client) != before
    assert is_in(client)


def test_an_invited_coordinator_sets_one_up_before_they_are_in(app, make, client):
    from cissapp.foundation.core.db import unit_of_work
    from cissapp.people.accounts import services
    from cissapp.people.accounts.services import Invitee, Scope
    from tests.people.accounts.test_views import links

    by, group = make.user(Role.SECRETARIAT), make.group()
    with app.app_context(), unit_of_work():
        invitee = Invitee("new@group.example", "New Person", "en")
        services.invite(
            invitee, role=Role.COORDINATOR, scope=Scope(group_id=group.id), by=by, at=NOW
        )
    link = next(path for path in links(app) if path.startswith("/invitations/"))

    joined = client.post(link, data={"name": "New Person", "password": "seven lamps on a bridge"})

    assert joined.location == "/sign-in/set-up"
    assert not is_in(client)
    assert client.get(joined.location).status_code == 200


def test_a_stolen_password_sets_up_no_factor_beside_that_of_the_person(app, reviewer, client):
    enter(client, reviewer)
    answers = [
        client.post("/sign-in/set-up"),
        client.post("/sign-in/set-up/app", data={"code": "123456"}),
        client.post("/sign-in/set-up/passkey", data={"credential": "{}"}),
    ]

    assert {(one.status_code, one.location) for one in answers} == {(302, "/sign-in/second?next=/")}
    with app.app_context():
        assert session.scalar(select(func.count(AuthenticatorApp.id))) == 1


# --- the second proof --------------------------------------------------------------------------


def test_a_head_without_a_factor_is_in_with_the_password(make, client):
    head = make.user(Role.SCHOOL_MANAGER)

    assert enter(client, head).location == "/"
    assert is_in(client)


def test_the_code_opens_the_session_under_a_new_token(app, reviewer, client):
    enter(client, reviewer)
    before = token(client)

    answer = client.post(SECOND, data={"code": code_at(NOW), "next": "/account"})

    assert (answer.status_code, answer.location) == (302, "/account")
    assert token(client) != before
    assert is_in(client)
    with app.app_context():
        row = session.scalars(select(UserSession)).one()
        assert (row.confirmed_at, row.confirmed_with) == (NOW, Proof.APP_CODE)
    stolen = app.test_client()
    with stolen.session_transaction() as cookie:
        cookie[TOKEN] = before
    assert not is_in(stolen)
    assert stolen.get(SECOND).location == "/sign-in?next=/"


@pytest.mark.parametrize("again", ["{}", "{} ", " {} "])
def test_a_code_works_once_however_it_is_written(app, reviewer, client, again):
    enter(client, reviewer)
    code = code_at(NOW)
    client.post(SECOND, data={"code": f"{code[:3]} {code[3:]}"})
    other = app.test_client()
    enter(other, reviewer)

    answer = other.post(SECOND, data={"code": again.format(code)})

    assert "This code has already been used." in text(answer)
    assert not is_in(other)


@pytest.mark.parametrize(
    ("minutes", "enters"), [(-0.5, True), (0.5, True), (-1.1, False), (1.1, False)]
)
def test_a_clock_may_be_half_a_minute_off(reviewer, client, minutes, enters):
    enter(client, reviewer)

    answer = client.post(SECOND, data={"code": code_at(NOW + timedelta(minutes=minutes))})

    assert is_in(client) is enters
    assert enters or "Your phone’s clock seems to be wrong." in text(answer)


def test_a_code_that_was_tried_too_early_is_worth_nothing_later(reviewer, client):
    later = NOW + 3 * MINUTE
    enter(client, reviewer)
    client.post(SECOND, data={"code": code_at(later)})

    with clock.at(later):
        answer = client.post(SECOND, data={"code": code_at(later)})

    assert "This code has already been used." in text(answer)
    assert not is_in(client)


def test_guessing_ends_after_five_and_a_restart_changes_nothing(app, reviewer, client):
    enter(client, reviewer)
    answers = [
        text(client.post(SECOND, data={"code": f"{guess:06}"})) for guess in range(111111, 111117)
    ]
    fresh = app.test_client()
    enter(fresh, reviewer)
    right = fresh.post(SECOND, data={"code": code_at(NOW)})

    assert [("not correct" in one, "too many failed attempts" in one) for one in answers] == [
        (True, False)
    ] * 5 + [(False, True)]
    assert "There were too many failed attempts. Try again after" in text(right)
    assert not is_in(fresh)
    with app.app_context():
        assert session.scalar(select(func.count(WrongProof.id))) == 5
        failed = select(AuditEntry.facts).where(AuditEntry.event == Event.SECOND_PROOF_FAILED)
        assert list(session.scalars(failed)) == [{"kind": "app"}] * 5
    with clock.at(NOW + 6 * MINUTE):
        enter(fresh, reviewer)
        fresh.post(SECOND, data={"code": code_at(NOW + 6 * MINUTE)})
        assert is_in(fresh)


def test_of_eight_at_once_one_code_enters_once(app, reviewer):
    browsers = [app.test_client() for _ in range(8)]
    for browser in browsers:
        enter(browser, reviewer)
    code = code_at(NOW)

    def send(browser):
        with clock.at(NOW):
            return browser.post(SECOND, data={"code": code}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, browsers))

    assert sorted(answers) == [200] * 7 + [302]


def test_a_recovery_code_works_once_and_is_told(app, make, client):
    user = make.user(Role.REVIEWER)
    codes = add_phone(app, user)
    enter(client, user)
    wrong = client.post(SECOND, data={"recovery_code": "aaaa-bbbb-cccc-dddd"})
    client.post(SECOND, data={"recovery_code": codes[0].upper().replace("-", " ")})
    entered = is_in(client)
    other = app.test_client()
    enter(other, user)
    again = other.post(SECOND, data={"recovery_code": codes[0]})

    assert "not one of your recovery codes" in text(wrong)
    assert entered
    assert "not one of your recovery codes" in text(again)
    assert not is_in(other)
    assert "9 codes are left" in text(client.get("/account/factors"))
    with app.app_context():
        assert not any(
            code in row.code_hash for row in session.scalars(select(RecoveryCode)) for code in codes
        )
        used = select(func.count()).where(AuditEntry.event == Event.RECOVERY_CODE_USED)
        assert session.scalar(used) == 1


def test_of_eight_at_once_one_recovery_code_enters_once(app, make):
    user = make.user(Role.REVIEWER)
    codes = add_phone(app, user)
    browsers = [app.test_client() for _ in range(8)]
    for browser in browsers:
        enter(browser, user)

    def send(browser):
        with clock.at(NOW):
            return browser.post(SECOND, data={"recovery_code": codes[0]}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, browsers))

    assert sorted(answers) == [200] * 7 + [302]


# --- the half-open session ---------------------------------------------------------------------


def test_it_ends_after_ten_minutes(reviewer, client):
    enter(client, reviewer)

    with clock.at(NOW + 11 * MINUTE):
        answer = client.post(SECOND, data={"code": code_at(NOW + 11 * MINUTE)})

        assert answer.location == "/sign-in?next=/"
        assert not is_in(client)


def test_a_new_password_skips_no_factor(app, reviewer, client):
    from tests.people.accounts.test_views import links

    client.post("/password-reset", data={"email": reviewer.email})
    link = next(path for path in links(app) if path.startswith("/password-reset/"))
    client.post(link, data={"new_password": "a green tram to the sea"})
    answer = client.post(
        "/sign-in", data={"email": reviewer.email, "password": "a green tram to the sea"}
    )

    assert answer.location == "/sign-in/second?next=/"
    assert not is_in(client)


def test_sign_out_ends_it(app, reviewer, client):
    enter(client, reviewer)
    client.post("/sign-out")

    with app.app_context():
        assert session.scalars(select(UserSession)).one().closed_at == NOW


def test_what_was_typed_before_the_session_ended_goes_on(app, reviewer, client):
    kept = {"kept_action": "/reviews/x", "kept:reason": "Long & thought <over>"}
    asked = enter(client, reviewer, **kept)
    fields = dict(re.findall(r'name="(kept[^"]*)"\s+value="([^"]*)"', asked.get_data(as_text=True)))
    answer = client.post(SECOND, data={**kept, "code": code_at(NOW)})

    assert fields == {
        "kept_action": "/reviews/x",
        "kept:reason": "Long &amp; thought &lt;over&gt;",
    }
    page = answer.get_data(as_text=True)
    assert 'action="/reviews/x"' in page
    assert re.search(r'name="reason"\s+value="Long &amp; thought &lt;over&gt;"', page)
