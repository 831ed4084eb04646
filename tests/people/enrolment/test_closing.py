"""Accounts that two people close at the same time."""

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.enrolment import services
from tests.factories import NOW
from tests.journeys.racing import at_once


def test_two_who_close_each_others_account_at_once_do_not_leave_nobody(app, make):
    one, other = make.user().id, make.user().id

    def close(person_id, by_id):
        def act(ready):
            person, by = session.get_one(User, person_id), session.get_one(User, by_id)
            ready()
            services.close_account(person, by=by, at=NOW)

        return act

    said = at_once(app, [lambda ready: ready(), close(other, one), close(one, other)])

    assert sorted(one.partition(":")[0] for one in said[1:]) == ["fault Forbidden", "won"]
    with app.app_context():
        assert len(session.scalars(select(User).where(User.deactivated_at.is_(None))).all()) == 1


def test_two_who_close_the_same_account_at_once_close_it_once(app, make):
    gone, *closers = (make.user().id for _ in range(3))

    def close(by_id):
        def act(ready):
            person, by = session.get_one(User, gone), session.get_one(User, by_id)
            ready()
            services.close_account(person, by=by, at=NOW)

        return act

    said = at_once(app, [lambda ready: ready(), *map(close, closers)])

    assert sorted(said[1:]) == ["refused closed", "won"]
