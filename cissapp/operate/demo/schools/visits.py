"""Comments and visits of the demonstration: a question to the school, a planned visit, a signed record."""

from datetime import datetime, timedelta

from sqlalchemy import select

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import working_days_after
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.review.discussions import services as discussions
from cissapp.review.discussions.rules import Audience
from cissapp.review.discussions.services import Subject
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import declaration_of
from cissapp.review.visits import services as visits
from cissapp.review.visits.rules import ItemMark, VisitKind, criteria_to_observe
from cissapp.review.visits.services import record

DAY = timedelta(days=1)
ASKED = N_("Which page says who adopted the policy?")
SAID = N_("On page 1, below the date.")
NOTED = N_("Ask about this at the visit: who empties the letter box in the holidays?")
SEEN = N_("People in several offices said the same.")


def under_way(school: School, reviewer: User, *, at: datetime) -> None:
    """Comment to the school and for the group, and propose dates for a visit."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    asked = discussions.open_thread(
        application,
        Subject("A2"),
        audience=Audience.WITH_SCHOOL,
        text=in_language(ASKED, school.language),
        by=reviewer,
        at=at,
    )
    head = people_of_school(school.id)[0]
    discussions.write_comment(asked, in_language(SAID, school.language), by=head, at=at + DAY / 4)
    discussions.open_thread(
        application,
        Subject("B3"),
        audience=Audience.INTERNAL,
        text=in_language(NOTED, school.language),
        by=reviewer,
        at=at,
    )
    morning = at.replace(hour=8, minute=0, second=0, microsecond=0)
    calendar = calendar_at(school.country_code)
    # The first days of work from nine and eleven days on: nobody visits a school on a Sunday.
    ahead = [working_days_after(at.date() + days * DAY, 1, calendar) for days in (8, 10)]
    dates = [morning + (day - at.date()) for day in ahead]
    visits.plan(application, kind=VisitKind.VISIT, dates=dates, by=reviewer, at=at)


def hold(application: Application, reviewer: User, *, content: Content, at: datetime) -> None:
    """Hold a video interview, from the plan five days before to the second signature at `at`."""
    coordinator = session.scalars(
        select(User)
        .where(User.group_id == application.group_id, User.role == Role.COORDINATOR)
        .order_by(User.email)
        .limit(1)
    ).one()
    if declaration_of(application, coordinator.id) is None:
        independence.declare(application, grounds=[], note="", by=coordinator, at=at - 6 * DAY)
    held_at = (at - DAY).replace(hour=8, minute=0, second=0, microsecond=0)
    visit = visits.plan(
        application, kind=VisitKind.VIDEO, dates=[held_at], by=reviewer, at=at - 5 * DAY
    )
    head = people_of_school(application.school_id)[0]
    visits.agree(visit, visit.dates[0].id, by=head, at=at - 4 * DAY)
    for criterion in criteria_to_observe(content.standard.criteria):
        visits.save_item(
            visit,
            criterion,
            mark=ItemMark.SEEN,
            note=in_language(SEEN, application.school.language),
            standard=content.standard,
            by=reviewer,
            at=at - DAY,
        )
    text = record.record_hash(record.record_text(visit, content.standard))
    for person in (reviewer, coordinator):
        visits.sign(visit, sha256=text, standard=content.standard, by=person, at=at)
