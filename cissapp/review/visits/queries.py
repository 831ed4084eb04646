"""Reads of visits: the current one of an application, its record, and who signed which text."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

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
from cissapp.review.visits.models import Visit, VisitItem, VisitRecord, VisitSignature
from cissapp.review.visits.rules import Signer, VisitStage


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


def earlier_items(application: Application) -> list[VisitItem]:
    """Copy what was noted before the newest visit of this round was called off: nothing typed is lost."""
    query = select(Visit).where(
        Visit.application_id == application.id,
        Visit.round == application.round,
        Visit.cancelled_at.is_not(None),
    )
    found = session.scalar(query.order_by(Visit.cancelled_at.desc()).limit(1))
    names = ("criterion_id", "mark", "note", "saved_at", "saved_by_id")
    return [
        VisitItem(**{name: getattr(one, name) for name in names})
        for one in (found.items if found else ())
    ]


def waits_for_date(application_id: UUID) -> bool:
    """Check whether the school has to choose a date: the group was the last to propose some."""
    visit = current_visit(application_id)
    if visit is None or visit.stage is not VisitStage.PROPOSED or not visit.dates:
        return False
    return not max(visit.dates, key=lambda one: (one.proposed_at, one.by_school)).by_school


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


def signers_of_text(visit: Visit, sha256: str) -> dict[UUID, bool]:
    """Return who signed the text with this hash, in order, and whether each of them reviews the case."""
    return {one.person_id: one.assesses for one in visit.signatures if one.sha256 == sha256}


def organisers(visit: Visit) -> list[User]:
    """List who of the group is told about a visit: the reviewer, and who planned it unless they left the case."""
    reviewer = independence.holder_of(visit.application, CaseRole.REVIEWER)
    own = independence.assignment_of(visit.application_id, visit.planned_by_id)
    ids = [] if own is not None and own.left_at is not None else [visit.planned_by_id]
    if reviewer is not None and reviewer.person_id not in ids:
        ids.append(reviewer.person_id)
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
        ids = {visit.planned_by_id, *(one.saved_by_id for one in visit.items)} - {first.person_id}
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
