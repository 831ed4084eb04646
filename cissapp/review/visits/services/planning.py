"""Plans visits and interviews, and agrees on their dates."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import local_day
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.services.participants import (
    lock_application,
    require_untied_member,
)
from cissapp.review.visits import mails, queries
from cissapp.review.visits.models import Visit, VisitDate
from cissapp.review.visits.rules import (
    OPEN_STATES,
    VisitKind,
    date_problems,
    planning_problems,
)
from cissapp.review.visits.services.participants import (
    acting_side,
    lock_visit,
    reasons_not_to_change,
    record_event,
)


def plan(
    application: Application,
    *,
    kind: VisitKind,
    dates: Collection[datetime] = (),
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Visit:
    """Plan a visit or an interview with one to three dates; a desk-only plan has a reason instead."""
    lock_application(application)
    person_id = require_untied_member(application, by=by, at=at)
    found = planning_problems(application.state, kind, dates, reason, at=at)
    if queries.current_visit(application.id):
        found.append(Problem("standing", N_("A visit is already planned for this application.")))
    if found:
        raise Refused(*found)
    desk = kind is VisitKind.DESK_ONLY
    visit = Visit(
        application_id=application.id,
        application=application,
        round=application.round,
        kind=kind,
        reason=reason if desk else None,
        planned_at=at,
        planned_by_id=person_id,
        dates=[] if desk else _dates(dates, person_id, by_school=False, at=at),
        items=[] if desk else queries.earlier_notes(application),
        signatures=[],
        record=None,
    )
    session.add(visit)
    session.flush()
    record_event(Event.VISIT_PLANNED, visit, by=by, at=at, kind=kind.value)
    if not desk:
        mails.tell_school(visit, at=at)
    return visit


def propose(visit: Visit, dates: Collection[datetime], *, by: Actor, at: datetime) -> None:
    """Propose other dates, from either side; this reopens a date that was agreed."""
    person_id, by_school = acting_side(visit, by=by, at=at)
    found = [*reasons_not_to_change(visit), *date_problems(dates, at=at)]
    offered = [*visit.offered_dates(by_school=True), *visit.offered_dates(by_school=False)]
    if not found and {one.starts_at for one in offered} & set(dates):
        found.append(Problem("first", N_("One of these dates has already been proposed.")))
    if found:
        raise Refused(*found)
    _offer(visit, dates, person_id, by_school=by_school, at=at)
    visit.starts_at = visit.agreed_at = visit.agreed_by_id = None
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    record_event(Event.VISIT_DATES_PROPOSED, visit, by=by, at=at, by_school=by_school)
    if by_school:
        mails.tell_organisers(visit, at=at)
    else:
        mails.tell_school(visit, at=at)


def agree(visit: Visit, date_id: UUID, *, by: Actor, at: datetime) -> None:
    """Choose a date that the other side proposed."""
    person_id, by_school = acting_side(visit, by=by, at=at)
    starts_at = queries.proposed_date(visit, date_id)
    chosen = next(one for one in visit.dates if one.id == date_id)
    found = reasons_not_to_change(visit)
    if chosen not in visit.offered_dates(by_school=chosen.by_school):
        message = N_("Someone else changed this first. Here is how it stands now.")
        found.append(Problem("given_up", message))
    if chosen.by_school is by_school:
        found.append(
            Problem("own", N_("The other side has to choose one of the dates you proposed."))
        )
    if starts_at <= at:
        found.append(Problem("past", N_("This date has passed. Choose another one.")))
    if visit.agreed_at is not None:
        found.append(
            Problem("agreed", N_("A date has already been agreed. Propose another one first."))
        )
    if found:
        raise Refused(*found)
    visit.starts_at, visit.agreed_at, visit.agreed_by_id = starts_at, at, person_id
    session.flush()
    school = visit.application.school
    deadlines.open(
        DeadlineKind.VISIT,
        subject_id=visit.application_id,
        school=school,
        due_on=local_day(starts_at, calendar_at(school.country_code)),
        person_id=_first_organiser(visit),
        by=by,
        at=at,
    )
    record_event(Event.VISIT_AGREED, visit, by=by, at=at, starts_at=starts_at.isoformat())
    mails.tell_agreed(visit, at=at)


def follow_organiser(changed: Assignment, *, by: Actor, at: datetime, **_more: Any) -> None:
    """Assign the deadline of an agreed visit to who organises it after a task of the case was given or left."""
    visit = queries.current_visit(changed.application_id)
    found = open_deadline(DeadlineKind.VISIT, changed.application_id)
    if visit is not None and found is not None:
        deadlines.reassign(found, person_id=_first_organiser(visit), by=by, at=at)


def follow_closing(application: Application, *, at: datetime, **_more: Any) -> None:
    """End the deadline of a visit with the case, after which nobody can hold or sign it; tell both sides."""
    if application.state in OPEN_STATES or not open_deadline(DeadlineKind.VISIT, application.id):
        return
    deadlines.meet(DeadlineKind.VISIT, subject_id=application.id, at=at)
    visit = queries.current_visit(application.id)
    if visit is not None and not visit.has_begun(at):
        mails.tell_closed(visit, at=at)


def _first_organiser(visit: Visit) -> UUID | None:
    return next((one.id for one in queries.organisers(visit)), None)


def cancel(visit: Visit, *, by: Actor, at: datetime) -> None:
    """Cancel a visit that is not signed; another one can then be planned."""
    lock_visit(visit)
    person_id = require_untied_member(visit.application, by=by, at=at)
    found = reasons_not_to_change(visit)
    if found:
        raise Refused(*found)
    visit.cancelled_at, visit.cancelled_by_id = at, person_id
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    record_event(Event.VISIT_CANCELLED, visit, by=by, at=at)
    if visit.kind is not VisitKind.DESK_ONLY:
        mails.tell_cancelled(visit, at=at)


def _offer(
    visit: Visit, dates: Collection[datetime], person_id: UUID, *, by_school: bool, at: datetime
) -> None:
    """Add proposed dates; one that was given up before is offered anew, by whoever proposes it now."""
    given_up = {one.starts_at: one for one in visit.dates}
    for one in _dates(dates, person_id, by_school=by_school, at=at):
        earlier = given_up.get(one.starts_at)
        if earlier is None:
            visit.dates.append(one)
        else:
            earlier.by_school, earlier.proposed_at = by_school, at
            earlier.proposed_by_id = person_id


def _dates(
    dates: Collection[datetime], person_id: UUID, *, by_school: bool, at: datetime
) -> list[VisitDate]:
    return [
        VisitDate(starts_at=one, by_school=by_school, proposed_at=at, proposed_by_id=person_id)
        for one in sorted(dates)
    ]
