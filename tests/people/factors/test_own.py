"""The own factors, what asks again, and a reset, through the client."""

import re

import pytest
from sqlalchemy import func, select

from cissapp.foundation.access.guard import has
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from cissapp.people.factors.models import AuthenticatorApp, RecoveryCode
from cissapp.people.factors.rules.step_up import OWN_FACTORS, STEP_UP
from cissapp.people.notices.models import Mail
from tests.factories import NOW, PASSWORD
from tests.people.factors.conftest import MINUTE, add_phone, code_at
from tests.people.factors.test_sign_in import is_in, text, token

pytestmark = pytest.mark.usefixtures("strict")

LATER = NOW + 16 * MINUTE


def secret_on(page):
    found = re.search(r'factor-secret">([A-Z2-7 ]+)<', page.get_data(as_text=True))
    return found[1].replace(" ", "")


def add_app(browser, at=NOW):
    browser.post("/account/factors/apps")
    secret = secret_on(browser.get("/account/factors/apps/new"))
    return browser.post("/account/factors/apps/new", data={"code": code_at(at, secret)})


def mails_of(app, user):
    with app.app_context():
        return list(session.scalars(select(Mail.kind).where(Mail.user_id == user.id)))


def test_a_head_adds_an_app_and_other_sessions_end(app, make, sign_in):
    head = make.user(Role.SCHOOL_MANAGER)
    browser, other = sign_in(head), sign_in(head)
    offered = text(browser.get("/account"))
    before = text(browser.get("/account/factors"))

    shown = add_app(browser)

    assert "much harder for others to sign in as you" in offered
    assert "Your account has no second factor yet" in before
    assert "Your recovery codes" in text(shown)
    assert (is_in(browser), is_in(other)) == (True, False)
    assert "Your account is protected" in text(browser.get("/account/factors"))
    assert mails_of(app, head) == ["factors_changed"]
    with app.app_context():
        user = session.get(User, head.id)
        assert user.factors_since == NOW


def test_codes_are_given_as_a_file_and_nothing_else_is(make, sign_in):
    browser = sign_in(make.user(Role.SCHOOL_MANAGER))

    file = browser.post(
        "/account/factors/recovery-codes/file",
        data={"code": ["abcd-efgh-jkmn-pqrs", "<script>", "x" * 500]},
    )

    lines = file.get_data(as_text=True).split("\r\n")
    assert lines == [
        "Recovery codes for your CISS account. Each works once.",
        "",
        "abcd-efgh-jkmn-pqrs",
        "",
    ]
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_staff_keep_one_factor_and_a_head_may_remove_the_last(app, make, sign_in):
    reviewer, head = make.user(Role.REVIEWER), make.user(Role.SCHOOL_MANAGER)
    add_phone(app, reviewer)
    add_phone(app, head)
    answers = {}
    for user in (reviewer, head):
        browser = sign_in(user)
        with app.app_context():
            key = session.scalar(
                select(AuthenticatorApp.id).where(AuthenticatorApp.user_id == user.id)
            )
        gone = browser.post(f"/account/factors/apps/{key}/remove", follow_redirects=True)
        answers[user.role] = text(gone)

    assert "Your role needs a second factor." in answers[Role.REVIEWER]
    assert "It has been removed." in answers[Role.SCHOOL_MANAGER]
    with app.app_context():
        assert [one.user_id for one in session.scalars(select(AuthenticatorApp))] == [reviewer.id]
        assert session.scalar(select(User.factors_since).where(User.id == head.id)) is None
        owners = set(session.scalars(select(RecoveryCode.user_id)))
        assert owners == {reviewer.id}


def test_a_second_click_says_that_the_factor_is_gone_already(app, make, sign_in):
    head, other = make.user(Role.SCHOOL_MANAGER), make.user(Role.SCHOOL_MANAGER)
    for user in (head, other):
        add_phone(app, user)
    with app.app_context():
        keys = dict(session.execute(select(AuthenticatorApp.user_id, AuthenticatorApp.id)).all())
    browser = sign_in(head)

    first, second, foreign = (
        text(browser.post(f"/account/factors/apps/{key}/remove", follow_redirects=True))
        for key in (keys[head.id], keys[head.id], keys[other.id])
    )

    assert "It has been removed." in first
    assert "It has already been removed." in second
    assert "Your account has no second factor yet" in second
    assert "It has already been removed." in foreign
    with app.app_context():
        assert [one.user_id for one in session.scalars(select(AuthenticatorApp))] == [other.id]


# --- what asks again ---------------------------------------------------------------------------


