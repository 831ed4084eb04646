"""What people have had to do with schools and their applications."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Declaration, Mentoring, Seating, Waiver
from cissapp.review.independence.rules import ASSESSING, AT_WORK, WORKING, Answer, Seat
from cissapp.review.independence.rules.involvement import Hands
from cissapp.review.independence.rules.terms import mentoring_counts

CYCLES_BEFORE = 2


def application(application_id: UUID) -> Application:
    """Find an application that was handed in; a draft is the school's own business."""
    found = applications.application(application_id)
    if found is None or found.round == 0:
        raise Missing
    return found


def declaration_of(of: Application, person_id: UUID | None) -> Declaration | None:
    """Find what a person declared about an application."""
    query = select(Declaration).where(
        Declaration.application_id == of.id, Declaration.user_id == person_id
    )
    return session.scalar(query)


def declarations_of(of: Application) -> dict[UUID, Declaration]:
    """Give what people declared about an application, by person."""
    query = select(Declaration).where(Declaration.application_id == of.id)
    return {one.user_id: one for one in session.scalars(query)}


@dataclass(frozen=True)
class Past:
    """What a person has had to do with schools and applications, looked up once.

    `invited` and `mentored` hold schools; `seats` gives for an application the seat and whether it was
    left; `assessed` for a school the cycles of the applications that the person assessed; `waived` for
    an application the hints that do not stand in the way, `taken` the seats that others hold there.
    `own_files` are the applications that only this person sees, dealt for calibration.
    """

    invited: set[UUID] = field(default_factory=set)
    mentored: set[UUID] = field(default_factory=set)
    seats: dict[UUID, tuple[Seat, bool]] = field(default_factory=dict)
    assessed: dict[UUID, set[int]] = field(default_factory=lambda: defaultdict(set))
    waived: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    taken: dict[UUID, set[Seat]] = field(default_factory=lambda: defaultdict(set))
    calibrated: bool = True
    own_files: set[UUID] = field(default_factory=set)

    def hands(
        self,
        application_id: UUID,
        school_id: UUID,
        cycle: int,
        *,
        tied: bool | None,
        answers: Mapping[str, Any] | None = None,
    ) -> Hands:
        """Give the hands in an application, for what the person declared about it."""
        seat, left = self.seats.get(application_id, (None, False))
        confirmed = {code for code, said in (answers or {}).items() if said == Answer.TRUE}
        cycles = self.assessed.get(school_id, set())
        return Hands(
            tied=tied,
            hinted=not confirmed <= self.waived.get(application_id, set()),
            invited=school_id in self.invited,
            mentored=school_id in self.mentored,
            assessed_before=any(cycle - CYCLES_BEFORE <= one < cycle for one in cycles),
            seat=seat,
            left=left,
            taken=frozenset(self.taken.get(application_id, ())),
            calibrated=self.calibrated or application_id in self.own_files,
        )

    def hands_of(self, of: Application, declared: Declaration | None) -> Hands:
        """Give the hands in an application, with what the person declared about it."""
        return self.hands(
            of.id,
            of.school_id,
            of.cycle,
            tied=declared.tied if declared else None,
            answers=declared.answers if declared else None,
        )


def pasts(person_ids: Collection[UUID]) -> dict[UUID, Past]:
    """Look up what people have had to do with schools; the number of queries is fixed."""
    found = _calibrated(person_ids)
    _add_invited(found)
    _add_mentored(found)
    _add_seats(found)
    _add_waived(found)
    _add_taken(found)
    return found


def past(person_id: UUID | None) -> Past:
    """Look up everything that a person has had to do with schools."""
    return pasts([person_id])[person_id] if person_id else Past()


def _add_invited(found: dict[UUID, Past]) -> None:
    query = select(User.invited_by_id, User.school_id).where(
        User.invited_by_id.in_(found), User.school_id.is_not(None)
    )
    for person_id, school_id in _rows(query):
        found[person_id].invited.add(school_id)


def _add_mentored(found: dict[UUID, Past]) -> None:
    today = clock.today()
    query = select(
        Mentoring.person_id, Mentoring.school_id, Mentoring.from_on, Mentoring.to_on
    ).where(Mentoring.person_id.in_(found))
    for person_id, school_id, from_on, to_on in _rows(query):
        if mentoring_counts(from_on, to_on, today):
            found[person_id].mentored.add(school_id)


def _add_seats(found: dict[UUID, Past]) -> None:
    query = (
        select(
            Seating.person_id,
            Seating.application_id,
            Seating.seat,
            Seating.left_at,
            Application.school_id,
            Application.cycle,
        )
        .join(Application, Application.id == Seating.application_id)
        .where(Seating.person_id.in_(found))
    )
    for person_id, application_id, seat, left_at, school_id, cycle in _rows(query):
        found[person_id].seats[application_id] = (seat, left_at is not None)
        if seat in ASSESSING:
            found[person_id].assessed[school_id].add(cycle)


def _add_waived(found: dict[UUID, Past]) -> None:
    query = select(Waiver.person_id, Waiver.application_id, Waiver.hint).where(
        Waiver.person_id.in_(found)
    )
    for person_id, application_id, hint in _rows(query):
        found[person_id].waived[application_id].add(hint.value)


def _add_taken(found: dict[UUID, Past]) -> None:
    groups = select(User.group_id).where(User.id.in_(found))
    query = (
        select(Seating.application_id, Seating.seat, Seating.person_id)
        .join(Application, Application.id == Seating.application_id)
        .join(School, School.id == Application.school_id)
        .where(
            School.group_id.in_(groups),
            Application.state.in_(AT_WORK),
            Seating.round == Application.round,
            Seating.left_at.is_(None),
            Seating.seat.in_(WORKING),
        )
    )
    for application_id, seat, holder_id in _rows(query):
        for person_id, own in found.items():
            if person_id != holder_id:
                own.taken[application_id].add(seat)


def _calibrated(person_ids: Collection[UUID]) -> dict[UUID, Past]:
    """Begin with who has not scored the first two files yet, and which files those are, in one query."""
    query = (
        select(User.id, Application.id.label("file_id"))
        .outerjoin(School, School.only_for_id == User.id)
        .outerjoin(Application, Application.school_id == School.id)
        .where(User.id.in_(person_ids), User.calibrated_at.is_(None))
    )
    waiting: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, file_id in _rows(query):
        waiting[person_id] |= {file_id} - {None}
    return {
        one: Past(calibrated=one not in waiting, own_files=waiting.get(one, set()))
        for one in person_ids
    }


def _rows(query: Any) -> Iterable[Any]:
    return session.execute(query)


def hands(of: Application, person_id: UUID | None) -> Hands:
    """Gather what a person has had to do with a school and its application."""
    return past(person_id).hands_of(of, declaration_of(of, person_id))


def hands_in(application_id: UUID, person_id: UUID | None) -> Hands:
    """Gather what a person has had to do with an application that is known by its id only."""
    return hands(application(application_id), person_id)
