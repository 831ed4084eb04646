"""Which cases a queue looks at: those that wait longest, and what a filter finds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import holds
from cissapp.people.schools.rules import search_words
from cissapp.prepare.applications.models import Application, Submission
from cissapp.review.independence.models import Assignment, Declaration
from cissapp.review.reviews.queries.queue_rows import QueueFilter
from cissapp.review.reviews.rules import UNDER_WAY

# The most cases under way that are read at once: nobody can keep track of more, and the cost of a page must
# not grow with the country. The next ones follow on further pages.
MOST = 40

Found = tuple[dict[UUID, SqlRow[Any]], bool, UUID | None]


def cases_looked_at(person: Actor, wanted: QueueFilter) -> Found:
    """Return the cases that wait longest; if the queue is cut, add the person's own and those that the filter finds."""
    longest = matching = _first(person, wanted.behind)
    is_cut = len(longest) > MOST or wanted.behind is not None
    if is_cut and (narrowing := conditions_of(wanted)):
        matching = _first(person, wanted.behind, *narrowing)
    query = submitted_applications(person, Application.state.in_(UNDER_WAY))
    query = query.order_by(*BY_CHANGE)
    ids = {*longest[:MOST], *matching[:MOST]}
    found = {one.id: one for one in session.execute(query.where(Application.id.in_(ids)))}
    if is_cut:
        own = select(Assignment.application_id).where(
            Assignment.person_id == person.id, Assignment.left_at.is_(None)
        )
        mine = query.where(Application.id.in_(own)).limit(MOST + 1)
        found |= {one.id: one for one in session.execute(mine)}
    return found, is_cut, matching[MOST - 1] if len(matching) > MOST else None


def _first(person: Actor, behind: UUID | None, *searched: ColumnElement[bool]) -> list[UUID]:
    """Return the ids alone of those that wait longest, so that nothing is joined for all the other cases."""
    query: Any = select(Application.id).where(
        Application.state.in_(UNDER_WAY), Application.round > 0, *searched
    )
    if searched:
        query = query.join(School, School.id == Application.school_id)
    query = _behind(visible(query, Application, person, Permission.APPLICATION_READ), behind)
    return list(session.scalars(query.order_by(*BY_CHANGE).limit(MOST + 1)))


def _behind(query: Select[Any], application_id: UUID | None) -> Select[Any]:
    """Restrict a query to what follows a case; leave it unchanged if there is no such case."""
    key = key_of_case(application_id)
    return query if key is None else query.where(tuple_(*BY_CHANGE) > tuple_(*_literals(key)))


BY_CHANGE = (Application.changed_at, Application.id)


def key_of_case(application_id: UUID | None) -> tuple[datetime, UUID] | None:
    """Return the sort key of a case, after which a list continues; None if there is no such case."""
    if application_id is None:
        return None
    found = session.execute(select(*BY_CHANGE).where(Application.id == application_id)).first()
    return (found[0], found[1]) if found else None


def _literals(key: tuple[datetime, UUID]) -> list[ColumnElement[Any]]:
    return [literal(value, of.type) for value, of in zip(key, BY_CHANGE, strict=True)]


def conditions_of(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter that the database can check; the rest is checked row by row."""
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        found.append(Application.state == wanted.state)
    if wanted.region_code:
        # The country leads the index of the regions.
        found.append(School.country_code == wanted.region_code[:2])
        found.append(in_region(School.region_code, wanted.region_code))
    found += [holds(word) for word in search_words(wanted.name)]
    return found


def submitted_applications(person: Actor, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the group's submitted applications with only the columns that the queue needs."""
    query: Any = (
        select(
            Application.id,
            Application.state,
            Application.outcome,
            Application.round,
            Application.cycle,
            School.id.label("school_id"),
            School.name.label("school"),
            School.country_code,
            School.region_code,
            Submission.submitted_at,
            Declaration.id.label("declaration_id"),
            Declaration.grounds,
            Declaration.answers,
        )
        .select_from(Application)
        .join(School, School.id == Application.school_id)
        .join(
            Submission,
            (Submission.application_id == Application.id) & (Submission.round == Application.round),
        )
        .outerjoin(
            Declaration,
            (Declaration.application_id == Application.id) & (Declaration.user_id == person.id),
        )
        .where(*conditions)
    )
    narrowed: Select[Any] = visible(query, Application, person, Permission.APPLICATION_READ)
    return narrowed
