"""Resets the factors of somebody who lost them."""

from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.factors import mails
from cissapp.people.factors.queries import AccountInGroup
from cissapp.people.factors.rules import NOT_YOURSELF, FactorChange
from cissapp.people.factors.services.changes import forget_person


def reset_factors(account: AccountInGroup, *, by: User, at: datetime) -> None:
    """Remove all factors of a person who lost them, and end their sessions.

    Everyone who could have done it is notified through its audit trail entry. With the password alone,
    staff get only as far as setting up a new factor.
    """
    user = account.person
    if user.id == by.id:
        raise Refused(Problem("self", NOT_YOURSELF))
    forget_person(user, at=at)
    accounts.close_sessions(user, at=at)
    record(Event.FACTORS_RESET, user, by=by, at=at, school_id=user.school_id)
    mails.send_change(user, FactorChange.RESET, at=at, by=by)
    session.flush()
