"""An application that asks staff for a second proof, and a phone with an authenticator app."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.signing.sealing import seal
from cissapp.people.accounts.models import User
from cissapp.people.factors import services
from cissapp.people.factors.models import AuthenticatorApp
from cissapp.people.factors.services.apps import PURPOSE
from tests.client import Client
from tests.factories import NOW, PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    """Ask staff for a second proof, at an address for which browsers make passkeys."""
    usual = app.config["CISS"]
    app.config["CISS"] = replace(usual, second_factor=True, base_url="https://ciss.example")
    yield
    app.config["CISS"] = usual


def code_at(moment, secret=SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)


def add_phone(app: Flask, user: User, secret: str = SECRET) -> list[str]:
    """Store an app and recovery codes of a person, as the set-up does."""
    user.factors_since = NOW
    with app.app_context(), unit_of_work():
        row = session.get(User, user.id)
        assert row
        sealed = seal(secret, purpose=PURPOSE, bound_to=str(row.id))
        session.add(
            AuthenticatorApp(user_id=row.id, sealed_secret=sealed, added_at=NOW, last_step=0)
        )
        row.factors_since = NOW
        return services.make_codes(row, at=NOW)


def enter(browser: Client, user: User, **fields):
    return browser.post("/sign-in", data={"email": user.email, "password": PASSWORD, **fields})
