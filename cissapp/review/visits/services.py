"""Writes of visits: plan, agree on a date, note what was seen, sign."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record as trail
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Missing, Problem, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import DeadlineKind, local_day
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules.people import keeps_closed
from cissapp.review.independence.services.persons import alone, member
from cissapp.review.visits import mails, queries, record
from cissapp.review.visits.models import Visit, VisitDate, VisitItem, VisitRecord, VisitSignature
from cissapp.review.visits.rules import (
    NOTE_MOST,
    Mark,
    VisitKind,
    completes,
    date_problems,
    planning_problems,
    signing_problems,
    state_problems,
    to_look_at,
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
    """Plan a visit or an interview with one to three dates; for desk only a reason takes their place."""
    alone(application)
    person_id = _untied(application, by)
    found = planning_problems(application.state, kind, dates, reason, at=at)
    if queries.standing(application.id):
        found.append(Problem("standing", N_("A visit is planned for this application already.")))
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
        items=[],
        signatures=[],
        record=None,
    )
    session.add(visit)
    session.flush()
    _recorded(Event.VISIT_PLANNED, visit, by=by, at=at, kind=kind.value)
    if not desk:
        mails.tell_school(visit, at=at)
    return visit


def propose(visit: Visit, dates: Collection[datetime], *, by: Actor, at: datetime) -> None:
    """Propose other dates, from either side; a date that was agreed on is open again."""
    person_id, by_school = _either_side(visit, by)
    found = [*_still_open(visit), *date_problems(dates, at=at)]
    known = {one.starts_at for one in visit.dates}
    if not found and known & set(dates):
        found.append(Problem("first", N_("One of these dates is proposed already.")))
    if found:
        raise Refused(*found)
    visit.dates.extend(_dates(dates, person_id, by_school=by_school, at=at))
    visit.starts_at = visit.agreed_at = visit.agreed_by_id = None
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    _recorded(Event.VISIT_DATES_PROPOSED, visit, by=by, at=at, by_school=by_school)
    if by_school:
        mails.tell_planner(visit, at=at)
    else:
        mails.tell_school(visit, at=at)


def agree(visit: Visit, date_id: UUID, *, by: Actor, at: datetime) -> None:
    """Choose a date that the other side proposed."""
    person_id, by_school = _either_side(visit, by)
    starts_at = queries.date_of(visit, date_id)
    chosen = next(one for one in visit.dates if one.id == date_id)
    found = _still_open(visit)
    if chosen.by_school is by_school:
        found.append(Problem("own", N_("The other side chooses among the dates you proposed.")))
    if starts_at <= at:
        found.append(Problem("past", N_("This date is over. Choose another one.")))
    if visit.agreed_at is not None:
        found.append(Problem("agreed", N_("A date is agreed already. Propose another one first.")))
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
        person_id=visit.planned_by_id,
        by=by,
        at=at,
    )
    _recorded(Event.VISIT_AGREED, visit, by=by, at=at, starts_at=starts_at.isoformat())
    mails.tell_agreed(visit, at=at)


def cancel(visit: Visit, *, by: Actor, at: datetime) -> None:
    """Call a visit off; another one can be planned then. A signed one stays."""
    alone(visit.application)
    person_id = _untied(visit.application, by)
    found = _still_open(visit)
    if found:
        raise Refused(*found)
    visit.cancelled_at, visit.cancelled_by_id = at, person_id
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    _recorded(Event.VISIT_CANCELLED, visit, by=by, at=at)
    if visit.kind is not VisitKind.DESK_ONLY:
        mails.tell_cancelled(visit, at=at)


def save_item(
    visit: Visit,
    criterion: Criterion,
    *,
    mark: Mark | None,
    note: str,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> VisitItem:
    """Keep what was noted on a criterion of the checklist, until the record is signed by two."""
    alone(visit.application)
    person_id = _untied(visit.application, by)
    if criterion not in to_look_at(standard.criteria):
        raise Missing
    found = _still_open(visit)
    if len(note) > NOTE_MOST:
        values = {"most": NOTE_MOST}
        found.append(Problem("note", N_("Write %(most)s characters at most."), values))
    if found:
        raise Refused(*found)
    item = next((one for one in visit.items if one.criterion_id == criterion.id), None)
    if item is None:
        item = VisitItem(criterion_id=criterion.id)
        visit.items.append(item)
    item.mark, item.note, item.saved_at, item.saved_by_id = mark, note, at, person_id
    session.flush()
    _recorded(Event.VISIT_ITEM_SAVED, visit, by=by, at=at, criterion=criterion.id)
    return item


def sign(visit: Visit, *, sha256: str, standard: Standard, by: Actor, at: datetime) -> None:
    """Sign the text that was shown; the second of two people freezes it (programme rule 5.2).

    Signatures under an earlier text do not count. One of the two assesses the case; neither is tied.
    """
    alone(visit.application)
    person_id = member(visit.application, by)
    session.refresh(visit)
    found = _still_open(visit)
    if found:
        raise Refused(*found)
    text = record.written(visit, standard)
    if sha256 != record.sha256_of(text):
        raise EditConflict
    signer, before = queries.signer(visit, person_id), queries.signed_by(visit, sha256)
    started = visit.kind is VisitKind.DESK_ONLY or (
        visit.starts_at is not None and visit.starts_at <= at
    )
    left = record.unmarked(visit, standard)
    found = signing_problems(signer, before, started=started, left=left)
    if found:
        raise Refused(*found)
    _signed(visit, person_id, sha256, assesses=signer.assesses, at=at)
    _recorded(Event.VISIT_SIGNED, visit, by=by, at=at, sha256=sha256)
    if completes(before, signer):
        _closed(visit, text, _first(before, assesses=signer.assesses), person_id, by=by, at=at)


def _signed(visit: Visit, person_id: UUID, sha256: str, *, assesses: bool, at: datetime) -> None:
    visit.signatures.append(
        VisitSignature(person_id=person_id, assesses=assesses, sha256=sha256, signed_at=at)
    )
    session.flush()


def _first(before: dict[UUID, bool], *, assesses: bool) -> UUID:
    """Choose who is the other of the two: the assessor, unless the second one assesses."""
    return next(key for key, one in before.items() if one or assesses)


def _closed(visit: Visit, text: str, first: UUID, second: UUID, *, by: Actor, at: datetime) -> None:
    visit.record = VisitRecord(
        content=text,
        sha256=record.sha256_of(text),
        first_id=first,
        second_id=second,
        signed_at=at,
    )
    session.flush()
    deadlines.meet(DeadlineKind.VISIT, subject_id=visit.application_id, at=at)
    _recorded(Event.VISIT_RECORD_CLOSED, visit, by=by, at=at, sha256=visit.record.sha256)


def _untied(application: Application, by: Actor) -> UUID:
    """Give the id of a person of the group to whom the case is open; refuse with the reasons otherwise."""
    person_id = member(application, by)
    found = keeps_closed(independence.hands(application, person_id))
    if found:
        raise Refused(*found)
    return person_id


def _either_side(visit: Visit, by: Actor) -> tuple[UUID, bool]:
    """Give who acts, and whether for the school; raise `Missing` for everybody else."""
    alone(visit.application)
    if by.id is not None and by.school_id is not None and by.school_id == visit.school_id:
        return by.id, True
    return _untied(visit.application, by), False


def _still_open(visit: Visit) -> list[Problem]:
    """List why nothing changes any more: signed, called off, or the case is closed."""
    found = state_problems(visit.application.state)
    if visit.record is not None:
        found.append(Problem("signed", N_("Two people signed the record. It stays as it is.")))
    if visit.cancelled_at is not None:
        found.append(Problem("cancelled", N_("This visit was called off.")))
    return found


def _dates(
    dates: Collection[datetime], person_id: UUID, *, by_school: bool, at: datetime
) -> list[VisitDate]:
    return [
        VisitDate(starts_at=one, by_school=by_school, proposed_at=at, proposed_by_id=person_id)
        for one in sorted(dates)
    ]


def _recorded(event: Event, visit: Visit, *, by: Actor, at: datetime, **facts: object) -> None:
    trail(
        event,
        visit,
        by=by,
        at=at,
        school_id=visit.application.school_id,
        application=str(visit.application_id),
        **facts,
    )
    session.flush()
