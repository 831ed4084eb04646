"""Who may take which role of a case: everyone of the group, each with the reasons against it."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Absence, Declaration
from cissapp.review.independence.queries.assignments import loads, unfilled_roles
from cissapp.review.independence.queries.facts import (
    absences_of,
    member_names,
    members,
    members_page,
    possible_conflicts_by_person,
)
from cissapp.review.independence.queries.involvement import (
    declarations_of,
    past_involvements,
)
from cissapp.review.independence.rules import NEEDED_ROLES, WORKING_ROLES, CaseRole
from cissapp.review.independence.rules.distribution import FreeRole, distribute_roles
from cissapp.review.independence.rules.reasons import reasons_not_to_assign, reasons_still_closed

# Only this many people are considered for free roles at first, those with the fewest open cases.
PEOPLE_ASKED = 12


class RoleCandidate(Struct, frozen=True):
    """A person of the group as a candidate: open cases, declarations, and the reasons against each role."""

    person: User
    load: int
    possible_conflicts: list[Problem]
    declared: Declaration | None
    waits_for: list[Problem]
    why_not: dict[CaseRole, list[Problem]]

    def may(self, role: CaseRole) -> bool:
        """Return whether the person may be assigned the role."""
        return not self.why_not[role]


def role_candidates(of: Application, *, today: date) -> list[RoleCandidate]:
    """List everyone of the group as a candidate for a case, those with the fewest open cases first."""
    users = members(of.group_id)
    ids = [one.id for one in users]
    past = past_involvements(ids, today=today, school_ids=[of.school_id])
    declared, load = declarations_of(of), loads(ids)
    hinted, away = possible_conflicts_by_person(of, users), _away(ids, today)
    found = []
    for user in users:
        involvement = past[user.id].involvement_of(of, declared.get(user.id))
        found.append(
            RoleCandidate(
                person=user,
                load=load[user.id],
                possible_conflicts=hinted[user.id],
                declared=declared.get(user.id),
                waits_for=reasons_still_closed(involvement),
                why_not={
                    role: reasons_not_to_assign(involvement, role, away=user.id in away)
                    for role in WORKING_ROLES
                },
            )
        )
    return sorted(found, key=lambda one: (one.load, one.person.name))


def _away(ids: Collection[UUID], today: date) -> set[UUID]:
    return {one.person_id for one in absences_of(ids, today) if one.from_on <= today}


class TeamMember(Struct, frozen=True):
    """A person of the group: open cases, and absences that are current or to come."""

    person: User
    load: int
    absences: list[Absence]


def team(
    of: Actor, *, today: date, name: str = "", place: PagePlace | None = None
) -> KeyPage[TeamMember]:
    """Return a page of the people of a group with their workload, sorted by name."""
    found = members_page(of.group_id, name=name, place=place)
    ids = [one.id for one in found.rows]
    load, absences = loads(ids), absences_of(ids, today)
    rows = [
        TeamMember(one, load[one.id], [away for away in absences if away.person_id == one.id])
        for one in found.rows
    ]
    return KeyPage(rows, found.earlier, found.later, found.total)


class ProposedAssignment(Struct, frozen=True):
    """A free role of a case, and the person proposed for it; None if nobody may take it."""

    application: Application
    role: CaseRole
    person: User | None


def propose_assignments(of: Actor, *, today: date) -> list[ProposedAssignment]:
    """Propose people for free roles in the cases of a group, as evenly as possible.

    In a large group those with the fewest open cases are considered, and everyone else only for a role that
    none of these may take.
    """
    free = unfilled_roles(of, NEEDED_ROLES)
    names = member_names(of.group_id)
    load, away = loads(names), _away(names, today)
    here = sorted(
        (one for one in names if one not in away), key=lambda one: (load[one], names[one], one)
    )
    asked, others = here[:PEOPLE_ASKED], here[PEOPLE_ASKED:]
    allowed = _allowed(free, asked, today)
    untaken = [pair for pair in free if not allowed[FreeRole(pair[0].id, pair[1])]]
    if others and untaken:
        allowed |= _allowed(untaken, others, today)
    taken = distribute_roles(list(allowed), allowed, load)
    users = {one.id: one for one in members(of.group_id, within=set(taken.values()))}
    return [
        ProposedAssignment(case, role, users.get(taken[key]) if key in taken else None)
        for case, role in free
        for key in [FreeRole(case.id, role)]
    ]


def _allowed(
    free: Sequence[tuple[Application, CaseRole]], people: Collection[UUID], today: date
) -> dict[FreeRole, frozenset[UUID]]:
    """Return which of these people, none of whom is away, may take each role."""
    schools = {case.school_id for case, _role in free}
    past = past_involvements(people, today=today, school_ids=schools)
    declared = _all_declared([case for case, _role in free])
    return {
        FreeRole(case.id, role): frozenset(
            one
            for one, own in past.items()
            if not reasons_not_to_assign(
                own.involvement_of(case, declared.get((case.id, one))), role, away=False
            )
        )
        for case, role in free
    }


def _all_declared(cases: Sequence[Application]) -> dict[tuple[UUID, UUID], Declaration]:
    query = select(Declaration).where(Declaration.application_id.in_([one.id for one in cases]))
    return {(one.application_id, one.user_id): one for one in session.scalars(query)}
