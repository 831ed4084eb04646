"""A head who sends a link again, and the successor who follows the earlier one, wait for each other in turn."""

from threading import Event

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.services import invitations
from cissapp.people.handover import services
from cissapp.people.handover.models import Handover
from cissapp.people.handover.rules.handovers import Afterwards
from cissapp.people.handover.services import Successor
from tests.factories import NOW
from tests.journeys.racing import at_once


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize("afterwards", [Afterwards.DEPUTY, Afterwards.CLOSED])
def test_a_link_is_followed_while_it_is_sent_again(app, make, monkeypatch, afterwards):
    head_id = make.manager(make.school()).id
    with app.app_context(), unit_of_work():
        head = session.get_one(User, head_id)
        successor = Successor(email="new@school.example", name="New")
        services.start_handover(head.school, successor, afterwards, by=head, at=NOW)
    locked, accepted = Event(), Event()
    end_open = invitations._end_open

    def end_earlier(addresses, *, at):
        locked.set()
        accepted.wait(0.5)
        end_open(addresses, at=at)

    monkeypatch.setattr(invitations, "_end_open", end_earlier)

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
