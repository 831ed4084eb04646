"""Tells the national group that a school leaves the programme, closes or takes a break."""

from datetime import date, datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import LEAVING
from cissapp.people.enrolment import mails
from cissapp.people.enrolment.rules import TOLD_ENOUGH, LeavingKind, leaving_problems
from cissapp.people.schools.models import School


def tell_leaving(
    school: School,
    kind: LeavingKind,
    until_on: date | None,
    *,
    by: User,
    at: datetime,
    today: date,
) -> None:
    """Record what a school plans and tell its group; nothing else changes before people have agreed on it."""
    problems = leaving_problems(kind, until_on, today)
    if accounts.count_attempt(LEAVING, str(school.id), at=at) > LEAVING.most:
        problems.append(TOLD_ENOUGH)
    if problems:
        raise Refused(*problems)
    facts = {"kind": kind.value, **({"until": until_on.isoformat()} if until_on else {})}
    record(Event.SCHOOL_LEAVING, school, by=by, at=at, school_id=school.id, **facts)
    mails.tell_leaving(school, kind, until_on, by=by, at=at)
    session.flush()
