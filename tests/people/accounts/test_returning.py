"""A person of a school whose account was closed comes back, to the same school or to another one."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.queries.requests import open_request
from cissapp.oversee.personal_data.services.requests import ask_erasure
from cissapp.people.accounts import services
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("stopped_clock")

NEW = "green tram to the sea"


@pytest.fixture
def coordinator(make):
    return make.user(Role.COORDINATOR)


def closed(app, person):
    with app.app_context(), unit_of_work():
        found = session.get_one(User, person.id)
        services.deactivate(
            found, by=session.scalars(select(User).where(User.id != found.id)).first(), at=NOW
        )


def invite(app, email, school, by, role=Role.SCHOOL_MANAGER, duty=Duty.HEAD):
    """Invite somebody; give the invitation's id."""
    with app.app_context(), unit_of_work():
        scope = Scope(school_id=school.id, country_code=school.country_code)
        if role is not Role.SCHOOL_MANAGER:
            scope = Scope(group_id=school.group_id)
        made = services.invite(
            Invitee(email, "Somebody", "en"), role=role, duty=duty, scope=scope,
            by=session.get_one(User, by.id), at=NOW,
        )  # fmt: skip
        return made.id


def accept(app, invitation_id, name="Ana Rusu"):
    with app.app_context(), unit_of_work():
        found = session.get_one(Invitation, invitation_id)
        user = services.accept_invitation(found, name=name, password=NEW, at=NOW)
        return user.id


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_learned_counts_where_the_person_comes_back(
    app, make, coordinator, sign_in, elsewhere
):
    school = make.school()
    head, _designated = make.trained(school)
    other = make.school(group_id=school.group_id) if elsewhere else school
    if elsewhere:
        make.trained(other)
    closed(app, head)

    assert accept(app, invite(app, head.email, other, coordinator)) == head.id

    with app.app_context(), unit_of_work():
        user = session.get_one(User, head.id)
        assert user.is_active
        assert (user.school_id, user.duty, user.duty_since) == (other.id, Duty.HEAD, NOW)
        assert session.get_one(School, other.id).progress is Progress.TRAINED
        assert services.sign_in(head.email, NEW, at=NOW)
    assert "5 of 5 modules passed" in sign_in(head).get("/learn").get_data(as_text=True)


def test_who_has_an_open_account_does_not_come_back(app, make, coordinator):
    school = make.school()
    head = make.manager(school)
    invitation_id = invite(app, "ana.two@school.example", make.school(), coordinator)
    with app.app_context(), unit_of_work():
        session.get_one(User, head.id).email = "ana.two@school.example"

    with pytest.raises(Refused):
        accept(app, invitation_id)


@pytest.mark.parametrize(
    ("was", "becomes"), [(Role.REVIEWER, Role.SCHOOL_MANAGER), (Role.SCHOOL_MANAGER, Role.REVIEWER)]
)
def test_nobody_comes_back_with_another_role(app, make, was, becomes):
    school = make.school()
    secretariat = make.user(Role.SECRETARIAT)
    person = make.manager(school) if was is Role.SCHOOL_MANAGER else make.user(was)
    closed(app, person)

    with pytest.raises(Refused):
        duty = Duty.HEAD if becomes is Role.SCHOOL_MANAGER else None
        invite(app, person.email, school, secretariat, becomes, duty)


def test_an_erasure_that_waits_is_stopped(app, make, coordinator):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        person = session.get_one(User, head.id)
        ask_erasure(person, by=person, at=NOW)
    closed(app, head)

    accept(app, invite(app, head.email, school, coordinator), name="Ana Rusu-Bondar")

    with app.app_context(), unit_of_work():
        assert open_request(head.id) is None
        assert session.scalars(select(ErasureRequest.stopped_at)).one() == NOW
        assert session.get_one(User, head.id).name == "Ana Rusu-Bondar"
