"""Who may take which role of a case: people of the group, each with the reasons against it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Absence, Declaration
from cissapp.review.independence.queries.assignments import (
    group_members,
    loads,
    loads_of_group,
    reviews_taken_back,
    unfilled_roles,
)
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
# So many people are shown as candidates for a case at once; others are found by a search.
CANDIDATES_SHOWN = 25


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


class RoleCandidates(Struct, frozen=True):
    """The candidates for a case, those with the fewest open cases first, and whether the group has more."""

    rows: list[RoleCandidate]
    more: bool


def role_candidates(
    of: Application, *, today: date, name: str = "", chosen: UUID | None = None
) -> RoleCandidates:
    """Return the people of a group whose name has these words as candidates for a case.

    Of a large group these are the calibrated and present people with the fewest open cases, everyone who declared
    something about the case, and the chosen person.
    """
    load, away = loads_of_group(of.group_id), _away_in_group(of.group_id, today)
    declared = declarations_of(of)
    everyone = group_members(of.group_id, User.id, User.name, User.calibrated_at)
    rows = session.execute(everyone.order_by(*BY_NAME))
    words = name.casefold().split()
    matching = {
        key: (key in away or calibrated_at is None, load.get(key, 0))
        for key, called, calibrated_at in rows
        if key == chosen or all(word in called.casefold() for word in words)
    }
    first = sorted(matching, key=matching.__getitem__)[:CANDIDATES_SHOWN]
    shown = {*first, *(matching.keys() & {*declared, chosen})}
    users = members(of.group_id, within=shown)
    found = _candidates(of, users, declared, load=load, away=away, today=today)
    return RoleCandidates(found, more=len(shown) < len(matching))


def _candidates(
    of: Application,
    users: Sequence[User],
    declared: Mapping[UUID, Declaration],
    *,
    load: Mapping[UUID, int],
    away: Collection[UUID],
    today: date,
) -> list[RoleCandidate]:
    past = past_involvements([one.id for one in users], today=today, school_ids=[of.school_id])
    hinted = possible_conflicts_by_person(of, users)
    found = []
    for user in users:
        involvement = past[user.id].involvement_of(of, declared.get(user.id))
        found.append(
            RoleCandidate(
                person=user,
                load=load.get(user.id, 0),
                possible_conflicts=hinted[user.id],
                declared=declared.get(user.id),
                waits_for=reasons_still_closed(involvement),
                why_not={
                    role: reasons_not_to_assign(involvement, role, away=user.id in away)
                    for role in WORKING_ROLES
                },
            )
        )
    return sorted(found, key=lambda one: one.load)


def _away_in_group(group_id: UUID | None, today: date) -> set[UUID]:
    query = select(Absence.person_id).where(
        Absence.person_id.in_(group_members(group_id, User.id)),
        Absence.from_on <= today,
        Absence.to_on >= today,
    )
    return set(session.scalars(query))


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
    """A free role of a case, and the person proposed for it; None if nobody may take it.

    `taken_back`: the role is that of a review which was taken back after its submission.
    """

    application: Application
    role: CaseRole
    person: User | None
    taken_back: bool = False


def propose_assignments(of: Actor, *, today: date) -> list[ProposedAssignment]:
    """Propose people for free roles in the cases of a group, as evenly as possible.

    In a large group those with the fewest open cases are considered, and everyone else only for a role that
    none of these may take.
    """
    free = unfilled_roles(of, NEEDED_ROLES)
    names, away = member_names(of.group_id), _away_in_group(of.group_id, today)
    load = dict.fromkeys(names, 0) | loads_of_group(of.group_id)
    here = sorted((one for one in names if one not in away), key=load.__getitem__)
    asked, others = here[:PEOPLE_ASKED], here[PEOPLE_ASKED:]
    allowed = _allowed(free, asked, today)
    untaken = [pair for pair in free if not allowed[FreeRole(pair[0].id, pair[1])]]
    if others and untaken:
        allowed |= _allowed(untaken, others, today)
    taken = distribute_roles(list(allowed), allowed, load)
    users = {one.id: one for one in members(of.group_id, within=set(taken.values()))}
    back = reviews_taken_back([case.id for case, _role in free])
    return [
        ProposedAssignment(
            case, role, users.get(taken[key]) if key in taken else None, (case.id, role) in back
        )
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
