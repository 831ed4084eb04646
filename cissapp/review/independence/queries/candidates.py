"""Who may take which seat of a case: everybody of the group, and for everybody why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Absence, Declaration
from cissapp.review.independence.queries.assignments import loads, unfilled
from cissapp.review.independence.queries.facts import absences_of, hints_by_person, members
from cissapp.review.independence.queries.involvement import Past, declarations_of, pasts
from cissapp.review.independence.rules import NEEDED, WORKING, Seat
from cissapp.review.independence.rules.distribution import Free, assigned
from cissapp.review.independence.rules.reasons import opens, why_not


@dataclass(frozen=True)
class Candidate:
    """A person of the group beside a case: open cases, what was said, and why not for each seat."""

    person: User
    load: int
    hints: list[Problem]
    declared: Declaration | None
    waits_for: list[Problem]
    why_not: dict[Seat, list[Problem]]

    def may(self, seat: Seat) -> bool:
        """Say whether the person may be given the seat."""
        return not self.why_not[seat]


def candidates(of: Application) -> list[Candidate]:
    """List everybody of the group beside a case, those with the least open cases first."""
    users = members(of.group_id)
    ids = [one.id for one in users]
    past, declared, load = pasts(ids), declarations_of(of), loads(ids)
    hinted, away = hints_by_person(of, users), _away(ids)
    found = []
    for user in users:
        hands = past[user.id].hands_of(of, declared.get(user.id))
        found.append(
            Candidate(
                person=user,
                load=load[user.id],
                hints=hinted[user.id],
                declared=declared.get(user.id),
                waits_for=opens(hands),
                why_not={seat: why_not(hands, seat, away=user.id in away) for seat in WORKING},
            )
        )
    return sorted(found, key=lambda one: (one.load, one.person.name))


def _away(ids: Collection[UUID]) -> set[UUID]:
    today = clock.today()
    return {one.person_id for one in absences_of(ids, today) if one.from_on <= today}


@dataclass(frozen=True)
class Member:
    """A person of the group: open cases, and the days of absence that are not over."""

    person: User
    load: int
    absences: list[Absence]


def team(of: Actor) -> list[Member]:
    """List the people of a group with what they have to do."""
    users = members(of.group_id)
    ids = [one.id for one in users]
    load, absences = loads(ids), absences_of(ids, clock.today())
    return [
        Member(one, load[one.id], [away for away in absences if away.person_id == one.id])
        for one in users
    ]


@dataclass(frozen=True)
class Proposed:
    """A free seat of a case, and who is proposed for it; None, if nobody may take it."""

    application: Application
    seat: Seat
    person: User | None


def proposal(of: Actor) -> list[Proposed]:
    """Propose people for all free seats in the cases of a group, as evenly as can be."""
    free = unfilled(of, NEEDED)
    users = {one.id: one for one in members(of.group_id)}
    past, away = pasts(users), _away(users)
    declared = _all_declared([case for case, _seat in free])
    allowed = {
        Free(case.id, seat): _allowed(case, seat, past, declared, away) for case, seat in free
    }
    taken = assigned(list(allowed), allowed, loads(users))
    return [
        Proposed(case, seat, users.get(taken[key]) if key in taken else None)
        for case, seat in free
        for key in [Free(case.id, seat)]
    ]


def _all_declared(cases: Sequence[Application]) -> dict[tuple[UUID, UUID], Declaration]:
    query = select(Declaration).where(Declaration.application_id.in_([one.id for one in cases]))
    return {(one.application_id, one.user_id): one for one in session.scalars(query)}


def _allowed(
    case: Application,
    seat: Seat,
    past: dict[UUID, Past],
    declared: dict[tuple[UUID, UUID], Declaration],
    away: set[UUID],
) -> frozenset[UUID]:
    return frozenset(
        one
        for one, own in past.items()
        if not why_not(own.hands_of(case, declared.get((case.id, one))), seat, away=one in away)
    )
