"""Opens the next application of a school, and withdraws one."""

from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import queries, rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import GROUP_DEADLINES, SCHOOL_DEADLINES
from cissapp.prepare.applications.queries.readiness import last_application_of
from cissapp.prepare.applications.rules import ApplicationAction, ApplicationState
from cissapp.prepare.applications.services.deadlines import meet_deadlines
from cissapp.prepare.applications.services.transitions import lock_school, move
from cissapp.prepare.documents import services as documents


def open_application(school: School, *, content: Content, by: Actor, at: datetime) -> Application:
    """Open the school's next application; everything may be changed again.

    One is open at a time. After a certificate the next one opens some months before that ends.
    """
    lock_school(school)
    newest = queries.newest_application(school.id)
    months = content.certificate_terms(school.country_code).renewal_opens_months
    today = at.date()
    found = rules.opening_problems(last_application_of(newest, school, today), months, today)
    if found:
        raise Refused(*found)
    application = Application(
        school_id=school.id,
        school=school,
        cycle=queries.last_cycle(school.id) + 1,
        round=0,
        state=ApplicationState.DRAFT,
        opened_at=at,
        changed_at=at,
    )
    session.add(application)
    session.flush()
    documents.unlock_evidence(school.id)
    _back_to_preparing(school, at)
    record(
        Event.APPLICATION_OPENED,
        application,
        by=by,
        at=at,
        school_id=school.id,
        cycle=application.cycle,
    )
    session.flush()
    return application


def withdraw(application: Application, *, by: Actor, at: datetime) -> None:
    """Withdraw the application: its submissions stay on record, and everything can be changed again."""
    lock_school(application.school)
    session.refresh(application)
    move(application, ApplicationAction.WITHDRAW, by=by, at=at)
    meet_deadlines(application, *GROUP_DEADLINES, *SCHOOL_DEADLINES, at=at)
    documents.unlock_evidence(application.school_id)
    _back_to_preparing(application.school, at)
    session.flush()


HANDED_IN = frozenset(
    {Progress.SUBMITTED, Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.DECIDED}
)


def _back_to_preparing(school: School, at: datetime) -> None:
    if school.progress in HANDED_IN:
        schools.place(school, progress=Progress.TRAINED, at=at)
