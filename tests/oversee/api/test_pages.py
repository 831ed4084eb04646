"""The pages of tokens and webhooks, and the page that explains the API."""

import re
from datetime import timedelta
from html import unescape

import pytest

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.models import ApiToken, Webhook
from cissapp.oversee.api.queries import tokens
from cissapp.oversee.api.rules.tokens import TokenEnd
from tests.factories import NOW
from tests.oversee.api.programs import Program

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = NOW.date()


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def values_of(answer, name: str) -> str:
    found = re.search(rf'id="{name}"[^>]*value="([^"]+)"', answer.get_data(as_text=True))
    assert found, words(answer)
    return unescape(found[1])


def test_a_token_is_made_shown_once_used_and_ended(app, make, sign_in):
    browser = sign_in(make.user(Role.MINISTRY))
    empty = browser.get("/account/tokens")
    data = {
        "name": "Dashboard",
        "scopes": ["figures:read"],
        "ends_on": (DAY + timedelta(days=90)).isoformat(),
    }
    made = browser.post("/account/tokens", data=data)
    text = values_of(made, "token")
    program = Program(app, text)
    used = program.ask("/token")
    page = browser.get("/account/tokens")
    with app.app_context():
        token = session.query(ApiToken).one()
    ended = browser.post(f"/account/tokens/{token.id}/end", follow_redirects=True)

    assert "You do not have a token yet." in words(empty)
    assert "schools:import" not in empty.get_data(as_text=True)
    assert used.get_json()["scopes"] == ["figures:read"]
    assert token.token_hash == hash_of(text)
    assert text not in page.get_data(as_text=True)
    assert "Dashboard" in words(page)
    assert "last used" in words(page)
    assert "You ended it" in words(ended)
    assert program.ask("/token").get_json(force=True)["reason"] == "by_owner"


def test_tokens_that_have_ended_come_by_pages_after_those_that_work(app, make, sign_in):
    person = make.user(Role.MINISTRY)
    with app.app_context(), unit_of_work():
        for number in range(tokens.ENDED_SHOWN + 2):
            session.add(token_of(person, f"Old {number:02}", ended_at=NOW))
        session.add(token_of(person, "Works", ended_at=None, made_at=NOW - timedelta(days=9)))
    browser = sign_in(person)

    first = browser.get("/account/tokens")
    later = re.search(r'rel="next"\s+href="([^"]+)"', first.get_data(as_text=True))
    second = browser.get(unescape(later[1]))

    names = [re.findall(r"(?:Works|Old \d\d)", words(page)) for page in (first, second)]
    assert names[0][0] == "Works"
    assert [len(one) for one in names] == [tokens.ENDED_SHOWN + 1, 2]
    assert len({*names[0], *names[1]}) == tokens.ENDED_SHOWN + 3
    assert 'rel="next"' not in second.get_data(as_text=True)


def token_of(person, name, *, ended_at, made_at=NOW) -> ApiToken:
    return ApiToken(
        token_hash=f"{name} {person.id}",
        hint="ciss_",
        user_id=person.id,
        name=name,
        scopes=["figures:read"],
        role=person.role,
        country_code=person.country_code,
        made_at=made_at,
        ends_at=NOW + timedelta(days=30),
        ended_at=ended_at,
        ended_because=TokenEnd.BY_OWNER if ended_at else None,
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scopes": []}, "Choose at least one thing that the token can do."),
        ({"scopes": ["schools:import"]}, "not a valid choice"),
        ({"ends_on": DAY.isoformat()}, "Choose a day between tomorrow and"),
        ({"ends_on": (DAY + timedelta(days=366)).isoformat()}, "Choose a day between tomorrow and"),
        ({"name": ""}, "Enter what the token is for"),
    ],
)
def test_a_token_that_may_not_be_made_says_why_and_keeps_what_was_typed(
    make, sign_in, changed, said
):
    browser = sign_in(make.user(Role.MINISTRY))
    data = {
        "name": "Dashboard",
        "scopes": ["figures:read"],
        "ends_on": (DAY + timedelta(days=90)).isoformat(),
    }
    answer = browser.post("/account/tokens", data={**data, **changed})

    assert answer.status_code == 422
    assert said in words(answer)
    if "name" not in changed:
        assert 'value="Dashboard"' in answer.get_data(as_text=True)


def test_a_webhook_is_added_tried_and_removed(app, make, sign_in):
    browser = sign_in(make.user(Role.COORDINATOR))
    wrong = browser.post(
        "/account/webhooks", data={"url": "http://10.0.0.1/", "kinds": ["certificate.issued"]}
    )
    added = browser.post(
        "/account/webhooks",
        data={"url": "https://example.org/hook", "kinds": ["certificate.issued"]},
    )
    with app.app_context():
        webhook = session.query(Webhook).one()
    here = f"/account/webhooks/{webhook.id}"
    tried = browser.post(f"{here}/test", follow_redirects=True)
    listed = browser.get("/account/webhooks")
    page = browser.get(here)
    removed = browser.post(f"{here}/remove", follow_redirects=True)

    assert (wrong.status_code, "begins with https://" in words(wrong)) == (422, True)
    assert values_of(added, "secret").startswith("whsec_")
    assert "A test is on its way." in words(tried)
    assert "https://example.org/hook" in words(listed)
    assert "Not sent yet." in words(page)
    assert "whsec_" not in page.get_data(as_text=True)
    assert "You do not have a webhook yet." in words(removed)


def test_the_page_of_the_api_explains_each_problem_under_the_address_of_its_type(client):
    page = client.get("/api").get_data(as_text=True)
    program = Program(client.application, None)
    kind = program.ask("/register").get_json(force=True)["type"]

    assert f'id="{kind.partition("#")[2]}"' in page
    assert "CISS_TOKEN" in page
