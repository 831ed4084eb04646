"""Counts how the toolkit is used, in five queries, however many schools there are."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    column,
    func,
    select,
    values,
)
from sqlalchemy.orm import aliased

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.queries.kept_figures import DatedFigures, kept_or_new
from cissapp.people.schools.rules import KeptKind
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules.next_actions import IN_PLACE
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.policy.models import PolicyClause, PolicyDraft
from cissapp.prepare.policy.rules.clauses import ClauseChoice
from cissapp.review.history.rules.toolkit_use import (
    ClauseUse,
    CriterionResult,
    ToolkitUse,
    most_made,
)
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace

PRINTED = (ClauseChoice.TAKEN, ClauseChoice.CHANGED)


def toolkit_use(person: Actor, toolkit: Toolkit) -> DatedFigures[ToolkitUse]:
    """Return the counts for the schools that a person may count: a coordinator's group, or all."""
    scope = None if person.role is Role.SECRETARIAT else person.group_id
    return kept_or_new(
        KeptKind.TOOLKIT, scope, ToolkitUse, lambda: count_toolkit_use(person, toolkit)
    )


def count_toolkit_use(person: Actor, toolkit: Toolkit) -> ToolkitUse:
    """Count the use of the toolkit by the schools that a person may count."""
    schools: Select[UUID] = visible(
        select(School.id).where(REGISTERED), School, person, Permission.TOOLKIT_FIGURES_READ
    )
    return ToolkitUse(
        policies=_policies(schools),
        clauses=_clauses(schools),
        criteria=_criteria(schools, toolkit),
        products=most_made(_products(schools), [one.id for one in toolkit.products]),
    )


def _policies(schools: Select[UUID]) -> int:
    """Count the schools whose policy from the library became a document."""
    made = PolicyDraft.document_id.is_not(None)
    query = select(func.count()).select_from(PolicyDraft)
    return session.scalar(query.where(made, PolicyDraft.school_id.in_(schools))) or 0


def _clauses(schools: Select[UUID]) -> list[ClauseUse]:
    def chosen(choice: ClauseChoice) -> Any:
        return func.sum(case((PolicyClause.choice == choice, 1), else_=0))

    query = (
        select(PolicyClause.clause_id, *(chosen(one) for one in (*PRINTED, ClauseChoice.LEFT_OUT)))
        .where(PolicyClause.school_id.in_(schools))
        .group_by(PolicyClause.clause_id)
    )
    return [ClauseUse(*row) for row in session.execute(query)]


def _products(schools: Select[UUID]) -> dict[str, int]:
    """Count the schools that made each product, each once whatever the number of languages."""
    query = (
        select(MadePaper.name, func.count(MadePaper.school_id.distinct()))
        .where(MadePaper.kind == PaperKind.PRODUCT, MadePaper.school_id.in_(schools))
        .group_by(MadePaper.name)
    )
    return {row[0]: row[1] for row in session.execute(query)}


# --- where clauses fail review -----------------------------------------------------------------


def _criteria(schools: Select[UUID], toolkit: Toolkit) -> list[CriterionResult]:
    """Count, by criterion, decided reviews of schools with library clauses for it, and those below level 2.

    A school counts from the first round submitted with a policy from the library, unless it left out a clause
    for the criterion. A round counts if its first review scored the criterion again with a level.
    """
    covered = [(clause.id, one) for clause in toolkit.clauses for one in clause.criteria]
    if not covered:
        return []
    scored = _scored(schools, covered)
    below = func.sum(case((_is_below(scored), 1), else_=0))
    query = select(scored.c.criterion_id, func.count(), below).group_by(scored.c.criterion_id)
    return [CriterionResult(*row) for row in session.execute(query)]


def _scored(schools: Select[UUID], covered: list[tuple[str, str]]) -> Subquery:
    """Select first reviews' levels in decided rounds, for criteria that the school's clauses cover."""

    def of_round(kind: Any) -> Any:
        return and_(kind.application_id == Decision.application_id, kind.round == Decision.round)

    users, left_out = _users(), _left_out(covered)
    without = and_(
        left_out.c.school_id == Application.school_id,
        left_out.c.criterion_id == Score.criterion_id,
    )
    return (
        select(Review.application_id, Review.round, Score.criterion_id, Score.level)
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Submission, of_round(Submission))
        .join(users, users.c.school_id == Application.school_id)
        .join(Review, and_(of_round(Review), Review.place == ReviewPlace.FIRST))
        .join(Score, Score.review_id == Review.id)
        .outerjoin(left_out, without)
        .where(
            Application.school_id.in_(schools),
            users.c.since <= Submission.submitted_at,
            Score.carried.is_(False),
            Score.level.is_not(None),
            Score.criterion_id.in_(sorted({one for _clause, one in covered})),
            left_out.c.school_id.is_(None),
        )
        .subquery("scored")
    )


def _is_below(scored: Subquery) -> ColumnElement[bool]:
    """Return the condition that the level that counts in a round is below 2.

    Of two levels the lower one counts, of three the middle one, see `reviews.rules.places.combined_level`:
    twice the levels below 2 must exceed all levels but one. A first review below 2 adds two.
    """
    other, its_score = aliased(Review), aliased(Score)
    low = case((its_score.level < IN_PLACE, 1), else_=0)
    others = (
        select(func.coalesce(func.sum(low), 0) * 2 - func.count(its_score.level))
        .join(other, its_score.review_id == other.id)
        .where(
            other.application_id == scored.c.application_id,
            other.round == scored.c.round,
            other.place != ReviewPlace.FIRST,
            other.state == ReviewState.HANDED_IN,
            its_score.criterion_id == scored.c.criterion_id,
        )
        .correlate(scored)
        .scalar_subquery()
    )
    first = case((scored.c.level < IN_PLACE, 2), else_=0)
    return first + others > 0


def _users() -> Subquery:
    """Select the schools that made a document of their library policy, and since when it includes clauses."""
    return (
        select(PolicyClause.school_id, func.min(PolicyClause.chosen_at).label("since"))
        .join(PolicyDraft, PolicyDraft.school_id == PolicyClause.school_id)
        .where(PolicyDraft.document_id.is_not(None), PolicyClause.choice.in_(PRINTED))
        .group_by(PolicyClause.school_id)
        .subquery("users")
    )


def _left_out(covered: list[tuple[str, str]]) -> Subquery:
    """Select the criteria for which a school left out a clause."""
    pairs = _pairs(covered)
    return (
        select(PolicyClause.school_id, pairs.c.criterion_id)
        .join(pairs, pairs.c.clause_id == PolicyClause.clause_id)
        .where(PolicyClause.choice == ClauseChoice.LEFT_OUT)
        .distinct()
        .subquery("left_out")
    )


def _pairs(covered: list[tuple[str, str]]) -> CTE:
    """Pass the pairs of clause and criterion to the database as a table."""
    columns = column("clause_id", String), column("criterion_id", String)
    return values(*columns, name="covering").data(covered).cte("covering")
