"""A factor that is removed twice at once is removed once, and takes no other with it."""

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.factors import services
from cissapp.people.factors.models import AuthenticatorApp, RecoveryCode
from cissapp.people.factors.rules import FactorKind
from tests.factories import NOW
from tests.journeys.racing import at_once
from tests.people.factors.conftest import add_phone


@pytest.mark.only_on("postgresql")
def test_a_factor_removed_twice_at_once_takes_no_other_with_it(app, make):
    head = make.user(Role.SCHOOL_MANAGER)
    add_phone(app, head)
    add_phone(app, head, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    with app.app_context(), unit_of_work():
        accounts.sign_in_joined(session.get_one(User, head.id), at=NOW)
        key = session.scalars(select(UserSession.id)).one()
        gone, stays = session.scalars(select(AuthenticatorApp.id)).all()

    def remove(ready):
        found = session.get_one(UserSession, key)
        factor = session.get_one(AuthenticatorApp, gone)
        ready()
        services.remove(found, factor, FactorKind.APP, at=NOW)

    # The first looks only once the others have acted; these three have all read the factor before.
    said = at_once(app, [lambda ready: ready(), remove, remove, remove])

    assert said == ["won"] * 4
    with app.app_context():
        removed = select(AuditEntry.event).where(AuditEntry.event == Event.FACTOR_REMOVED)
        assert len(session.scalars(removed).all()) == 1
        assert session.scalars(select(AuthenticatorApp.id)).all() == [stays]
        assert session.get_one(User, head.id).factors_since == NOW
        assert session.scalars(select(RecoveryCode)).first()
