"""A person of a school whose account was closed comes back, to the same school or to another one."""

from threading import Event as Signal

import pytest
from sqlalchemy import select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.queries.requests import open_request
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services import requests
from cissapp.oversee.personal_data.services.requests import ask_erasure
from cissapp.people.accounts import services
from cissapp.people.accounts.models import FormerName, Invitation, User
from cissapp.people.accounts.rules import Duty, given_up_address
from cissapp.people.accounts.services import Invitee, Scope, joining
from cissapp.people.deadlines.models import CalendarFeed
from cissapp.people.deadlines.services import open_feed
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from tests.factories import NOW
from tests.journeys.racing import at_once

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


def accept(app, invitation_id, name="Ana Rusu", was_here=True):
    with app.app_context(), unit_of_work():
        found = session.get_one(Invitation, invitation_id)
        user = services.accept_invitation(found, name=name, password=NEW, at=NOW, was_here=was_here)
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


@pytest.mark.one_database("sqlite")
def test_who_has_an_open_account_does_not_come_back(app, make, coordinator):
    school = make.school()
    head = make.manager(school)
    invitation_id = invite(app, "ana.two@school.example", make.school(), coordinator)
    with app.app_context(), unit_of_work():
        session.get_one(User, head.id).email = "ana.two@school.example"

    with pytest.raises(Refused):
        accept(app, invitation_id)


@pytest.mark.one_database("sqlite")
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


def audited(event):
    return session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all()


def test_a_successor_at_the_address_gets_an_account_without_anything_of_the_other(
    app, make, coordinator, sign_in
):
    school = make.school()
    head, _designated = make.trained(school)
    first = invite_at(app, make, head, school, coordinator)
    closed(app, head)

    successor = accept(app, invite(app, head.email, school, coordinator), "Boris", was_here=False)

    assert successor != head.id
    with app.app_context(), unit_of_work():
        before, after = (session.get_one(User, one) for one in (head.id, successor))
        assert (after.email, after.name, after.joined_at) == (head.email, "Boris", NOW)
        assert (before.is_active, before.name) == (False, head.name)
        assert before.email == given_up_address(head.id)
        assert session.get_one(Invitation, first).email == before.email
        assert [one.email for one in session.scalars(select(FormerName))] == [head.email]
        assert [one.subject_id for one in audited(Event.ADDRESS_PASSED_ON)] == [str(head.id)]
        assert audited(Event.PERSON_RENAMED) == []
    assert "0 of 5 modules passed" in sign_in(after).get("/learn").get_data(as_text=True)


def invite_at(app, make, head, school, by):
    """Keep the invitation by which a head once joined."""
    made = invite(app, "somebody@school.example", school, by)
    with app.app_context(), unit_of_work():
        found = session.get_one(Invitation, made)
        found.email, found.accepted_at = head.email, NOW
    return made


@pytest.mark.one_database("sqlite")
def test_who_does_not_say_whose_the_closed_account_was_is_refused(app, make, coordinator):
    school = make.school()
    head = make.manager(school)
    closed(app, head)
    invitation_id = invite(app, head.email, school, coordinator)

    with pytest.raises(Refused) as refused:
        accept(app, invitation_id, was_here=None)

    assert [one.code for one in refused.value.problems] == ["was_here"]


def test_a_new_name_is_recorded_and_told_to_those_who_know(app, make, coordinator, mails):
    school = make.school(group_id=coordinator.group_id)
    head = make.manager(school, name="Ana Rusu")
    closed(app, head)

    accept(app, invite(app, head.email, school, coordinator), name="Ana Bondar")

    with app.app_context():
        assert [one.subject_id for one in audited(Event.PERSON_RENAMED)] == [str(head.id)]
    told = [
        " ".join(body.split())
        for to, subject, body in mails()
        if (to, subject) == (coordinator.email, "A person changed their name or email address")
    ]
    assert len(told) == 1
    assert "Ana Rusu has changed their name. It is now: Ana Bondar" in told[0]


def test_the_calendar_address_ends_with_the_account(app, make):
    head = make.manager(make.school())
    make.user(Role.SECRETARIAT)
    with app.app_context(), unit_of_work():
        open_feed(by=session.get_one(User, head.id), at=NOW)

    closed(app, head)

    with app.app_context():
        assert session.scalars(select(CalendarFeed)).all() == []


def link_to_join(app, email, school, by):
    invitation_id = invite(app, email, school, by)
    with app.app_context(), unit_of_work():
        session.get_one(Invitation, invitation_id).token_hash = hash_of("known")
    return "/invitations/known"


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("answer", "is_same"), [("yes", True), ("no", False)])
def test_the_page_asks_whose_the_closed_account_was(
    app, make, coordinator, client, answer, is_same
):
    school = make.school()
    head = make.manager(school, name="Ana Rusu")
    closed(app, head)
    path = link_to_join(app, head.email, school, coordinator)
    filled = {"name": "Boris Codrean", "password": NEW}

    page = client.get(path).get_data(as_text=True)
    refused = client.post(path, data=filled).get_data(as_text=True)
    joined = client.post(path, data={**filled, "was_here": answer})

    assert "Was the closed account yours?" in page
    assert "checked" not in page
    assert "Ana Rusu" not in page
    assert "Choose whether the closed account was yours." in refused
    assert "Boris Codrean" in refused
    assert joined.status_code == 302
    with app.app_context():
        found = session.scalars(select(User).where(User.email == head.email)).one()
        assert (found.id == head.id) is is_same


@pytest.mark.one_database("sqlite")
def test_the_page_asks_nobody_whose_address_is_new(app, make, coordinator, client):
    path = link_to_join(app, "new@school.example", make.school(), coordinator)

    assert "Was the closed account yours?" not in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"name": "Boris", "password": NEW}).status_code == 302


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("erased_first", [True, False])
def test_who_joins_while_the_closed_account_is_erased(
    app, make, coordinator, monkeypatch, erased_first
):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        person = session.get_one(User, head.id)
        ask_erasure(person, by=person, at=NOW - ERASURE_WAITS)
    closed(app, head)
    invitation_id = invite(app, head.email, school, coordinator)
    begun, never = Signal(), Signal()

    def waiting(module, name):
        act = getattr(module, name)

        def act_and_wait(*args, **values):
            found = act(*args, **values)
            begun.set()
            never.wait(0.5)  # so that the other comes as far as it can
            return found

        monkeypatch.setattr(module, name, act_and_wait)

    waiting(requests, "open_duties") if erased_first else waiting(joining, "_use_up")

    def join(ready):
        found = session.get_one(Invitation, invitation_id)
        ready()
        if erased_first:
            begun.wait(10)
        user = services.accept_invitation(
            found, name="Ana Rusu", password=None, at=NOW, was_here=True
        )
        return f"same {user.id == head.id}"

    def erase(ready):
        ready()
        if not erased_first:
            begun.wait(10)
        return f"erased {requests.carry_out_due(store=files(), at=NOW)}"

    said = at_once(app, [lambda ready: ready(), join, erase])

    assert said == (
        ["won", "refused used", "won erased 1"]
        if erased_first
        else ["won", "won same True", "won erased 0"]
    )