def test_every_endpoint_of_the_table_is_there_and_asks(app, make, sign_in):
    """Each route, with a session that was confirmed more than 15 minutes ago, of a role that may."""
    from tests.foundation.access.test_every_route import READABLE, UNKNOWN

    people = {role: make.user(role) for role in Role if role is not Role.GUEST}
    browsers = {role: sign_in(user) for role, user in people.items()}
    asked = {}
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    with clock.at(LATER):
        for endpoint, methods in STEP_UP.items():
            access = app.view_functions[endpoint].access
            role = next(role for role, user in people.items() if has(user, access))
            values = {name: READABLE.get(name, UNKNOWN) for name in rules[endpoint].arguments}
            address = app.url_map.bind("localhost").build(endpoint, values)
            for method in methods:
                answer = (
                    browsers[role].post(address)
                    if method == "POST"
                    else browsers[role].get(address)
                )
                asks = (
                    answer.status_code == 403 and "Confirm that it is you" in text(answer)
                    if method == "POST"
                    else (answer.location or "").startswith("/account/confirm?next=")
                )
                asked[endpoint, method] = asks

    assert asked == dict.fromkeys(asked, True)
    assert len(asked) >= len(STEP_UP)


# What these permissions open too: it stops something, or nothing comes of it before the next step.
LIGHT = {
    "calibration.deal",
    "complaints.pass_on",
    "enrolment.withdraw_staff",
    "handover.refuse_act",
    "handover.stop",
    "joining.refuse",
    "messages.change",
    "messages.discard",
    "messages.stop",
    "messages.write",
    "sign_on.switch_off",
    "sign_on.try_now",
}
HEAVY = {
    Permission.PROGRAMME_EDIT,
    Permission.CERTIFICATE_SUSPEND,
    Permission.CERTIFICATE_WITHDRAW,
    Permission.COMPLAINT_ANSWER,
    Permission.QUESTION_VOID,
    Permission.SCHOOL_MERGE,
    Permission.CONTENTS_REMOVE,
    Permission.CALIBRATION_RELEASE,
    Permission.MESSAGE_SEND,
    Permission.JOIN_REQUEST_ANSWER,
    Permission.ACT_CONFIRM,
    Permission.HANDOVER_MANAGE,
    Permission.SIGN_ON_MANAGE,
}


def test_no_route_to_what_weighs_much_is_forgotten(app):
    """What does the same as an endpoint of the table stands in it too."""
    forgotten = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and getattr(app.view_functions[rule.endpoint], "access", None) in HEAVY
        and rule.endpoint not in STEP_UP
    }

    assert forgotten == LIGHT


def test_a_password_is_not_carried_over_the_proof(app, make, sign_in):
    head = make.manager(make.school())
    add_phone(app, head)
    browser = sign_in(head)
    with clock.at(LATER):
        asked = browser.post("/account/data/download", data={"download_password": PASSWORD})

    assert "Confirm that it is you" in text(asked)
    assert PASSWORD not in asked.get_data(as_text=True)


def test_a_form_goes_on_with_all_that_was_typed(app, make, sign_in):
    secretariat = make.user(Role.SECRETARIAT)
    add_phone(app, secretariat)
    browser = sign_in(secretariat)
    typed = {
        "name": "Ada <Example>",
        "email": "ada@ministry.example",
        "language": "en",
        "country_code": "MD",
    }
    make.country("MD")
    with clock.at(LATER):
        asked = browser.post("/admin/people/new/ministry", data=typed)
        kept = dict(re.findall(r'name="(kept[^"]*)" value="([^"]*)"', asked.get_data(as_text=True)))
        before = token(browser)
        sent = {
            name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in kept.items()
        }
        wrong = browser.post("/account/confirm", data={**sent, "code": "000000"})
        password = browser.post("/account/confirm", data={**sent, "password": PASSWORD})
        page = browser.post("/account/confirm", data={**sent, "code": code_at(LATER)})
        after = token(browser)
        again = browser.post("/admin/people/new/ministry", data=typed)

    assert kept["kept_action"] == "/admin/people/new/ministry"
    assert "This code is not correct." in text(wrong)
    assert "This is not your current password." in text(password)
    assert "We have confirmed that it is you" in text(page)
    for name, value in {**typed, "name": "Ada &lt;Example&gt;"}.items():
        assert re.search(
            rf'name="{name}"\s+value="{re.escape(value)}"', page.get_data(as_text=True)
        )
    assert before != after
    assert again.location == "/admin/people"


@pytest.mark.one_database("sqlite")
def test_who_has_a_phone_and_no_password_shows_it_and_loses_nothing_typed(app, make, sign_in):
    user = make.user(Role.MINISTRY, password_hash=NO_PASSWORD)
    add_phone(app, user)
    browser, typed = sign_in(user), {"email": "ana.new@ministry.example"}
    with clock.at(LATER):
        before = browser.get("/account/email").get_data(as_text=True)
        asked = browser.post("/account/email", data=typed)
        kept = dict(re.findall(r'name="(kept[^"]*)" value="([^"]*)"', asked.get_data(as_text=True)))
        page = browser.post("/account/confirm", data={**kept, "code": code_at(LATER)})
        again = browser.post("/account/email", data=typed)

    assert 'href="/account/confirm?next=/account/email"' in before
    assert "We have kept what you typed" in text(asked)
    assert typed["email"] in page.get_data(as_text=True)
    assert again.location == "/account"


