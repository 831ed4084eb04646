"""Two who send each other's invitations again wait in turn, never in a circle."""

from threading import Event

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment import services
from cissapp.people.schools.models import School
from tests.factories import NOW
from tests.journeys.racing import at_once

pytestmark = pytest.mark.one_database("postgresql")
BRIEFLY = 0.5


def test_two_send_each_others_invitations_again(app, make, monkeypatch):
    school = make.school()
    # Of one place they would wait for each other before: at the number of its invitations of the day.
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    people = [make.manager(school).id, coordinator.id]
    with app.app_context(), unit_of_work():
        for person_id in people:
            by = session.get_one(User, person_id)
            facts = {"duty": Duty.DEPUTY, "email": f"{person_id}@school.example", "name": "New"}
            services.invite_to_school(session.get_one(School, school.id), **facts, by=by, at=NOW)
    lock_person, never = accounts.lock_person, Event()

    def lock_slowly(person_id):
        is_open = lock_person(person_id)
        never.wait(BRIEFLY)
        return is_open

    monkeypatch.setattr(accounts, "lock_person", lock_slowly)

    def resend(sender_id, inviter_id):
        def act(ready):
            mine = Invitation.invited_by_id == inviter_id
            invitation = session.scalars(select(Invitation).where(mine)).one()
            by = session.get_one(User, sender_id)
            ready()
            services.resend(invitation, by=by, at=NOW)

        return act

    assert at_once(app, [resend(*people), resend(*people[::-1])]) == ["won", "won"]
