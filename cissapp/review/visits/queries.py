"""Reads of visits: the current one of an application, its record, and who signed which text."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import exists, select

from cissapp.foundation.audit.queries import actors_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, person
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries import newest_submitted
from cissapp.review.independence import queries as independence
from cissapp.review.independence.queries import application
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import reasons_not_to_review
from cissapp.review.visits.models import Visit, VisitDate, VisitItem, VisitRecord, VisitSignature
from cissapp.review.visits.rules import Signer, VisitStage, visit_stage


class SchoolVisit(Struct, frozen=True):
    """The newest application of a school, and its visit, if one is planned."""

    school_id: UUID
    application: Application
    visit: Visit | None


def for_group(application_id: UUID, actor: Actor) -> Application:
    """Find an application for a person of a national group; raise `Missing` for everyone else."""
    if actor.group_id is None:
        raise Missing
    return application(application_id)


def for_school(actor: Actor) -> SchoolVisit:
    """Find the newest application of a person's school with its visit; raise `Missing` if there is none."""
    found = newest_submitted(actor.school_id) if actor.school_id else None
    if found is None:
        raise Missing
    return SchoolVisit(found.school_id, found, current_visit(found.id))


def current_visit(application_id: UUID) -> Visit | None:
    """Find the visit of an application that has not been cancelled."""
    return session.scalar(
        select(Visit).where(Visit.application_id == application_id, Visit.cancelled_at.is_(None))
    )


def visitors(application_id: UUID) -> set[UUID]:
    """Return who planned the visit of an application that was not called off, noted something or signed.

    An item names only who saved it last; the audit trail names the others.
    """
    of_case = (Visit.application_id == application_id, Visit.cancelled_at.is_(None))
    visit = session.execute(select(Visit.id, Visit.planned_by_id).where(*of_case)).one_or_none()
    if visit is None:
        return set()
    noted = select(VisitItem.saved_by_id).where(VisitItem.visit_id == visit.id)
    signed = select(VisitSignature.person_id).where(VisitSignature.visit_id == visit.id)
    earlier = actors_of(Event.VISIT_ITEM_SAVED, Visit.__tablename__, visit.id)
    return {visit.planned_by_id, *session.scalars(noted.union(signed)), *earlier}


def earlier_notes(application: Application) -> list[VisitItem]:
    """Copy what was typed before the newest visit of this round was called off, but not what was seen."""
    query = select(Visit).where(
        Visit.application_id == application.id,
        Visit.round == application.round,
        Visit.cancelled_at.is_not(None),
        Visit.items.any(),
    )
    found = session.scalar(query.order_by(Visit.cancelled_at.desc()).limit(1))
    names = ("criterion_id", "note", "saved_at", "saved_by_id")
    return [
        VisitItem(**{name: getattr(one, name) for name in names})
        for one in (found.items if found else ())
        if one.note
    ]


class VisitProgress(Struct, frozen=True):
    """How far the current visit is: which side proposed dates last, and whether a person has signed."""

    stage: VisitStage
    starts_at: datetime | None
    proposed_by_school: bool | None
    signed: bool


