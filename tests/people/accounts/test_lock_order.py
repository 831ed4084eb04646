"""Two who change the same account wait for each other in turn, never in a circle."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts import services
from cissapp.people.accounts.models import PasswordReset, User, UserSession
from cissapp.people.accounts.services import passwords
from tests.factories import NOW, PASSWORD
from tests.journeys.racing import at_once

pytestmark = pytest.mark.one_database("postgresql")
CHANGED = "green tram to the sea"
RESET = "red ferry over the lake"
# As long as one waits for the other, who in the right order waits as well.
BRIEFLY = 0.5


@pytest.fixture
def user(app, make):
    """A person with a failed sign-in that counts, and a link for a new password."""
    found = make.user()
    with app.app_context(), unit_of_work():
        services.sign_in(found.email, "wrong", at=NOW)
        link = {"token_hash": "hash", "asked_at": NOW, "expires_at": NOW + timedelta(hours=1)}
        session.add(PasswordReset(user_id=found.id, **link))
    return found


def change(user):
    services.change_password(session.get_one(User, user.id), current=PASSWORD, new=CHANGED, at=NOW)


def reset(_user):
    services.reset_password(session.scalars(select(PasswordReset)).one(), RESET, at=NOW)


@pytest.mark.parametrize("act", [change, reset])
def test_a_sign_in_meets_a_new_password(app, monkeypatch, user, act):
    counted, locked = Event(), Event()
    still_right = passwords.is_still_right

    def is_still_right(*args, **values):
        first = not counted.is_set()
        if first:
            counted.set()
            locked.wait(BRIEFLY)
        found = still_right(*args, **values)
        locked.set()
        return found

    monkeypatch.setattr(passwords, "is_still_right", is_still_right)

    def sign_in(ready):
        ready()
        return "in" if services.sign_in(user.email, PASSWORD, at=NOW) else "out"

    def renew(ready):
        ready()
        counted.wait(10)
        act(user)
        return "new"

    assert at_once(app, [lambda ready: ready(), sign_in, renew]) == ["won", "won in", "won new"]
    with app.app_context():
        assert session.scalars(select(UserSession.closed_at)).all() == [NOW]


def test_a_change_of_password_meets_a_link_for_one(app, monkeypatch, user):
    locked, changed = Event(), Event()
    still_right = passwords.is_still_right

    def is_still_right(*args, **values):
        found = still_right(*args, **values)
        locked.set()
        changed.wait(BRIEFLY)
        return found

    monkeypatch.setattr(passwords, "is_still_right", is_still_right)

    def renew(ready):
        ready()
        change(user)

    def use_link(ready):
        ready()
        locked.wait(10)
        reset(user)

    said = at_once(app, [lambda ready: ready(), renew, use_link])

    assert said == ["won", "won", "refused used"]
    with app.app_context(), unit_of_work():
        assert services.sign_in(user.email, CHANGED, at=NOW)