@pytest.mark.one_database("sqlite")
def test_nobody_is_promised_what_is_not_kept(make, sign_in):
    browser = sign_in(make.manager(make.school(), password_hash=NO_PASSWORD))
    with clock.at(LATER):
        asked = browser.post("/account/email", data={"email": "new@school.example"})

    assert "Your account has no password at the moment. Set one first." in text(asked)
    assert "We have kept what you typed" not in text(asked)


def test_a_file_waits_for_the_password_of_somebody_without_a_factor(make, sign_in):
    browser = sign_in(make.user(Role.COORDINATOR))
    with clock.at(LATER):
        asked = browser.get("/schools.csv?search=a")
        browser.get(asked.location)
        page = browser.post(
            "/account/confirm", data={"password": PASSWORD, "next": "/schools.csv?search=a"}
        )
        file = browser.get("/schools.csv?search=a")

    assert asked.location == "/account/confirm?next=/schools.csv?search%3Da"
    assert 'href="/schools.csv?search=a"' in page.get_data(as_text=True)
    assert file.mimetype == "text/csv"


def test_another_site_cannot_make_it_ask(make, sign_in):
    browser = sign_in(make.user(Role.SECRETARIAT))
    with clock.at(LATER):
        answer = browser.post(
            "/admin/people/new/ministry",
            data={"email": "evil@example.org"},
            csrf=False,
            headers={"Sec-Fetch-Site": "cross-site"},
        )

    assert answer.status_code == 400
    assert "evil@example.org" not in answer.get_data(as_text=True)


def test_an_installation_that_asks_no_second_proof_guards_the_own_factors_alone(app, make, sign_in):
    from dataclasses import replace

    app.config["CISS"] = replace(app.config["CISS"], second_factor=False)
    make.country("MD")
    browser = sign_in(make.user(Role.SECRETARIAT))
    with clock.at(LATER):
        staff = browser.post("/admin/people/new/ministry", data={})
        own = browser.post("/account/factors/apps")

    assert (staff.status_code, own.status_code) == (422, 403)
    assert set(OWN_FACTORS) < set(STEP_UP)


# --- lost phone --------------------------------------------------------------------------------


def test_a_coordinator_resets_and_everyone_who_could_is_told(app, make, sign_in):
    group = make.group()
    reviewer = make.user(Role.REVIEWER, group_id=group.id)
    coordinators = [make.user(Role.COORDINATOR, group_id=group.id) for _ in range(2)]
    secretariat = make.user(Role.SECRETARIAT)
    stranger = make.user(Role.COORDINATOR, group_id=make.group().id)
    add_phone(app, reviewer)
    theirs = sign_in(reviewer)
    path = f"/group/accounts/{reviewer.id}/factors"
    foreign = sign_in(stranger).post(path)
    browser = sign_in(coordinators[0])
    page = text(browser.get(path))

    answer = browser.post(path)

    assert foreign.status_code == 404
    assert "Make sure that it is really this person" in page
    assert answer.status_code == 302
    assert not is_in(theirs)
    told = {
        user.name: mails_of(app, user) for user in (reviewer, *coordinators, secretariat, stranger)
    }
    assert told == {
        reviewer.name: ["factors_changed"],
        coordinators[0].name: [],
        coordinators[1].name: ["act_notice"],
        secretariat.name: ["act_notice"],
        stranger.name: [],
    }
    entered = theirs.post("/sign-in", data={"email": reviewer.email, "password": PASSWORD})
    assert entered.location == "/sign-in/second?next=/"
    assert "Protect your account" in text(theirs.get(entered.location))
    assert not is_in(theirs)
    with app.app_context():
        assert session.scalar(select(func.count(AuthenticatorApp.id))) == 0
        reset = select(func.count()).where(AuditEntry.event == Event.FACTORS_RESET)
        assert session.scalar(reset) == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECRETARIAT])
def test_nobody_resets_their_own(app, make, sign_in, role):
    user = make.user(role)
    add_phone(app, user)

    answer = sign_in(user).post(f"/group/accounts/{user.id}/factors")

    assert "You cannot reset your own second factor." in text(answer)
    with app.app_context():
        assert session.scalar(select(func.count(AuthenticatorApp.id))) == 1


def test_the_factors_of_a_closed_account_are_deleted(app, make, sign_in):
    secretariat, gone = make.user(Role.SECRETARIAT), make.user(Role.REVIEWER)
    add_phone(app, gone)
    sign_in(secretariat).post(f"/admin/people/{gone.id}/close")

    with app.app_context():
        assert session.scalar(select(func.count(AuthenticatorApp.id))) == 0
        assert session.scalar(select(func.count(RecoveryCode.id))) == 0