def visit_progress(application_id: UUID, person_id: UUID | None) -> VisitProgress | None:
    """Read how far the current visit of an application is, in one statement; None if there is none."""
    last = VisitDate.proposed_at.desc(), VisitDate.by_school.desc()
    proposed_by_school = select(VisitDate.by_school).where(VisitDate.visit_id == Visit.id)
    # Whatever changed after a signature needs a new one.
    changed = VisitItem.saved_at > VisitSignature.signed_at
    signature = exists().where(
        VisitSignature.visit_id == Visit.id,
        VisitSignature.person_id == person_id,
        VisitSignature.signed_at >= Visit.starts_at,
        ~exists().where(VisitItem.visit_id == Visit.id, changed),
    )
    found = session.execute(
        select(
            Visit.kind,
            Visit.starts_at,
            exists().where(VisitRecord.visit_id == Visit.id),
            proposed_by_school.order_by(*last).limit(1).scalar_subquery(),
            signature,
        ).where(Visit.application_id == application_id, Visit.cancelled_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    kind, starts_at, closed, by_school, signed = found
    stage = visit_stage(kind=kind, agreed=starts_at is not None, signed=closed, cancelled=False)
    return VisitProgress(stage, starts_at, by_school, signed)


def waits_for_date(application_id: UUID) -> bool:
    """Check whether the school has to choose a date: the group was the last to propose some."""
    found = visit_progress(application_id, None)
    return (
        found is not None
        and found.stage is VisitStage.PROPOSED
        and found.proposed_by_school is False
    )


def signed_visit(application_id: UUID, round_: int | None = None) -> Visit | None:
    """Find the visit of an application whose record two people have signed, in one round or in any.

    An application is one cycle: a visit in its first round counts for the later ones.
    """
    query = (
        select(Visit)
        .join(VisitRecord)
        .where(Visit.application_id == application_id, Visit.cancelled_at.is_(None))
    )
    if round_ is not None:
        query = query.where(Visit.round == round_)
    return session.scalar(query)


def signer_of(visit: Visit, person_id: UUID, *, today: date) -> Signer:
    """Return a person as a signer of a visit: whether they review the case, and what excludes them."""
    involvement = independence.involvement_of(visit.application, person_id, today=today)
    # Only conflicts of interest and links count here; roles of other people do not prevent signing.
    closed = reasons_not_to_review(
        replace(involvement, assigned_to_others=frozenset()), involvement.role or CaseRole.REVIEWER
    )
    return Signer(person_id, involvement.reviewed, tuple(closed))


def counted_signatures(visit: Visit) -> list[VisitSignature]:
    """List the signatures on a visit, in order, without those of people who declared a conflict of interest since.

    A record that two people have signed never changes, so both of its signatures stay.
    """
    if visit.record is not None:
        return list(visit.signatures)
    declared = independence.declarations_of(visit.application)
    barred = {key for key, one in declared.items() if one.has_conflict}
    return [one for one in visit.signatures if one.person_id not in barred]


def signers_of_text(visit: Visit, sha256: str) -> dict[UUID, bool]:
    """Return who signed the text with this hash, in order, and whether each of them reviews the case."""
    found = counted_signatures(visit)
    return {one.person_id: one.assesses for one in found if one.sha256 == sha256}


def organisers(visit: Visit) -> list[User]:
    """List who of the group organises a visit: the reviewer, and who planned it unless they left the case."""
    reviewer = independence.holder_of(visit.application, CaseRole.REVIEWER)
    own = independence.assignment_of(visit.application_id, visit.planned_by_id)
    ids = [] if reviewer is None else [reviewer.person_id]
    if (own is None or own.left_at is None) and visit.planned_by_id not in ids:
        ids.append(visit.planned_by_id)
    found = (person(one) for one in ids)
    return [one for one in found if one is not None and one.is_active]


def second_signers(visit: Visit, first: VisitSignature, *, today: date) -> list[User]:
    """List who is asked for the second signature, without those who have a conflict of interest.

    They are the reviewer, or after a reviewer those who took part in the visit, or else the coordinators.
    """
    reviewer = independence.holder_of(visit.application, CaseRole.REVIEWER)
    if not first.assesses:
        ids = {reviewer.person_id} if reviewer else set()
    else:
        ids = visitors(visit.application_id) - {first.person_id}
    found = [one for one in map(person, ids) if one is not None and one.is_active]
    able = _able_to_sign(visit, found, today)
    if able or not first.assesses:
        return able
    coordinators = coordinators_of_group(visit.application.group_id)
    others = [one for one in coordinators if one.id != first.person_id]
    return _able_to_sign(visit, others, today)


def _able_to_sign(visit: Visit, people: Iterable[User], today: date) -> list[User]:
    """Keep those to whom the case is open, or will be once they have declared that they have no conflict."""
    return [
        one
        for one in people
        if {why.code for why in signer_of(visit, one.id, today=today).closed} <= {"declaration"}
    ]


def proposed_date(visit: Visit, date_id: UUID) -> datetime:
    """Return the time of a proposed date of a visit; raise `Missing` if there is none."""
    found = next((one for one in visit.dates if one.id == date_id), None)
    if found is None:
        raise Missing
    return found.starts_at
