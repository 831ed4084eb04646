"""A program with a token, as the tests of the API need one."""

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.oversee.api.rules.tokens import TokenScope, scopes_open_to
from cissapp.oversee.api.services import tokens
from cissapp.people.accounts.models import User
from tests.factories import NOW

PREFIX = "/api/v1"


class Program:
    """Asks with a token, and with nothing else of a browser."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.app, self.token = app, token

    def ask(self, path: str, method: str = "GET", **values: Any) -> TestResponse:
        headers = dict(values.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        client = self.app.test_client(use_cookies=False)
        return client.open(f"{PREFIX}{path}", method=method, headers=headers, **values)

    def post(self, path: str, **values: Any) -> TestResponse:
        return self.ask(path, "POST", **values)


def program_of(app: Flask, person: User, *scopes: TokenScope, days: int = 30) -> Program:
    """Make a token for everything that the person may, or for these scopes."""
    with app.app_context(), unit_of_work():
        person = session.merge(person)
        chosen = list(scopes) or scopes_open_to(person)
        ends_on = NOW.date() + timedelta(days=days)
        return Program(app, tokens.make_token("Test", chosen, ends_on, by=person, at=NOW))
