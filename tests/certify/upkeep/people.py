"""The people of a school of these tests, trained on a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.loader import load
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from config import ROOT
from tests import factories as make

# Years in which the key of the tests signs, and whose holidays are known.
START = datetime(2022, 11, 25, 9, 0, tzinfo=UTC)
TODAY = START.date()
END = date(2024, 11, 25)
DAY = timedelta(days=1)
REASON = "A promise of the certificate is not kept at the moment."
MODULES = [one.id for one in load(ROOT / "modules").modules]


def trained(school: School, duty: Duty, at: datetime = START, **values: Any) -> User:
    """Somebody who joined at a moment and has passed all modules."""
    person = make.manager(school, duty=duty, joined_at=at, **values)
    for module_id in MODULES:
        make.passed_module(person, module_id, at)
    return person


def both(school: School, at: datetime = START) -> tuple[User, User]:
    """The head and the designated person, trained."""
    return trained(school, Duty.HEAD, at), trained(school, Duty.DESIGNATED_PERSON, at)


@make.a_beginning("entries")
@make.in_one_unit
def certified_place() -> tuple[Certificate, User, User, User]:
    """A certified school with head and designated person, and its coordinator."""
    group = make.group()
    school = make.school(group_id=group.id)
    head, designated = both(school)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    return make.certified(school, at=START), head, designated, coordinator


def at(day: date) -> datetime:
    return datetime.combine(day, START.timetz())


def mails(kind: str) -> list[tuple[str, str]]:
    rows = session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.queued_at, Mail.to))
    return [(one.queued_at.date().isoformat(), one.to) for one in rows]


def trail(prefix: str) -> list[str]:
    names = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id))
    return [name.value for name in names if name.value.startswith(prefix)]


def worth(certificate: Any, day: date) -> str:
    """What the public is told of a certificate on a day."""
    return certificates.status(certificate, day, 90).value


def leave(person: User, boss: User, day: date) -> None:
    """Let somebody leave the school."""
    with clock.at(at(day)):
        deactivate(person, by=boss, at=at(day))
