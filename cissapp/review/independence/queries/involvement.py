"""What people have had to do with schools and their applications."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import BindParameter, bindparam, or_, select

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.core.bulk.rows import Statement, read_rows
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Assignment, Declaration, Mentoring, Waiver
from cissapp.review.independence.rules import (
    REVIEWING_ROLES,
    UNDER_REVIEW,
    WORKING_ROLES,
    CaseRole,
    ConflictAnswer,
)
from cissapp.review.independence.rules.involvement import Involvement, reasons_not_to_judge
from cissapp.review.independence.rules.terms import mentoring_counts

CYCLES_BEFORE = 2


def application(application_id: UUID) -> Application:
    """Find an application that was submitted; raise `Missing` for a draft, which only concerns the school."""
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
    """Return what people declared about an application, by person."""
    query = select(Declaration).where(Declaration.application_id == of.id)
    return {one.user_id: one for one in session.scalars(query)}


class PastInvolvement(Struct, frozen=True):
    """A person's involvement in schools and applications, looked up once.

    `invited` and `mentored` hold schools; `roles` maps an application to the role and whether it was left;
    `reviewed` maps a school to the cycles of the applications that the person reviewed; `waived` maps an
    application to its possible conflicts with an exception, `assigned_to_others` to roles that others hold.
    `own_files` are the calibration applications that only this person sees.
    """

    invited: set[UUID] = field(default_factory=set)
    mentored: set[UUID] = field(default_factory=set)
    roles: dict[UUID, tuple[CaseRole, bool]] = field(default_factory=dict)
    reviewed: dict[UUID, set[int]] = field(default_factory=lambda: defaultdict(set))
    waived: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    assigned_to_others: dict[UUID, set[CaseRole]] = field(default_factory=lambda: defaultdict(set))
    calibrated: bool = True
    own_files: set[UUID] = field(default_factory=set)

    def involvement(
        self,
        application_id: UUID,
        school_id: UUID,
        cycle: int,
        *,
        has_conflict: bool | None,
        answers: Mapping[str, Any] | None = None,
    ) -> Involvement:
        """Return the involvement in an application, given what the person declared about it."""
        role, left = self.roles.get(application_id, (None, False))
        confirmed = {code for code, said in (answers or {}).items() if said == ConflictAnswer.TRUE}
        cycles = self.reviewed.get(school_id, set())
        return Involvement(
            has_conflict=has_conflict,
            possible_conflict_open=not confirmed <= self.waived.get(application_id, set()),
            invited=school_id in self.invited,
            mentored=school_id in self.mentored,
            reviewed_before=any(cycle - CYCLES_BEFORE <= one < cycle for one in cycles),
            role=role,
            handed_over=left,
            assigned_to_others=frozenset(self.assigned_to_others.get(application_id, ())),
            calibrated=self.calibrated or application_id in self.own_files,
        )

    def involvement_of(self, of: Application, declared: Declaration | None) -> Involvement:
        """Return the involvement in an application, given the person's declaration, if any."""
        return self.involvement(
            of.id,
            of.school_id,
            of.cycle,
            has_conflict=declared.has_conflict if declared else None,
            answers=declared.answers if declared else None,
        )


def past_involvements(
    person_ids: Collection[UUID], *, today: date, school_ids: Collection[UUID]
) -> dict[UUID, PastInvolvement]:
    """Look up people's involvement in some schools, in a fixed number of queries."""
    found = _calibrated(person_ids)
    _add_invited(found, school_ids)
    _add_mentored(found, today, school_ids)
    _add_assignments(found, school_ids)
    _add_waived(found, school_ids)
    _add_assigned_to_others(found, school_ids)
    return found


def past_involvement(
    person_id: UUID | None, *, today: date, school_ids: Collection[UUID]
) -> PastInvolvement:
    """Look up what a person has had to do with some schools."""
    if person_id is None:
        return PastInvolvement()
    return past_involvements([person_id], today=today, school_ids=school_ids)[person_id]


def _add_invited(found: dict[UUID, PastInvolvement], school_ids: Collection[UUID]) -> None:
    for person_id, school_id in _rows(_INVITED, found, school_ids):
        found[person_id].invited.add(school_id)


def _add_mentored(
    found: dict[UUID, PastInvolvement], today: date, school_ids: Collection[UUID]
) -> None:
    for person_id, school_id, to_on in _rows(_MENTORED, found, school_ids):
        if mentoring_counts(to_on, today):
            found[person_id].mentored.add(school_id)


def _add_assignments(found: dict[UUID, PastInvolvement], school_ids: Collection[UUID]) -> None:
    rows = _rows(_ASSIGNMENTS, found, school_ids)
    for person_id, application_id, role, left_at, school_id, cycle in rows:
        found[person_id].roles[application_id] = (role, left_at is not None)
        if role in REVIEWING_ROLES:
            found[person_id].reviewed[school_id].add(cycle)


def _add_waived(found: dict[UUID, PastInvolvement], school_ids: Collection[UUID]) -> None:
    for person_id, application_id, hint in _rows(_WAIVED, found, school_ids):
        found[person_id].waived[application_id].add(hint.value)


