"""Who changes, ends or completes a handover at the same time waits for the other in turn, never in a circle."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import Invitee, Scope, invitations
from cissapp.people.handover import services
from cissapp.people.handover.models import Handover
from cissapp.people.handover.rules.handovers import HANDOVER_LASTS, Afterwards
from cissapp.people.handover.services import Successor, handovers
from tests.factories import NOW
from tests.journeys.racing import at_once

# On SQLite whoever writes is alone, and nobody else comes as far as the lock.
pytestmark = pytest.mark.only_on("postgresql")
NEW = Successor(email="new@school.example", name="New")
# As long as one waits for the other, who in the right order waits as well.
BRIEFLY = 0.5


def start(app, head_id, successor=NEW, afterwards=Afterwards.DEPUTY):
    with app.app_context(), unit_of_work():
        head = session.get_one(User, head_id)
        services.start_handover(head.school, successor, afterwards, by=head, at=NOW)


@pytest.mark.parametrize("afterwards", [Afterwards.DEPUTY, Afterwards.CLOSED])
def test_a_link_is_followed_while_it_is_sent_again(app, make, monkeypatch, afterwards):
    head_id = make.manager(make.school()).id
    start(app, head_id, afterwards=afterwards)
    locked, accepted = Event(), Event()
    end_open = invitations.end_open_invitations

    def end_earlier(which, *, at):
        locked.set()
        accepted.wait(BRIEFLY)
        end_open(which, at=at)

    monkeypatch.setattr(invitations, "end_open_invitations", end_earlier)

    def resend(ready):
        handover, by = session.scalars(select(Handover)).one(), session.get_one(User, head_id)
        ready()
        services.resend_invitation(handover, by=by, at=NOW)

    def follow(ready):
        invitation = session.scalars(select(Invitation)).one()
        ready()
        locked.wait(10)
        accounts.accept_invitation(invitation, name="New", password=None, at=NOW)

    said = at_once(app, [lambda ready: ready(), resend, follow])

    assert said == ["won", "won", "refused used"]
    with app.app_context():
        assert session.get_one(User, head_id).is_active
        assert session.scalars(select(Invitation.accepted_at)).all() == [None, None]


@pytest.fixture
def ended(monkeypatch):
    """Set once the first has ended the handover, who then lets the other come as far as they can."""
    found, never = Event(), Event()
    end = handovers._end

    def end_and_wait(*args, **values):
        end(*args, **values)
        if not found.is_set():
            found.set()
            never.wait(BRIEFLY)

    monkeypatch.setattr(handovers, "_end", end_and_wait)
    return found


def stop(head_id, handover):
    services.stop_handover(handover, by=session.get_one(User, head_id), at=NOW)


def follow(_head_id, _handover):
    invitation = session.scalars(select(Invitation)).one()
    accounts.accept_invitation(invitation, name="New", password=None, at=NOW)


def resend(head_id, handover):
    services.resend_invitation(handover, by=session.get_one(User, head_id), at=NOW)


@pytest.mark.parametrize(("act", "refused"), [(follow, "used"), (resend, "ended")])
def test_a_handover_is_stopped_while_its_link_is_followed_or_sent_again(
    app, make, ended, act, refused
):
    head_id = make.manager(make.school()).id
    start(app, head_id)

    def stop_first(ready):
        handover = session.scalars(select(Handover)).one()
        ready()
        stop(head_id, handover)

    def then(ready):
        handover = session.scalars(select(Handover)).one()
        ready()
        ended.wait(10)
        act(head_id, handover)

    said = at_once(app, [lambda ready: ready(), stop_first, then])

    assert said == ["won", "won", f"refused {refused}"]
    with app.app_context():
        invited = session.execute(select(Invitation.revoked_at, Invitation.accepted_at)).all()
        assert invited == [(NOW, None)]
        assert session.get_one(User, head_id).duty is Duty.HEAD


@pytest.mark.parametrize("closed", ["head", "successor"])
def test_a_handover_is_confirmed_while_one_of_the_two_accounts_is_closed(app, make, ended, closed):
    school = make.school()
    head, successor = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    start(app, head.id, Successor(user_id=successor.id))
    person_id = {"head": head.id, "successor": successor.id}[closed]

    def confirm(ready):
        handover, by = session.scalars(select(Handover)).one(), session.get_one(User, successor.id)
        ready()
        services.confirm_handover(handover, by=by, at=NOW)

    def close(ready):
        person, by = session.get_one(User, person_id), session.get_one(User, coordinator.id)
        ready()
        ended.wait(10)
        accounts.deactivate(person, by=by, at=NOW)

    said = at_once(app, [lambda ready: ready(), confirm, close])

    assert said == ["won"] * 3
    with app.app_context():
        assert session.get_one(User, successor.id).duty is Duty.HEAD
        assert not session.get_one(User, person_id).is_active


def test_another_invitation_as_head_is_accepted_while_the_head_is_closed(app, make, ended):
    school = make.school()
    head_id = make.manager(school).id
    coordinator_id = make.user(Role.COORDINATOR, group_id=school.group_id).id
    start(app, head_id)
    with app.app_context(), unit_of_work():
        accounts.invite(
            Invitee(NEW.email, NEW.name, "en"),
            role=Role.SCHOOL_MANAGER,
            duty=Duty.HEAD,
            scope=Scope(school_id=school.id, country_code=school.country_code),
            by=session.get_one(User, coordinator_id),
            at=NOW,
        )

    def follow_other(ready):
        open_ = select(Invitation).where(Invitation.revoked_at.is_(None))
        invitation = session.scalars(open_).one()
        ready()
        accounts.accept_invitation(invitation, name="New", password=None, at=NOW)

    def close(ready):
        head, by = session.get_one(User, head_id), session.get_one(User, coordinator_id)
        ready()
        ended.wait(10)
        accounts.deactivate(head, by=by, at=NOW)

    said = at_once(app, [lambda ready: ready(), follow_other, close])

    assert said == ["won"] * 3
    with app.app_context():
        heads = select(User.email).where(User.school_id == school.id, User.duty == Duty.HEAD)
        assert session.scalars(heads).all() == [NEW.email]
        assert not session.get_one(User, head_id).is_active


def test_who_was_closed_first_completes_no_handover(app, make):
    school = make.school()
    head, successor = make.manager(school), make.manager(school, duty=Duty.DEPUTY)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    start(app, head.id, Successor(user_id=successor.id))
    gone = Event()

    def close(ready):
        person, by = session.get_one(User, head.id), session.get_one(User, coordinator.id)
        ready()
        accounts.deactivate(person, by=by, at=NOW)
        gone.set()

    def confirm(ready):
        handover, by = session.scalars(select(Handover)).one(), session.get_one(User, successor.id)
        ready()
        gone.wait(10)
        services.confirm_handover(handover, by=by, at=NOW)

    said = at_once(app, [lambda ready: ready(), close, confirm])

    assert said == ["won", "won", "refused ended"]
    with app.app_context():
        assert session.get_one(User, successor.id).duty is Duty.DEPUTY


def test_a_handover_is_started_anew_while_the_link_of_an_expired_one_is_followed(app, make, ended):
    head_id, late = make.manager(make.school()).id, NOW + HANDOVER_LASTS
    start(app, head_id)
    with app.app_context(), unit_of_work():
        before = session.scalars(select(Handover)).one()
        services.resend_invitation(
            before, by=session.get_one(User, head_id), at=late - timedelta(days=1)
        )

    def start_anew(ready):
        head = session.get_one(User, head_id)
        ready()
        services.start_handover(head.school, NEW, Afterwards.DEPUTY, by=head, at=late)

    def follow_late(ready):
        open_ = select(Invitation).where(Invitation.revoked_at.is_(None))
        invitation = session.scalars(open_).one()
        ready()
        ended.wait(10)
        accounts.accept_invitation(invitation, name="New", password=None, at=late)

    said = at_once(app, [lambda ready: ready(), start_anew, follow_late])

    assert said == ["won", "won", "refused used"]
