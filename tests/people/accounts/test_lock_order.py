"""Two who change the same account wait for each other in turn, never in a circle."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts import queries, services
from cissapp.people.accounts.models import Invitation, PasswordReset, User, UserSession
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import own_details, passwords
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


@pytest.mark.parametrize("is_invited", [False, True])
def test_one_address_goes_to_one_account(app, make, monkeypatch, is_invited):
    """Two confirm one new address at once, or one confirms it and another joins with it."""
    person_by_email, never = queries.person_by_email, Event()

    def look_slowly(email):
        found = person_by_email(email)
        never.wait(BRIEFLY)
        return found

    school = make.school()
    people = [make.manager(school, duty=Duty.DEPUTY) for _ in range(2)]
    address = "new@school.example"
    tokens = {}
    with app.app_context(), unit_of_work():
        for one in people:
            person = session.get_one(User, one.id)
            tokens[one.id] = own_details._token(person, address, at=NOW)
        scope = {"school_id": school.id, "country_code": school.country_code}
        services.invite(
            services.Invitee(address, "New", "en"), role=people[0].role, duty=Duty.DEPUTY,
            scope=services.Scope(**scope), by=session.get_one(User, people[0].id), at=NOW,
        )  # fmt: skip
        invitation_id = session.scalars(select(Invitation.id)).one()

    def confirm(person):
        def act(ready):
            services.asked_address(tokens[person.id], at=NOW)
            ready()
            services.confirm_new_address(tokens[person.id], at=NOW)

        return act

    def join(ready):
        invitation = session.get_one(Invitation, invitation_id)
        ready()
        services.accept_invitation(invitation, name="New", password=None, at=NOW)

    monkeypatch.setattr(queries, "person_by_email", look_slowly)
    second = join if is_invited else confirm(people[1])
    said = at_once(app, [lambda ready: ready(), confirm(people[0]), second])

    assert sorted(said) == ["refused used", "won", "won"]
