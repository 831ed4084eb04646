"""Passkeys, through the client, with an authenticator in software."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.factors.models import FactorChallenge, Passkey
from tests.factories import NOW
from tests.people.factors.authenticator import Authenticator
from tests.people.factors.conftest import MINUTE, enter
from tests.people.factors.test_sign_in import SECOND, is_in, text

pytestmark = pytest.mark.usefixtures("strict")

REFUSED = "This passkey was not accepted."


def options(browser, path="/sign-in/passkey"):
    answer = browser.post(path, json={}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.status_code
    return json.loads(answer.get_data(as_text=True))


def set_up(browser, device):
    made = device.make(options(browser, "/sign-in/passkey?new=1"))
    return browser.post("/sign-in/set-up/passkey", data={"credential": made, "name": "My phone"})


@pytest.fixture
def reviewer(make):
    return make.user(Role.REVIEWER)


@pytest.fixture
def device(app, reviewer):
    """A device whose passkey the reviewer has set up."""
    made, browser = Authenticator(), app.test_client()
    enter(browser, reviewer)
    assert "Your recovery codes" in text(set_up(browser, made))
    return made


def test_a_passkey_is_the_first_factor_and_then_the_second_proof(app, reviewer, client):
    made = Authenticator()
    enter(client, reviewer)
    set_up(client, made)
    first = is_in(client)
    client.post("/sign-out")
    enter(client, reviewer)
    outside = is_in(client)

    answer = client.post(SECOND, data={"credential": made.sign(options(client))})

    assert (first, outside, answer.location, is_in(client)) == (True, False, "/", True)
    with app.app_context():
        row = session.scalars(select(Passkey)).one()
        assert (row.name, row.sign_count, row.used_at) == ("My phone", 1, NOW)
        proofs = set(session.scalars(select(UserSession.confirmed_with)))
        assert proofs == {Proof.PASSKEY}
    assert "My phone" in text(client.get("/account/factors"))


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://ciss.example.evil.example"},
        {"origin": "http://ciss.example"},
        {"rp_id": "evil.example"},
        {"verifies": False},
        {"key": Authenticator().key},
        {"id": b"another passkey."},
        {"count": -1},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_lie_is_refused_and_counted(reviewer, device, client, lie):
    enter(client, reviewer)
    if "count" in lie:  # a copy that is behind the device
        client.post(SECOND, data={"credential": device.sign(options(client))})
        client.post("/sign-out")
        enter(client, reviewer)
        lie = {"count": 0}
    liar = replace(device, **lie)

    answer = client.post(SECOND, data={"credential": liar.sign(options(client))})

    assert REFUSED in text(answer)
    assert not is_in(client)


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"verifies": False}])
def test_a_lie_makes_no_passkey(app, reviewer, client, lie):
    enter(client, reviewer)

    answer = set_up(client, Authenticator(**lie))

    assert REFUSED in text(answer)
    assert not is_in(client)
    with app.app_context():
        assert list(session.scalars(select(Passkey))) == []


@pytest.mark.parametrize("credential", ["", "{}", "[]", "no json", '{"id": 5, "response": null}'])
def test_what_no_browser_sends_is_refused(reviewer, device, client, credential):
    enter(client, reviewer)
    options(client)

    answer = client.post(SECOND, data={"credential": credential})

    assert answer.status_code == 200
    assert not is_in(client)


def test_an_answer_counts_once_in_its_own_session_and_in_time(app, reviewer, device, client):
    other = app.test_client()
    enter(client, reviewer)
    enter(other, reviewer)
    foreign = device.sign(options(other))
    in_wrong_session = client.post(SECOND, data={"credential": foreign})
    asked = options(client)
    with clock.at(NOW + 11 * MINUTE):
        enter(client, reviewer)
        late = client.post(SECOND, data={"credential": device.sign(asked)})
    signed = device.sign(options(other))
    first = other.post(SECOND, data={"credential": signed})
    with app.app_context():
        left = [one.session_id for one in session.scalars(select(FactorChallenge))]
        done = session.scalar(
            select(UserSession.id)
            .where(UserSession.confirmed_at == NOW, UserSession.closed_at.is_(None))
            .order_by(UserSession.opened_at)
        )

    assert "This took too long." in text(in_wrong_session)
    assert "This took too long." in text(late)
    assert first.status_code == 302
    assert done not in left
    assert not is_in(client)


def test_wrong_codes_of_a_thief_do_not_keep_the_passkey_out(app, reviewer, device, client):
    thief = app.test_client()
    enter(thief, reviewer)
    wrong = [thief.post(SECOND, data={"code": "000000"}) for _ in range(6)]
    enter(client, reviewer)

    answer = client.post(SECOND, data={"credential": device.sign(options(client))})

    assert "There were too many failed attempts." in text(wrong[-1])
    assert (answer.status_code, is_in(client)) == (302, True)


def test_a_passkey_belongs_to_one_person(app, make, reviewer, device, client):
    other = make.user(Role.REVIEWER)
    enter(client, other)
    stolen = set_up(client, device)  # the same id of a key

    assert REFUSED in text(stolen)
    assert not is_in(client)


def test_a_number_or_plain_http_is_no_site_for_passkeys(app, reviewer, client):
    app.config["CISS"] = replace(app.config["CISS"], base_url="http://127.0.0.1:8000")
    page = text(client.get(enter(client, reviewer).location))
    answer = client.post("/sign-in/passkey", json={})

    assert "Use an app" in page
    assert "passkey" not in page
    assert answer.status_code == 404
