"""Reads of appeals: what may be appealed against, who could hear it, what waits for whom."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page, oldest_page
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME, name_has_words
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.review.appeals.models import Appeal, AppealMember, Proposal
from cissapp.review.appeals.queries.participation import reasons_never_to_hear
from cissapp.review.appeals.rules import (
    AppealFiling,
    AppealOutcome,
    AppealState,
    ProposalStatus,
    last_day,
)
from cissapp.review.independence import queries as independence
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.reasons import in_third_person
from cissapp.review.reviews.models import Decision

DECIDED_SHOWN = 20
PAGE_ROWS = 50
_UNDECIDED = Appeal.decided_at.is_(None)
BY_FILING = (Appeal.filed_at, Appeal.id)
BY_DECISION = (Appeal.decided_at, Appeal.id)
# So many people are offered for a panel at once; others are found by a search.
CANDIDATES_SHOWN = 25
PANEL_ROLES = frozenset({Role.REVIEWER, Role.COORDINATOR})


class PanelCandidate(Struct, frozen=True):
    """A person who could hear an appeal, and the reasons against it, if any."""

    person: User
    reasons: list[Problem]


class PanelCandidates(Struct, frozen=True):
    """The candidates for a panel, and whether others have the searched name."""

    rows: list[PanelCandidate]
    more: bool


class ListedAppeal(Struct, frozen=True):
    """An appeal as a list shows it; with a panel if somebody hears it."""

    id: UUID
    school_name: str
    has_panel: bool
    outcome: AppealOutcome | None
    filed_at: datetime
    decided_at: datetime | None


class Alteration(Struct, frozen=True):
    """The levels that a panel set in place of those of a decision, by criterion."""

    decided_at: datetime
    country_code: str
    school_id: UUID
    decision_id: UUID
    levels: Mapping[str, int]


class AppealLists(Struct, frozen=True):
    """The appeals that a person may see."""

    waiting: KeyPage[ListedAppeal]
    decided: KeyPage[ListedAppeal]


def appeal(appeal_id: UUID) -> Appeal | None:
    """Find an appeal."""
    return session.get(Appeal, appeal_id)


def newest_decision(school_id: UUID) -> Decision | None:
    """Find the decision on what the school submitted last, if there is one; a new draft takes no appeal away."""
    newest = applications.newest_submitted(school_id)
    if newest is None:
        return None
    query = select(Decision).where(Decision.application_id == newest.id)
    return session.scalars(query.order_by(Decision.round.desc()).limit(1)).first()


def of_decision(decision_id: UUID) -> Appeal | None:
    """Find the appeal against a decision."""
    return session.scalar(select(Appeal).where(Appeal.decision_id == decision_id))


def altered_levels(school_id: UUID) -> dict[UUID, dict[str, int]]:
    """Return, by decision, the levels that a panel set in place of the reviews' levels."""
    query = (
        select(Proposal)
        .join(Appeal, Appeal.id == Proposal.appeal_id)
        .where(Appeal.school_id == school_id, Appeal.outcome == AppealOutcome.ALTERED)
        .where(Proposal.outcome == AppealOutcome.ALTERED)
        .order_by(Proposal.number)
    )
    return {
        one.appeal.decision_id: {key: int(level) for key, level in one.levels.items()}
        for one in session.scalars(query)
        if one.standing is ProposalStatus.ACCEPTED
    }


def alterations(before: datetime) -> list[Alteration]:
    """List what panels changed in the levels of decisions before a time, in order of time."""
    rows = session.execute(
        select(
            Appeal.decided_at, School.country_code, School.id, Appeal.decision_id, Proposal.levels
        )
        .join(School, School.id == Appeal.school_id)
        .join(Proposal, Proposal.appeal_id == Appeal.id)
        .where(
            Appeal.outcome == AppealOutcome.ALTERED,
            Proposal.outcome == AppealOutcome.ALTERED,
            Appeal.decided_at < before,
        )
        .order_by(*BY_DECISION, Proposal.number)
    )
    # The newest proposal of a decided appeal is the one that was accepted.
    found = {row.decision_id: row for row in rows}
    return [
        Alteration(at, country, school, decision, {key: int(one) for key, one in levels.items()})
        for at, country, school, decision, levels in found.values()
    ]


def filing_of(decision: Decision | None, person: User, file_days: int) -> AppealFiling:
    """Gather what the rules need to know about a person who wants to appeal."""
    if decision is None:
        return AppealFiling(person.duty, None, None)
    school = decision.review.application.school
    return AppealFiling(
        duty=person.duty,
        outcome=decision.outcome,
        until=last_day(day_in(school.country_code, decision.decided_at), file_days),
        appealed_already=of_decision(decision.id) is not None,
    )


def appeals(
    person: Actor, place: PagePlace | None = None, decided: PagePlace | None = None
) -> AppealLists:
    """List the appeals that a person may see: a page of those waiting, and one of those decided."""
    return _lists(person, Permission.APPEAL_READ, place, decided)


def appeals_to_hear(
    person: Actor, place: PagePlace | None = None, decided: PagePlace | None = None
) -> AppealLists:
    """List the appeals that a person hears: a page of those waiting, and one of those decided."""
    return _lists(person, Permission.APPEAL_HEAR, place, decided, _still_hears(person.id))


