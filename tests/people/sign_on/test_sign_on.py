"""Signing in with the account of an organisation: there and back, and every way in which it may lie."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.signing.sealing import SealBroken, unseal
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User, UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from cissapp.people.notices.models import Mail
from cissapp.people.sign_on.models import IdentityProvider, LinkedIdentity
from cissapp.people.sign_on.rules import Refusal, SignOnRefused
from cissapp.people.sign_on.services import record_refusal
from cissapp.people.sign_on.services.providers import PURPOSE
from tests.factories import NOW, PASSWORD
from tests.people.sign_on import providers as lies
from tests.people.sign_on.providers import CLIENT, ISSUER, SECRET, Provider

pytestmark = pytest.mark.usefixtures("stopped_clock")

MINUTE = timedelta(minutes=1)
TIME = int(NOW.timestamp())


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    monkeypatch.setattr("cissapp.people.sign_on.services.provider_answers.ask", made.ask)
    return made


@pytest.fixture
def enter(make, sign_in, provider):
    """Let the secretariat enter a provider, try it and switch it on; return its id."""

    def entered(scope="country:MD", *, issuer=ISSUER, on=True):
        make.country()
        browser = sign_in(make.user(Role.SECRETARIAT))
        sent = {
            "name": "Ministry of Education",
            "scope": scope,
            "issuer": issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
        }
        answer = browser.post("/admin/sign-on/new", data=sent)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        if on:
            assert browser.post(f"{answer.location}/try").status_code == 302
            browser.post(f"{answer.location}/on")
        return answer.location.rpartition("/")[2]

    return entered


@pytest.fixture
def link(app):
    """Link a person as if it had been done before."""

    def linked(provider_id, user, subject="person-1"):
        with app.app_context(), unit_of_work():
            session.add(
                LinkedIdentity(
                    provider_id=UUID(provider_id), subject=subject, user_id=user.id, linked_at=NOW
                )
            )

    return linked


def sent(brought):
    """What the button of the page sends of what was brought back."""
    return {f"{name}_secret": value for name, value in brought.items()}


def back_to(provider_id) -> str:
    """The return address of one provider."""
    return f"/sign-in/with/{provider_id}/return"


def come_back(browser, provider, provider_id, subject="person-1", path=None):
    """Go there and come back; return the page that is shown then, and what it sends."""
    there = browser.get(path or f"/sign-in/with/{provider_id}")
    assert there.status_code == 302
    brought = provider.signs_in(there.location, subject)
    return browser.get(back_to(provider_id), query_string=brought), brought


def sign_in_there(browser, provider, provider_id, subject="person-1"):
    page, brought = come_back(browser, provider, provider_id, subject)
    assert page.status_code == 200
    assert browser.get("/account").status_code == 302  # a look signs nobody in
    return browser.post(back_to(provider_id), data=sent(brought))


def is_in(browser):
    return browser.get("/account").status_code == 200


def refusals(app):
    with app.app_context():
        found = session.scalars(
            select(AuditEntry.facts)
            .where(AuditEntry.event == Event.SIGN_ON_REFUSED)
            .order_by(AuditEntry.id)
        )
        return [one["reason"] for one in found]


# --- the way that works ----------------------------------------------------------------------


def test_a_linked_person_signs_in_and_the_claims_count_for_nothing(
    app, make, client, provider, *, enter, link
):
    provider_id = enter()
    user = make.user(Role.MINISTRY)
    link(provider_id, user)
    assert "Sign in with your Ministry of Education account" in client.get("/sign-in").get_data(
        as_text=True
    )

    answer = sign_in_there(client, provider, provider_id)

    assert (answer.status_code, answer.location) == (302, "/")
    page = client.get("/account").get_data(as_text=True)
    assert user.email in page
    with app.app_context():
        opened = session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one()
        assert opened.confirmed_with is Proof.PROVIDER
        assert session.get(User, user.id).role is Role.MINISTRY
        assert session.scalars(select(LinkedIdentity.used_at)).all() == [NOW]


def test_the_second_proof_of_ours_is_still_asked_for(app, make, client, provider, *, enter, link):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    usual = app.config["CISS"]
    app.config["CISS"] = replace(usual, second_factor=True)
    try:
        answer = sign_in_there(client, provider, provider_id)
        inside = is_in(client)
    finally:
        app.config["CISS"] = usual

    assert answer.location.startswith("/sign-in/second")
    assert not inside


def test_the_page_that_was_asked_for_is_led_to_and_no_other_site(
    make, client, provider, enter, *, link
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)

    for asked, led in (
        ("/account", "/account"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ):
        path = f"/sign-in/with/{provider_id}?next={asked}"
        _page, brought = come_back(client, provider, provider_id, path=path)
        assert client.post(back_to(provider_id), data=sent(brought)).location == led


def test_a_person_links_the_account_with_the_own_password(
    app, make, sign_in, provider, *, enter, client
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    browser = sign_in(user)
    assert "Link your Ministry of Education account" in browser.get("/account/sign-on").get_data(
        as_text=True
    )
    path = f"/account/sign-on/{provider_id}/link"

    page, brought = come_back(browser, provider, provider_id, path=path)
    assert "Enter your password for this service once more" in page.get_data(as_text=True)
    wrong = browser.post(back_to(provider_id), data={**sent(brought), "password": "wrong"})
    assert "This is not your current password." in wrong.get_data(as_text=True)
    assert provider.asked.count("/token") == 0
    answer = browser.post(back_to(provider_id), data={**sent(brought), "password": PASSWORD})

    assert answer.location == "/account/sign-on"
    with app.app_context():
        assert (
            session.scalars(select(Mail.to).where(Mail.kind == "sign_on")).all()[-1] == user.email
        )
        link_id = session.scalars(select(LinkedIdentity.id)).one()
    assert sign_in_there(client, provider, provider_id).status_code == 302
    assert is_in(client)

    browser.post(f"/account/sign-on/{link_id}/end")

    stranger = app.test_client()
    assert "No account here is linked" in sign_in_there(stranger, provider, provider_id).get_data(
        as_text=True
    )
    assert not is_in(stranger)


def test_who_has_no_password_signs_in_there_again_and_comes_back(
    app, make, client, provider, *, enter, link
):
    provider_id, other_id = enter(), enter()
    user = make.user(Role.MINISTRY, password_hash=NO_PASSWORD)
    link(provider_id, user)
    sign_in_there(client, provider, provider_id)
    path = f"/account/sign-on/{other_id}/link"
    start = f"/account/sign-on/{provider_id}/again?next="
    provider.claims = {"auth_time": TIME + 16 * 60}

    with clock.at(NOW + 16 * MINUTE):
        confirm = client.get(client.get(path).location).get_data(as_text=True)
        own = client.get("/account/data").get_data(as_text=True)
        assert f'href="{start}{path}"' in confirm
        assert f'href="{start}/account/data"' in own
        assert other_id not in own  # not linked: it would open nothing
        page, brought = come_back(client, provider, provider_id, path=f"{start}{path}")
        back = client.post(back_to(provider_id), data=sent(brought))
        page, brought = come_back(client, provider, other_id, "person-2", back.location)
        linked = client.post(back_to(other_id), data=sent(brought))

    assert back.location == path
    assert "You showed a short time ago" in page.get_data(as_text=True)
    assert linked.location == "/account/sign-on"


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("subject", "auth_time", "reason"),
    [
        ("person-1", TIME + 16 * 60, None),
        ("person-1", TIME, "not_again"),  # the organisation's session of the morning
        ("person-1", None, "not_again"),
        ("person-1", True, "not_again"),
        ("person-2", TIME + 16 * 60, "other_person"),
        ("person-3", TIME + 16 * 60, "other_person"),  # linked to nobody
    ],
)
def test_only_the_person_who_entered_the_password_there_just_now_has_signed_in_again(
    app, make, client, provider, *, enter, link, subject, auth_time, reason
):
    provider_id = enter()
    user = make.user(Role.MINISTRY, password_hash=NO_PASSWORD)
    link(provider_id, user)
    link(provider_id, make.user(Role.MINISTRY, email="colleague@ministry.example"), "person-2")
    sign_in_there(client, provider, provider_id)
    provider.claims = {"auth_time": auth_time}

    with clock.at(NOW + 16 * MINUTE):
        path = f"/account/sign-on/{provider_id}/again?next=/account/data"
        asked = parse_qs(urlsplit(client.get(path).location).query)
        _page, brought = come_back(client, provider, provider_id, subject, path)
        answer = client.post(back_to(provider_id), data=sent(brought), follow_redirects=True)
        text, own = answer.get_data(as_text=True), client.get("/account/data")

    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert refusals(app) == ([reason] if reason else [])
    assert ("We could not confirm that it is you" in text) == bool(reason)
    assert ("You showed a short time ago" in text) == (reason is None)
    assert user.email in own.get_data(as_text=True)  # still, or again, the same person
    assert ("You showed a short time ago" in own.get_data(as_text=True)) == (reason is None)


@pytest.mark.one_database("sqlite")
def test_an_ordinary_sign_in_asks_nobody_anew(make, client, provider, enter):
    asked = client.get(f"/sign-in/with/{enter()}").location

    assert not {"prompt", "max_age"} & set(parse_qs(urlsplit(asked).query))


def test_who_removes_the_only_way_in_is_told_how_to_sign_in(
    app, make, client, provider, *, enter, link
):
    provider_id, user = enter(), make.user(Role.MINISTRY, password_hash=NO_PASSWORD)
    link(provider_id, user)
    sign_in_there(client, provider, provider_id)
    with app.app_context():
        link_id = session.scalars(select(LinkedIdentity.id)).one()

    answer = client.post(f"/account/sign-on/{link_id}/end", follow_redirects=True)

    assert "choose “Forgotten your password?”" in answer.get_data(as_text=True)


def test_a_visitor_links_nothing(make, client, provider, enter):
    provider_id = enter()

    assert client.get(f"/account/sign-on/{provider_id}/link").location.startswith("/sign-in?")


def test_who_signed_out_meanwhile_links_nothing(app, make, sign_in, provider, *, enter):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    browser = sign_in(user)
    _page, brought = come_back(
        browser, provider, provider_id, path=f"/account/sign-on/{provider_id}/link"
    )
    with app.app_context(), unit_of_work():
        accounts.close_sessions(session.get_one(User, user.id), at=NOW)

    answer = browser.post(back_to(provider_id), data={**sent(brought), "password": PASSWORD})

    assert answer.location == "/sign-in?next=/account/sign-on"
    with app.app_context():
        assert session.scalars(select(LinkedIdentity)).all() == []


@pytest.mark.one_database("sqlite")
def test_a_page_about_a_fault_keeps_nothing_that_opens_an_account(
    client, provider, enter, monkeypatch, caplog
):
    provider_id = enter()
    page, brought = come_back(client, provider, provider_id)
    away = OperationalError("the database", {}, Exception("database is locked"))
    monkeypatch.setattr("cissapp.people.sign_on.services.sign_in_with", Mock(side_effect=away))

    shown = re.findall(r'name="(\w+_secret)" value="([^"]+)"', page.get_data(as_text=True))
    fault = client.post(back_to(provider_id), data=dict(shown))

    assert dict(shown) == sent(brought)
    assert page.headers["Cache-Control"] == "no-store"
    assert fault.status_code == 503
    said = fault.get_data(as_text=True) + caplog.text
    assert not [value for value in brought.values() if value in said]


@pytest.fixture
def invitation(app, make):
    """An invitation of the ministry, by the secret of its link."""

    def invited(role=Role.MINISTRY, **scope):
        make.country()
        with app.app_context(), unit_of_work():
            accounts.invite(
                Invitee("ana@ministry.example", "Ana Rusu", "en"),
                role=role,
                scope=Scope(**(scope or {"country_code": "MD"})),
                by=make.user(Role.SECRETARIAT),
                at=NOW,
            )
            body = session.scalars(select(Mail.body).where(Mail.kind == "invitation")).one()
        return next(word for word in body.split() if "/invitations/" in word).rpartition("/")[2]

    return invited


def test_an_invited_person_joins_with_the_organisation(app, client, provider, *, enter, invitation):
    provider_id, token = enter(), invitation()
    assert "Sign in with your Ministry of Education account" in client.get(
        f"/invitations/{token}"
    ).get_data(as_text=True)

    page, brought = come_back(
        client, provider, provider_id, path=f"/invitations/{token}/with/{provider_id}"
    )
    assert page.status_code == 200
    answer = client.post(back_to(provider_id), data=sent(brought))

    assert (answer.status_code, is_in(client)) == (302, True)
    with app.app_context():
        user = session.scalars(select(User).where(User.email == "ana@ministry.example")).one()
        assert (user.name, user.role, user.password_hash) == ("Ana Rusu", Role.MINISTRY, "!")
        assert session.scalars(select(LinkedIdentity.user_id)).all() == [user.id]
    assert client.get(f"/invitations/{token}").status_code == 410


def test_an_invitation_that_was_used_meanwhile_makes_nobody(
    app, client, provider, *, enter, invitation
):
    provider_id, token = enter(), invitation()
    _page, brought = come_back(
        client, provider, provider_id, path=f"/invitations/{token}/with/{provider_id}"
    )
    with app.app_context(), unit_of_work():
        session.scalars(select(Invitation)).one().revoked_at = NOW

    answer = client.post(back_to(provider_id), data=sent(brought), follow_redirects=True)

    assert answer.status_code == 410
    assert "ask the person who invited you" in answer.get_data(as_text=True)
    with app.app_context():
        assert session.scalars(select(LinkedIdentity)).all() == []


@pytest.mark.one_database("sqlite")
def test_who_has_a_place_already_is_told_so_and_what_to_do(
    app, make, client, provider, *, enter, invitation
):
    provider_id, token = enter(), invitation()
    _page, brought = come_back(
        client, provider, provider_id, path=f"/invitations/{token}/with/{provider_id}"
    )
    make.user(Role.REVIEWER, email="ana@ministry.example")

    stranger = app.test_client().post(back_to(provider_id), data=sent(brought))
    answer = client.post(back_to(provider_id), data=sent(brought), follow_redirects=True)

    assert (answer.status_code, is_in(client)) == (409, False)
    assert "ask for an invitation to another work address" in answer.get_data(as_text=True)
    assert "already have an account" not in stranger.get_data(as_text=True)
    assert len(refusals(app)) == 2
    with app.app_context():
        assert session.scalars(select(LinkedIdentity)).all() == []
        assert session.scalars(select(Invitation.accepted_at)).all() == [None]


def test_an_invitation_of_another_place_cannot_be_accepted_with_it(
    client, enter, invitation, provider
):
    provider_id = enter("country:MD")
    token = invitation(Role.SECRETARIAT, country_code=None)

    assert client.get(f"/invitations/{token}/with/{provider_id}").status_code == 404


# --- a provider that lies or is away ---------------------------------------------------------

LIES = [
    ({"nonce": "another"}, {}, "nonce"),
    ({"nonce": None}, {}, "nonce"),
    ({"aud": "another-client"}, {}, "audience"),
    ({"iss": "https://accounts.ministry.example.evil.example"}, {}, "issuer"),
    ({"iat": TIME - 400, "exp": TIME - 200}, {}, "time"),
    ({"sub": ""}, {}, "subject"),
    ({}, {"sign": lies.unsigned}, "signature"),
    ({}, {"sign": lies.signed_with_the_public_key}, "signature"),
    ({}, {"sign": lies.signed_by_a_stranger}, "signature"),
    ({}, {"sign": lies.bringing_its_own_key}, "signature"),
    ({}, {"sign": lambda _claims: "no token at all"}, "signature"),
    ({}, {"sign": lambda _claims: None}, "not_understood"),
    ({}, {"header": {"kid": "unknown"}}, "signature"),
    ({}, {"answers": {"/token": (200, b"no json")}}, "not_understood"),
    ({}, {"answers": {"/token": (200, b"[" * 90_000)}}, "not_understood"),
    ({}, {"answers": {"/token": (302, b"")}}, "not_understood"),
    ({}, {"answers": {"/token": (400, b'{"error": "invalid_grant"}')}}, "not_understood"),
    ({}, {"answers": {"/token": (503, b"")}}, "away"),
    ({}, {"answers": {"/token": TimeoutError()}}, "away"),
    ({}, {"answers": {"/keys": ConnectionRefusedError()}}, "away"),
    ({}, {"answers": {"/keys": ValueError("the answer is too long")}}, "away"),
    ({}, {"answers": {"/keys": (200, b'{"keys": []}')}}, "not_understood"),
    ({}, {"answers": {"/keys": (200, b'{"keys": [5]}')}}, "not_understood"),
    ({}, {"answers": {"/keys": (200, json.dumps({"keys": [lies.OTHER_KEY.as_dict(private=False)]}).encode())}}, "signature"),
]  # fmt: skip


@pytest.mark.parametrize(("claims", "changed", "reason"), LIES)
def test_whatever_a_provider_says_wrong_nobody_is_signed_in(
    app, make, client, provider, *, enter, link, claims, changed, reason
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    provider.claims = claims
    for name, value in changed.items():
        setattr(provider, name, value)

    answer = sign_in_there(client, provider, provider_id)

    assert "You were not signed in" in answer.get_data(as_text=True)
    assert (is_in(client), refusals(app)) == (False, [reason])
    assert client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).location == "/"


BOTH = {"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}


@pytest.mark.parametrize(
    ("registered", "decodes", "at_first"),
    [("header", True, True), ("body", True, False), ("", False, False)],
)
def test_the_secret_is_sent_in_the_way_that_the_registration_allows(
    app, make, client, provider, *, enter, link, registered, decodes, at_first
):
    """What a provider lists is what it can do, not how we are registered there."""
    provider.configuration, provider.registered, provider.decodes = BOTH, registered, decodes
    provider_id = enter()
    link(provider_id, make.user(Role.MINISTRY))

    first = sign_in_there(client, provider, provider_id)
    assert is_in(client) == at_first
    if not at_first:
        assert "please start again" in first.get_data(as_text=True)
        assert "other_way status 401, invalid_client" in first.get_data(as_text=True)
        sign_in_there(client, provider, provider_id)

    assert is_in(client)
    assert refusals(app) == ([] if at_first else ["other_way"])


def test_two_who_fail_at_once_change_the_way_once_and_a_new_test_keeps_it(
    app, make, client, provider, *, enter, link, sign_in
):
    provider.configuration, provider.registered = BOTH, "body"
    provider_id = enter()
    link(provider_id, make.user(Role.MINISTRY))
    failed = SignOnRefused(Refusal.OTHER_WAY, secret_in_body=True)
    for _person in range(2):
        with app.app_context(), unit_of_work():
            record_refusal(UUID(provider_id), failed, at=NOW)
    sign_in(make.user(Role.SECRETARIAT)).post(f"/admin/sign-on/{provider_id}/try")

    sign_in_there(client, provider, provider_id)

    assert is_in(client)


def test_a_wrong_secret_is_refused_in_either_way(app, make, client, provider, *, enter, link):
    provider.configuration = BOTH
    provider_id = enter()
    link(provider_id, make.user(Role.MINISTRY))
    provider.secret = "another"

    for _attempt in range(3):
        sign_in_there(client, provider, provider_id)
    assert (is_in(client), refusals(app)) == (False, ["other_way"] * 3)
    provider.secret = SECRET
    sign_in_there(client, provider, provider_id)

    assert is_in(client)


def test_the_error_that_an_organisation_names_is_shown_and_no_text_of_it(client, provider, enter):
    provider_id = enter()
    for named, shown in (
        ("invalid_client", "status 401, invalid_client"),
        ("<b>evil", "status 401<"),
    ):
        provider.answers = {"/token": (401, json.dumps({"error": named}).encode())}
        page = sign_in_there(client, provider, provider_id).get_data(as_text=True)
        assert f"not_understood {shown}" in page


def test_a_state_of_another_browser_an_old_one_and_a_used_one_sign_nobody_in(
    app, make, client, provider, *, enter, link
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    thief = app.test_client()
    _page, brought = come_back(client, provider, provider_id)

    assert "another browser" in thief.get(back_to(provider_id), query_string=brought).get_data(
        as_text=True
    )
    assert "another browser" in thief.post(back_to(provider_id), data=sent(brought)).get_data(
        as_text=True
    )
    thief.get(f"/sign-in/with/{provider_id}")
    assert "another browser" in thief.post(back_to(provider_id), data=sent(brought)).get_data(
        as_text=True
    )
    assert not is_in(thief)
    with clock.at(NOW + 11 * MINUTE):
        client.post(back_to(provider_id), data=sent(brought))
        assert not is_in(client)
    assert set(refusals(app)) == {"state"}


def test_a_code_is_not_used_twice_though_the_provider_and_the_old_cookie_allow_it(
    app, make, client, provider, *, enter, link
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    _page, brought = come_back(client, provider, provider_id)
    with client.session_transaction() as cookie:
        old = dict(cookie)
    assert client.post(back_to(provider_id), data=sent(brought)).status_code == 302

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(old)
    answer = thief.post(back_to(provider_id), data=sent(brought))

    assert "already been used" in answer.get_data(as_text=True)
    assert (is_in(thief), refusals(app)) == (False, ["state"])


def test_a_code_of_another_browser_is_worth_nothing(app, make, client, provider, *, enter, link):
    """The code was made for the verifier of another browser: PKCE."""
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    _page, stolen = come_back(client, provider, provider_id)
    thief = app.test_client()
    _page, own = come_back(thief, provider, provider_id, "thief")

    thief.post(back_to(provider_id), data=sent({**own, "code": stolen["code"]}))

    assert not is_in(thief)
    assert refusals(app) == ["not_understood"]


def test_a_code_of_another_organisation_is_not_given_to_the_one_that_was_asked(
    client, provider, enter
):
    """The organisation that was chosen leads on to another one, whose code it would like to have: a mix-up."""
    provider_id = enter()
    _page, brought = come_back(client, provider, provider_id)
    code = brought["code"]

    pages = {
        issuer: client.get(back_to(provider_id), query_string=brought | {"iss": issuer}).get_data(
            as_text=True
        )
        for issuer in (ISSUER, "https://honest.example", "")
    }

    shown = {issuer: f'value="{code}"' in page for issuer, page in pages.items()}
    assert shown == {ISSUER: True, "https://honest.example": False, "": False}
    assert "You were not signed in" in pages["https://honest.example"]


def test_each_organisation_has_a_return_address_of_its_own(
    app, make, client, provider, *, enter, link
):
    """A code of the honest one comes back to the address of the honest one, where no sign-in of the liar goes on.

    It says nothing of whom it is from (`iss`): many do not.
    """
    liar, honest = enter(), enter()
    user = make.user(Role.MINISTRY)
    link(liar, user)
    there = client.get(f"/sign-in/with/{liar}").location
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [
        f"http://ciss.example{back_to(liar)}"
    ]
    brought = provider.signs_in(there)
    asked = len(provider.asked)

    shown = client.get(back_to(honest), query_string=brought).get_data(as_text=True)
    answer = client.post(back_to(honest), data=sent(brought)).get_data(as_text=True)
    too_late = client.post(back_to(liar), data=sent(brought))
    gone = client.get("/sign-in/return", query_string=brought)

    assert f'value="{brought["code"]}"' not in shown
    assert all("You were not signed in" in page for page in (shown, answer))
    assert (len(provider.asked), is_in(client)) == (asked, False)
    assert (refusals(app), too_late.status_code) == (["issuer", "state"], 200)
    assert gone.status_code == 404


def test_the_same_number_at_another_organisation_is_another_person(
    app, make, client, provider, *, enter, link
):
    first, user = enter(), make.user(Role.MINISTRY)
    link(first, user)
    second = enter(issuer=ISSUER)

    sign_in_there(client, provider, second)

    assert (is_in(client), refusals(app)) == (False, ["no_account"])


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECRETARIAT, Role.SCHOOL_MANAGER])
def test_an_account_out_of_the_scope_is_not_opened_though_it_is_linked(
    app, make, client, provider, *, enter, link, role
):
    provider_id, user = enter(), make.user(role)
    link(provider_id, user)

    sign_in_there(client, provider, provider_id)

    assert (is_in(client), refusals(app)) == (False, ["scope"])


def test_a_closed_account_and_a_provider_that_is_off_open_nothing(
    app, make, client, provider, *, enter, link
):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    _page, brought = come_back(client, provider, provider_id)
    with app.app_context(), unit_of_work():
        accounts.deactivate(session.get_one(User, user.id), by=make.user(), at=NOW)
    client.post(back_to(provider_id), data=sent(brought))
    _page, brought = come_back(client, provider, provider_id)
    with app.app_context(), unit_of_work():
        session.scalars(select(IdentityProvider)).one().on_since = None
    client.post(back_to(provider_id), data=sent(brought))

    assert (is_in(client), refusals(app)) == (False, ["no_account", "off"])
    assert client.get(f"/sign-in/with/{provider_id}").status_code == 404
    assert "Ministry of Education" not in client.get("/sign-in").get_data(as_text=True)


def test_nobody_takes_the_link_of_another_person(app, make, sign_in, provider, *, enter, link):
    provider_id, owner = enter(), make.user(Role.MINISTRY)
    link(provider_id, owner)
    browser = sign_in(make.user(Role.MINISTRY))
    _page, brought = come_back(
        browser, provider, provider_id, path=f"/account/sign-on/{provider_id}/link"
    )

    browser.post(back_to(provider_id), data={**sent(brought), "password": PASSWORD})

    assert refusals(app) == ["other_account"]
    with app.app_context():
        assert session.scalars(select(LinkedIdentity.user_id)).all() == [owner.id]


def test_a_refusal_at_the_organisation_is_said(client, provider, enter):
    provider_id = enter()
    there = client.get(f"/sign-in/with/{provider_id}")
    brought = provider.signs_in(there.location)

    page = client.get(
        back_to(provider_id),
        query_string={
            "state": brought["state"],
            "error": "access_denied",
            "error_description": "<b>evil</b>",
        },
    )

    said = page.get_data(as_text=True)
    assert "Your organisation did not let you in" in said
    assert "denied access_denied" in said
    assert "<b>" not in said


# --- the secretariat -------------------------------------------------------------------------


def test_a_provider_is_tried_before_it_is_switched_on_and_the_others_are_told(
    app, make, sign_in, provider, *, enter
):
    other = make.user(Role.SECRETARIAT)
    browser = sign_in(make.user(Role.SECRETARIAT))
    provider_id = enter(on=False)
    page = f"/admin/sign-on/{provider_id}"
    assert "Not tested yet" in browser.get(page).get_data(as_text=True)

    browser.post(f"{page}/on")
    assert "Test it first" in browser.get(page).get_data(as_text=True)
    provider.configuration = {"issuer": "https://another.example"}
    failed = browser.post(f"{page}/try").get_data(as_text=True)
    assert "the configuration names a different issuer" in failed
    provider.configuration = {}
    browser.post(f"{page}/try")
    shown = browser.get(page).get_data(as_text=True)
    assert f"{ISSUER}/authorize" in shown
    assert SECRET not in shown
    browser.post(f"{page}/on")
    browser.post(f"{page}/remove")

    assert "Switch it off first." in browser.get(page).get_data(as_text=True)
    with app.app_context():
        told = session.scalars(select(Mail.to).where(Mail.kind == "act_notice")).all()
        assert other.email in told


def test_a_secret_is_replaced_and_the_links_are_kept(
    app, make, sign_in, client, provider, *, enter, link
):
    provider_id = enter()
    link(provider_id, make.user(Role.MINISTRY))
    browser = sign_in(make.user(Role.SECRETARIAT))
    page = f"/admin/sign-on/{provider_id}/secret"
    provider.secret = "the one of next year"

    missing = browser.post(page, data={"client_secret": ""})
    answer = browser.post(page, data={"client_secret": provider.secret})

    assert (missing.status_code, answer.status_code) == (422, 302)
    assert "Enter the client secret." in missing.get_data(as_text=True)
    sign_in_there(client, provider, provider_id)
    assert is_in(client)
    with app.app_context():
        kept = session.scalars(
            select(AuditEntry.facts).where(AuditEntry.event == Event.SIGN_ON_RENEWED)
        ).all()
        assert kept == [{}]


def test_removing_a_provider_removes_its_links(app, make, sign_in, provider, *, enter, link):
    provider_id, user = enter(), make.user(Role.MINISTRY)
    link(provider_id, user)
    browser = sign_in(make.user(Role.SECRETARIAT))

    browser.post(f"/admin/sign-on/{provider_id}/off")
    browser.post(f"/admin/sign-on/{provider_id}/remove")

    with app.app_context():
        assert session.scalars(select(LinkedIdentity)).all() == []
        assert session.scalars(select(IdentityProvider)).all() == []


def test_the_secret_is_sealed_for_its_own_row(app, enter, client):
    enter(on=False)
    with app.app_context():
        found = session.scalars(select(IdentityProvider)).one()
        assert SECRET not in found.sealed_secret
        assert unseal(found.sealed_secret, purpose=PURPOSE, bound_to=str(found.id)) == SECRET
        with pytest.raises(SealBroken):
            unseal(found.sealed_secret, purpose=PURPOSE, bound_to="another")


def test_what_is_wrong_is_said_beside_the_field(make, sign_in):
    make.country()
    browser = sign_in(make.user(Role.SECRETARIAT))
    sent = {
        "name": "Ministry",
        "scope": "country:MD",
        "issuer": "http://accounts.example",
        "client_id": "c",
        "client_secret": "s",
    }

    answer = browser.post("/admin/sign-on/new", data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "begins with https://" in page
    assert 'value="Ministry"' in page
