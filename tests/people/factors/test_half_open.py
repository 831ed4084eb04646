"""A half-open session opens the pages of the second proof; everywhere else its person is a visitor."""

from typing import Any

import pytest
from flask import Flask

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User
from cissapp.people.accounts.sessions import TOKEN
from tests.client import Client
from tests.conftest import Databases
from tests.factories import NOW
from tests.foundation.access.test_every_route import addresses, for_programs, form
from tests.world import world

# What a half-open session is for; the set-up leads on to the proof, since this person has a factor.
OPEN = {
    "factors.second",
    "factors.passkey_options",
    "factors.set_up",
    "factors.set_up_app",
    "factors.set_up_passkey",
}


def half_open(app: Flask, user: User) -> Client:
    browser = app.test_client()
    with app.app_context(), unit_of_work():
        row = session.get(User, user.id)
        assert row
        row.factors_since = NOW
        token = services.sign_in_joined(row, at=NOW, proof=None)
    with browser.session_transaction() as cookie:
        cookie[TOKEN] = token
    return browser


def told(browser: Client, address: str, method: str) -> tuple[Any, ...]:
    answer = browser.open(address, method=method, **form(browser, method))
    answer.close()
    return answer.status_code, answer.location


def place_of(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out what differs each time: the state with which somebody is sent to sign in elsewhere."""
    status, location = answer
    return status, (location or "").partition("?")[0]


# What is asked differs only in who asks: the walk of all routes asks PostgreSQL for the same pages.
@pytest.mark.one_database("sqlite")
def test_a_half_open_session_gets_a_visitors_answer_on_every_route(
    app: Flask, databases: Databases
) -> None:
    place = databases.kept(world)["MD"]
    visitor, browser = app.test_client(), half_open(app, place.people[Role.COORDINATOR])
    different, asked = set(), 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in {"static", "accounts.sign_out"} or for_programs(app, rule):
            continue
        address = addresses(app, rule, place)
        for method in sorted({"GET", "POST", "DELETE"} & (rule.methods or set())):
            asked += 1
            answer = told(browser, address, method)
            if getattr(view, "access", None) is None:
                same = place_of(answer) == place_of(told(visitor, address, method))
            else:
                to_sign_in = (answer[1] or "").startswith("/sign-in?next=")
                same = (answer[0] == 302 and to_sign_in) or answer[0] == 401
            if not same:
                different.add(rule.endpoint)

    assert different <= OPEN
    assert asked > 400