def count_to_hear(person: Actor) -> int:
    """Count the appeals that a person hears and that are not decided."""
    undecided = select(func.count(Appeal.id)).where(_still_hears(person.id), _UNDECIDED)
    return session.scalar(visible(undecided, Appeal, person, Permission.APPEAL_HEAR)) or 0


def undecided_appeals_of(person_id: UUID) -> list[Appeal]:
    """List the undecided appeals that a person hears, in the order in which they are locked."""
    query = select(Appeal).where(_still_hears(person_id), _UNDECIDED)
    return list(session.scalars(query.order_by(Appeal.school_id)))


def panels_to_check() -> list[UUID]:
    """List the undecided appeals with a panel, in the order in which they are locked."""
    heard = exists().where(AppealMember.appeal_id == Appeal.id, AppealMember.excused_at.is_(None))
    query = select(Appeal.id).where(_UNDECIDED, heard)
    return list(session.scalars(query.order_by(Appeal.school_id, Appeal.id)))


def _still_hears(person_id: UUID | None) -> ColumnElement[bool]:
    return Appeal.id.in_(
        select(AppealMember.appeal_id).where(
            AppealMember.person_id == person_id, AppealMember.excused_at.is_(None)
        )
    )


def is_excused(of: Appeal, person_id: UUID | None) -> bool:
    """Return whether a member of the panel has left it; raise `Missing` for anyone else."""
    return panel_member(of, person_id).excused_at is not None


def excused_members(of: Appeal) -> list[Assignment]:
    """List the tasks of those who left the panel, with the reason of each."""
    return [
        one
        for one in independence.assignments_of(of.application)
        if one.role is CaseRole.PANEL_MEMBER and one.left_at is not None
    ]


def _lists(
    person: Actor,
    right: Permission,
    place: PagePlace | None,
    decided: PagePlace | None,
    *narrowed: ColumnElement[bool],
) -> AppealLists:
    undecided: Any = select(Appeal.id).where(_UNDECIDED, *narrowed)
    waiting = visible(undecided, Appeal, person, right)
    done = visible(
        _LISTED.where(Appeal.state == AppealState.DECIDED, *narrowed), Appeal, person, right
    )
    return AppealLists(
        oldest_page(waiting, BY_FILING, place, size=PAGE_ROWS, read=_of_ids),
        newest_page(done, BY_DECISION, decided, size=DECIDED_SHOWN, fetch=_listed),
    )


_LISTED: Any = select(
    Appeal.id,
    School.name,
    exists().where(AppealMember.appeal_id == Appeal.id, AppealMember.excused_at.is_(None)),
    Appeal.outcome,
    Appeal.filed_at,
    Appeal.decided_at,
).join(School, School.id == Appeal.school_id)


def _of_ids(ids: list[UUID]) -> list[ListedAppeal]:
    return _listed(_LISTED.where(Appeal.id.in_(ids)))


def _listed(query: Any) -> list[ListedAppeal]:
    return [ListedAppeal(*row) for row in session.execute(query)]


def panel_candidates(
    of: Appeal, *, today: date, name: str = "", chosen: Collection[UUID] = ()
) -> PanelCandidates:
    """Return the first people with these words in their name as candidates, and those chosen already.

    Those who may hear the appeal come first, then the others with the reasons: who took part, mentored,
    invited or has a conflict of interest. Those who have not yet declared may: the application opens to
    them after their declaration.
    """
    own = User.group_id == of.application.group_id
    able = select(User.id).where(
        User.group_id.is_not(None), User.role.in_(PANEL_ROLES), User.deactivated_at.is_(None)
    )
    able = able.where(User.id.not_in([one.person_id for one in of.members]))
    found = able.where(*name_has_words(name)).order_by(own, *BY_NAME)
    ids = list(session.scalars(found.limit(CANDIDATES_SHOWN + 1)))
    also = session.scalars(able.where(User.id.in_(chosen))) if chosen else ()
    return PanelCandidates(
        _with_reasons(of, {*ids[:CANDIDATES_SHOWN], *also}, today), len(ids) > CANDIDATES_SHOWN
    )


def _with_reasons(of: Appeal, ids: Collection[UUID], today: date) -> list[PanelCandidate]:
    reasons = reasons_never_to_hear(of, ids, today=today)
    query = select(User).where(User.id.in_(ids)).options(joinedload(User.group))
    found = [
        PanelCandidate(person, in_third_person(reasons[person.id]))
        for person in session.scalars(query.order_by(*BY_NAME))
    ]
    own = of.application.group_id
    return sorted(found, key=lambda one: (bool(one.reasons), one.person.group_id == own))


def panel_member(of: Appeal, person_id: UUID | None) -> AppealMember:
    """Find a person's place on the panel; raise `Missing` if there is none."""
    for one in of.members:
        if one.person_id == person_id:
            return one
    raise Missing


def panels_of(appeal_ids: Collection[UUID]) -> dict[UUID, list[User]]:
    """List for each appeal the people with an open account who still hear it; one without any is left out."""
    query = (
        select(AppealMember.appeal_id, User)
        .join(User, AppealMember.person_id == User.id)
        .where(AppealMember.appeal_id.in_(appeal_ids), AppealMember.excused_at.is_(None))
        .where(User.deactivated_at.is_(None))
        .order_by(*BY_NAME)
    )
    found: dict[UUID, list[User]] = {}
    for appeal_id, person in session.execute(query) if appeal_ids else ():
        found.setdefault(appeal_id, []).append(person)
    return found
