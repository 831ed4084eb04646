"""How many cases the people of a group have in hand."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.queries import members
from cissapp.review.independence.rules import WORKING_ROLES
from cissapp.review.reviews.queries.progress import CaseProgress
from cissapp.review.reviews.rules.phases import Phase

REVIEWING = frozenset({Phase.REVIEW, Phase.SECOND_REVIEW})


class CaseLoad(Struct, frozen=True):
    """How many cases a person of the group has in hand."""

    name: str
    cases: int
    is_me: bool


def case_loads(
    person: Actor, stand: Mapping[UUID, CaseProgress], *, only_busy: bool
) -> list[CaseLoad]:
    """Count the cases in hand for each member of the group, most first, in two queries.

    `only_busy` leaves out members without any. A submitted review counts until all reviews of the case are
    submitted: otherwise the number would reveal who writes the other one.
    """
    assignments = session.execute(
        select(Assignment.application_id, Assignment.person_id, Assignment.done_at)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.application_id.in_(stand),
            Assignment.left_at.is_(None),
            Assignment.role.in_(WORKING_ROLES),
            Assignment.round == Application.round,
        )
    )
    count = Counter(
        person_id
        for application_id, person_id, done_at in assignments
        if _in_hand(stand[application_id].phase, done=done_at is not None)
    )
    people = members(person.group_id, within=set(count) if only_busy else None)
    found = [CaseLoad(one.name, count[one.id], one.id == person.id) for one in people]
    return sorted(found, key=lambda one: -one.cases)


def _in_hand(phase: Phase, *, done: bool) -> bool:
    return phase in REVIEWING or (not done and phase in {Phase.COMPLETENESS_CHECK, Phase.DECISION})
