"""Counts how the toolkit is used, in four statements, however many schools there are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Select, String, Subquery, and_, case, column, func, select, values

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
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

PRINTED = (ClauseChoice.TAKEN, ClauseChoice.CHANGED)


def toolkit_use(person: Actor, toolkit: Toolkit) -> ToolkitUse:
    """Count for the schools that a person may count: a coordinator's group, or all."""
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
    """Count the schools whose policy became a document."""
    made = PolicyDraft.taken_at.is_not(None)
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
    """Count the schools that made each product, in however many languages."""
    query = (
        select(MadePaper.name, func.count(MadePaper.school_id.distinct()))
        .where(MadePaper.kind == PaperKind.PRODUCT, MadePaper.school_id.in_(schools))
        .group_by(MadePaper.name)
    )
    return {row[0]: row[1] for row in session.execute(query)}


# --- where clauses fail review -----------------------------------------------------------------


def _criteria(schools: Select[UUID], toolkit: Toolkit) -> list[CriterionResult]:
    """Count, by criterion, the decided reviews of schools with a clause for it, and those below level 2.

    A school counts from the round on that it submitted with such a clause.
    """
    covered = [(clause.id, one) for clause in toolkit.clauses for one in clause.criteria]
    if not covered:
        return []
    judged = _judged(schools, {one for _clause, one in covered})
    took = _took(schools, covered)
    with_clause = and_(
        took.c.school_id == judged.c.school_id,
        took.c.criterion_id == judged.c.criterion_id,
        took.c.since <= judged.c.submitted_at,
    )
    # Of two levels the lower one counts, of three the middle one, see `reviews.rules.places.combined_level`.
    below = case((2 * judged.c.below > judged.c.levels - 1, 1), else_=0)
    applies = and_(judged.c.levels > 0, 2 * (judged.c.scores - judged.c.levels) <= judged.c.scores)
    query = (
        select(judged.c.criterion_id, func.count(), func.sum(below))
        .select_from(judged.join(took, with_clause))
        .where(applies)
        .group_by(judged.c.criterion_id)
    )
    return [CriterionResult(*row) for row in session.execute(query)]


def _judged(schools: Select[UUID], criteria: Iterable[str]) -> Subquery:
    """Select each criterion that was scored anew in a decided round: its scores, levels, and levels below 2."""

    def of_round(kind: Any) -> Any:
        return and_(kind.application_id == Decision.application_id, kind.round == Decision.round)

    low = case((Score.level < IN_PLACE, 1), else_=0)
    return (
        select(
            Application.school_id,
            Score.criterion_id,
            Submission.submitted_at,
            func.count().label("scores"),
            func.count(Score.level).label("levels"),
            func.sum(low).label("below"),
        )
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Submission, of_round(Submission))
        .join(Review, of_round(Review))
        .join(Score, Score.review_id == Review.id)
        .where(
            Application.school_id.in_(schools),
            Review.state == ReviewState.HANDED_IN,
            Score.carried.is_(False),
            Score.criterion_id.in_(sorted(criteria)),
        )
        .group_by(Decision.id, Application.school_id, Score.criterion_id, Submission.submitted_at)
        .subquery("judged")
    )


def _took(schools: Select[UUID], covered: list[tuple[str, str]]) -> Subquery:
    """Select since when a school has a clause that covers a criterion."""
    pairs = _pairs(covered)
    return (
        select(
            PolicyClause.school_id,
            pairs.c.criterion_id,
            func.min(PolicyClause.chosen_at).label("since"),
        )
        .join(pairs, pairs.c.clause_id == PolicyClause.clause_id)
        .where(PolicyClause.choice.in_(PRINTED), PolicyClause.school_id.in_(schools))
        .group_by(PolicyClause.school_id, pairs.c.criterion_id)
        .subquery("took")
    )


def _pairs(covered: list[tuple[str, str]]) -> CTE:
    """Hand clause and criterion to the database as a table."""
    columns = column("clause_id", String), column("criterion_id", String)
    return values(*columns, name="covering").data(covered).cte("covering")
