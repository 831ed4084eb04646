"""One address that two places invite: neither invitation ends the other, and the first link makes the account."""

import pytest
from sqlalchemy import select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services import hold_mails
from tests.factories import NOW
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")

EMAIL = "two.schools@school.example"
NEW = "green tram to the sea"


def invite(app, scope, email=EMAIL, token="", by_list=False):
    """Invite the address to a place by hand or by a list; return the invitation's id."""
    role = Role.SCHOOL_MANAGER if scope.school_id else Role.REVIEWER
    duty = Duty.DEPUTY if scope.school_id else None
    invitee = Invitee(email, "Ana Rusu", "en")
    with app.app_context(), unit_of_work(), hold_mails():
        if by_list:
            (made,) = services.invite_to_schools([(invitee, duty, scope)], by=SYSTEM, at=NOW)
        else:
            made = services.invite(invitee, role=role, duty=duty, scope=scope, by=SYSTEM, at=NOW)
        if token:
            made.token_hash = hash_of(token)
        return made.id


def accept(app, invitation_id, **said):
    with app.app_context(), unit_of_work():
        found = session.get_one(Invitation, invitation_id)
        services.accept_invitation(found, name="Ana Rusu", password=NEW, at=NOW, **said)


def open_ones(app):
    with app.app_context():
        found = session.scalars(select(Invitation).order_by(Invitation.invited_at, Invitation.id))
        return [one.id for one in found if services.is_invitation_open(one, NOW)]


def mails_of(app):
    with app.app_context():
        return session.scalars(select(Mail.school_id).where(Mail.to == EMAIL)).all()


@pytest.fixture
def places(make):
    """The scopes of two schools and of two groups."""
    schools = [make.school(), make.school()]
    groups = [make.group("MD"), make.group("UA")]
    return [
        *(Scope(school_id=one.id, country_code=one.country_code) for one in schools),
        *(Scope(group_id=one.id) for one in groups),
    ]


@pytest.mark.parametrize("by_list", [False, True])
def test_an_invitation_ends_an_earlier_one_of_the_same_school_alone(app, places, by_list):
    first, second, *_groups = places
    one, other = invite(app, first), invite(app, second, by_list=by_list)
    assert set(open_ones(app)) == {one, other}

    again = invite(app, second, by_list=by_list)

    assert set(open_ones(app)) == {one, again}
    assert set(mails_of(app)) == {first.school_id, second.school_id}


@pytest.mark.one_database("sqlite")
def test_an_invitation_of_a_group_ends_none_of_another_group_and_keeps_its_email(app, places):
    first, second = places[2:]
    one, other = invite(app, first), invite(app, second)
    with app.app_context(), unit_of_work():
        services.withdraw_invitation(session.get_one(Invitation, other), by=SYSTEM, at=NOW)

    assert open_ones(app) == [one]
    assert len(mails_of(app)) == 2
    again = invite(app, first)

    assert open_ones(app) == [again]
    assert len(mails_of(app)) == 1


@pytest.mark.one_database("sqlite")
def test_the_second_link_says_that_an_account_has_one_place(app, places, client):
    first, second, *_groups = places
    one, other = invite(app, first), invite(app, second, token="second")
    assert client.get("/invitations/second").status_code == 200
    accept(app, one)

    for page in (
        client.get("/invitations/second"),
        client.post("/invitations/second", data={"name": "Ana Rusu", "password": NEW}),
    ):
        assert (page.status_code, tree(page).findtext(".//h1").strip()) == (
            409,
            "You already have an account",
        )
        assert "ask for an invitation to another work address" in page.get_data(as_text=True)
    with pytest.raises(Refused) as refused:
        accept(app, other)
    assert "only one place" in refused.value.problems[0].message
    # The school that invited second sees an invitation that waits, as of anybody.
    assert open_ones(app) == [other]
    with app.app_context():
        (user,) = session.scalars(select(User).where(User.email == EMAIL))
        assert user.school_id == first.school_id


@pytest.mark.one_database("sqlite")
def test_a_link_that_waits_elsewhere_ends_when_the_address_passes_to_somebody_else(
    app, places, make
):
    first, second, *_groups = places
    one, other = invite(app, first), invite(app, second)
    accept(app, one)
    with app.app_context(), unit_of_work():
        user = session.scalars(select(User).where(User.email == EMAIL)).one()
        services.deactivate(user, by=make.user(Role.SECRETARIAT), at=NOW)

    accept(app, invite(app, first), was_here=False)

    assert open_ones(app) == []
    with pytest.raises(Refused):
        accept(app, other)