def _add_assigned_to_others(
    found: dict[UUID, PastInvolvement], school_ids: Collection[UUID]
) -> None:
    for application_id, role, holder_id in _rows(_ASSIGNED, found, school_ids):
        for person_id, own in found.items():
            if person_id != holder_id:
                own.assigned_to_others[application_id].add(role)


def _calibrated(person_ids: Collection[UUID]) -> dict[UUID, PastInvolvement]:
    """Start with who is calibrated, and the own benchmark applications of those who are not, in one query."""
    waiting: dict[UUID, set[UUID]] = defaultdict(set)
    if len(person_ids) == 1:
        (only,) = person_ids
        rows = read_rows(_NOT_CALIBRATED_ONE, {"person": only})
    else:
        rows = session.execute(_NOT_CALIBRATED_OF, {"people": list(person_ids)}).all()
    for person_id, file_id in rows:
        waiting[person_id] |= {file_id} - {None}
    return {
        one: PastInvolvement(calibrated=one not in waiting, own_files=waiting.get(one, set()))
        for one in person_ids
    }


# --- statements: executed with every page of a case, so they are built only once --------------

_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_ONE_PERSON: BindParameter[Any] = bindparam("person")


class _InvolvementStatement(Struct, frozen=True):
    """A statement about people in some schools, and about one person in one school."""

    in_schools: Statement
    of_one: Statement


def _statement(query: Statement, person_id: Any, school_id: Any) -> _InvolvementStatement:
    return _in_schools(
        query.where(person_id.in_(_PEOPLE)), query.where(person_id == _ONE_PERSON), school_id
    )


def _in_schools(
    of_people: Statement, of_person: Statement, school_id: Any
) -> _InvolvementStatement:
    return _InvolvementStatement(
        of_people.where(school_id.in_(bindparam("schools", expanding=True))),
        of_person.where(school_id == bindparam("school")),
    )


def _rows(
    statement: _InvolvementStatement, people: Collection[UUID], school_ids: Collection[UUID]
) -> Iterable[Any]:
    if len(people) == len(school_ids) == 1:  # as with every page of a case
        (person_id,), (school_id,) = people, school_ids
        return read_rows(statement.of_one, {"person": person_id, "school": school_id})
    return session.execute(
        statement.in_schools, {"people": list(people), "schools": list(school_ids)}
    )


_INVITED = _statement(
    select(User.invited_by_id, User.school_id).where(User.school_id.is_not(None)),
    User.invited_by_id,
    User.school_id,
)
_MENTORED = _statement(
    select(Mentoring.person_id, Mentoring.school_id, Mentoring.to_on),
    Mentoring.person_id,
    Mentoring.school_id,
)
_ASSIGNMENTS = _statement(
    select(
        Assignment.person_id,
        Assignment.application_id,
        Assignment.role,
        Assignment.left_at,
        Application.school_id,
        Application.cycle,
    ).join(Application, Application.id == Assignment.application_id),
    Assignment.person_id,
    Application.school_id,
)
_WAIVED = _statement(
    select(Waiver.person_id, Waiver.application_id, Waiver.hint).join(
        Application, Application.id == Waiver.application_id
    ),
    Waiver.person_id,
    Application.school_id,
)
# Written out: a list of values has no place in a statement that is compiled once.
_ALL_ASSIGNED = (
    select(Assignment.application_id, Assignment.role, Assignment.person_id)
    .join(Application, Application.id == Assignment.application_id)
    .where(
        or_(*(Application.state == state for state in sorted(UNDER_REVIEW))),
        Assignment.round == Application.round,
        Assignment.left_at.is_(None),
        or_(*(Assignment.role == role for role in sorted(WORKING_ROLES))),
    )
)
_ASSIGNED = _in_schools(_ALL_ASSIGNED, _ALL_ASSIGNED, Application.school_id)
_NOT_CALIBRATED = (
    select(User.id, Application.id.label("file_id"))
    .outerjoin(School, School.only_for_id == User.id)
    .outerjoin(Application, Application.school_id == School.id)
    .where(User.calibrated_at.is_(None))
)
_NOT_CALIBRATED_OF = _NOT_CALIBRATED.where(User.id.in_(_PEOPLE))
_NOT_CALIBRATED_ONE = _NOT_CALIBRATED.where(User.id == _ONE_PERSON)


def involvement_of(of: Application, person_id: UUID | None, *, today: date) -> Involvement:
    """Gather what a person has had to do with a school and its application."""
    past = past_involvement(person_id, today=today, school_ids=[of.school_id])
    return past.involvement_of(of, declaration_of(of, person_id))


def involvement_in(application_id: UUID, person_id: UUID | None, *, today: date) -> Involvement:
    """Gather what a person has had to do with an application that is known by its id only."""
    return involvement_of(application(application_id), person_id, today=today)


def reasons_against_judging(
    certificate: Certificate, *, person_id: UUID, today: date
) -> list[Problem]:
    """List why a person may not judge a certificate, by its own case and by the newest one of the school."""
    cases = {certificate.application_id, *_newest_case(certificate.school_id)}
    for case in cases:
        found = reasons_not_to_judge(involvement_in(case, person_id, today=today))
        if found:
            return found
    return []


def _newest_case(school_id: UUID) -> list[UUID]:
    newest = applications.newest_submitted(school_id)
    return [newest.id] if newest else []
