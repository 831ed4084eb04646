"""Reads of results before and after a module, counted by group before they leave the database."""

from sqlalchemy import Subquery, func, select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Attempt
from cissapp.learn.learning.rules import AttemptState
from cissapp.learn.learning.rules.states import AttemptPurpose
from cissapp.oversee.evaluation.rules import Pair
from cissapp.oversee.evaluation.rules.groups import ResultGroup
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School


def scores(module_id: str | None = None) -> list[ResultGroup]:
    """Count people by both results, language and top-level region, for one module or for all; one statement.

    A person counts with the first test before the module and the first test after it, if that was closed
    later. The language is that of the test after.
    """
    before, after = (
        _first(AttemptPurpose.BEFORE, module_id),
        _first(AttemptPurpose.AFTER, module_id),
    )
    groups = (
        after.c.module_id,
        after.c.language,
        School.region_code,
        before.c.points,
        before.c.total,
        after.c.points,
        after.c.total,
    )
    query = (
        select(*groups, func.count())
        .select_from(after)
        .join(
            before,
            (before.c.user_id == after.c.user_id)
            & (before.c.module_id == after.c.module_id)
            & (before.c.closed_at <= after.c.closed_at),
        )
        .join(User, User.id == after.c.user_id)
        .join(School, School.id == User.school_id)
        .where(before.c.number == 1, after.c.number == 1)
        .group_by(*groups)
        .order_by(*groups)
    )
    region_path = content().region_path
    return [
        ResultGroup(
            module, language, region_path(region)[0], Pair(first / of_first, last / of_last, people)
        )
        for module, language, region, first, of_first, last, of_last, people in session.execute(
            query
        )
    ]


def _first(purpose: AttemptPurpose, module_id: str | None) -> Subquery:
    number = func.row_number().over(
        partition_by=(Attempt.user_id, Attempt.module_id), order_by=(Attempt.closed_at, Attempt.id)
    )
    query = select(
        Attempt.user_id,
        Attempt.module_id,
        Attempt.language,
        Attempt.closed_at,
        Attempt.points,
        Attempt.total,
        number.label("number"),
    ).where(
        Attempt.purpose == purpose,
        Attempt.state == AttemptState.CLOSED,
        Attempt.total > 0,
    )
    if module_id is not None:
        query = query.where(Attempt.module_id == module_id)
    return query.subquery(purpose)
