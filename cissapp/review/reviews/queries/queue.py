"""The queue of a national group: what waits for a person first, then everything."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, func, select

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import natural_key
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import local_day, working_days_between
from cissapp.people.schools.models import NationalGroup, Tally
from cissapp.people.schools.rules import Figure
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.independence.queries import PastInvolvement, past_involvement
from cissapp.review.independence.rules.involvement import is_mentor
from cissapp.review.reviews.queries.loads import CaseLoad, case_loads
from cissapp.review.reviews.queries.progress import CaseProgress, progress_of_cases
from cissapp.review.reviews.queries.queue_cases import (
    BY_CHANGE,
    cases_looked_at,
    conditions_of,
    submitted_applications,
)
from cissapp.review.reviews.queries.queue_rows import QueueFilter, QueueRow
from cissapp.review.reviews.rules import UNDER_WAY
from cissapp.review.reviews.rules.phases import CaseContent, may_see, relations_of
from cissapp.review.reviews.rules.waiting import (
    CLOCKS,
    REVIEW_WORK,
    WAITING_FOR_OF,
    OpenDeadline,
    QueueKey,
    WaitingFor,
    deadline_for,
)
from cissapp.review.reviews.rules.work import Work

DECIDED_SHOWN = 100
PAGE_ROWS = 50


class QueuePage(Struct, frozen=True):
    """A page of the cases under way that match the filter.

    `total` counts all matches; `following` is the key after which the next page begins.
    """

    rows: list[QueueRow]
    total: int
    following: QueueKey | None


class Queue(Struct, frozen=True):
    """What waits for the person, everything under way, and the load of each member.

    A very long queue is cut to the cases that wait longest, the person's own and those searched for:
    `is_cut` is then true, and `last` is the case after which the next ones follow, if there are any.
    """

    to_assess: list[QueueRow]
    to_decide: list[QueueRow]
    under_way: list[QueueRow]
    is_cut: bool
    states: dict[ApplicationState, int]
    loads: list[CaseLoad]
    last: UUID | None = None

    @property
    def next(self) -> QueueRow | None:
        """The earliest due of the cases that wait for the person, their own tasks first; None if there are none."""
        waiting = [*self.to_assess, *self.to_decide]
        return min(waiting, key=lambda one: (not one.is_own_task, one.key), default=None)

    @property
    def others(self) -> list[QueueRow]:
        """The cases under way that wait for somebody else, so that each case appears in the queue once."""
        mine = {one.id for one in (*self.to_assess, *self.to_decide)}
        return [one for one in self.under_way if one.id not in mine]

    @property
    def waits(self) -> dict[WaitingFor, tuple[int, int]]:
        """The number of applications, and of overdue ones, by what they wait for."""
        all_, late = (
            Counter(one.waits for one in rows)
            for rows in (self.under_way, [one for one in self.under_way if one.overdue])
        )
        return {one: (all_[one], late[one]) for one in WaitingFor}

    def listed(self, wanted: QueueFilter) -> QueuePage:
        """Return the requested page: of all cases if a filter is set, else of those that wait for others."""
        rows = self.under_way if wanted.narrows else self.others
        narrowed = [one for one in rows if wanted.holds(one)]
        rest = [one for one in narrowed if wanted.after is None or one.key > wanted.after]
        following = rest[PAGE_ROWS - 1].key if len(rest) > PAGE_ROWS else None
        return QueuePage(rest[:PAGE_ROWS], len(narrowed), following)


def queue(person: Actor, *, now: datetime, wanted: QueueFilter | None = None) -> Queue:
    """Return the queue of the person's group, the earliest due first; the number of queries is fixed."""
    found, is_cut, last = cases_looked_at(person, wanted or QueueFilter())
    stand = progress_of_cases(list(found))
    rows = _rows(found.values(), stand, person, now)
    under_way = sorted(rows.values(), key=lambda one: one.key)
    return Queue(
        to_assess=[one for one in under_way if one.work in REVIEW_WORK],
        to_decide=[one for one in under_way if one.work is Work.DECIDE],
        under_way=under_way,
        is_cut=is_cut,
        states=_states(person),
        loads=case_loads(person, stand, only_busy=is_cut),
        last=last,
    )


def decided_cases(
    person: Actor, wanted: QueueFilter, *, now: datetime, place: PagePlace | None = None
) -> KeyPage[QueueRow]:
    """Return a page of the group's decided cases that match the filter, latest first."""
    query = submitted_applications(person, Application.state == ApplicationState.DECIDED)
    found = newest_page(
        query.where(*conditions_of(wanted)),
        BY_CHANGE,
        place,
        size=DECIDED_SHOWN,
        fetch=session.execute,
    )
    rows = _rows(found.rows, progress_of_cases([one.id for one in found.rows]), person, now)
    return KeyPage(
        [one for one in rows.values() if wanted.holds(one)], found.earlier, found.later, found.total
    )


def regions_under_way(person: Actor, most: int) -> list[str] | None:
    """List, from the tallies, the regions of the group's countries in which something is under way.

    None if there are more than `most`.
    """
    group = session.get(NationalGroup, person.group_id) if person.group_id else None
    query = select(Tally.region_code).where(
        Tally.country_code.in_(group.country_codes if group else []),
        Tally.figure.in_([Figure(state.value) for state in UNDER_WAY]),
        Tally.count > 0,
    )
    found = list(session.scalars(query.distinct().limit(most + 1)))
    return found if len(found) <= most else None


def _states(person: Actor) -> dict[ApplicationState, int]:
    """Count the applications of the group by state; drafts are the schools' own business."""
    counted: Select[Any] = visible(_counted(), Application, person, Permission.APPLICATION_READ)
    found = {row[0]: row[1] for row in session.execute(counted)}
    return {state: found.get(state, 0) for state in (*UNDER_WAY, ApplicationState.DECIDED)}


def _counted() -> Select[Any]:
    # None of these is a draft. The query reads nothing else, so that an index alone can answer it.
    query = select(Application.state, func.count()).where(
        Application.state.in_((*UNDER_WAY, ApplicationState.DECIDED))
    )
    return cast("Select[Any]", query.group_by(Application.state))


class _RowContext(Struct, frozen=True):
    """What is looked up once for all rows."""

    person: Actor
    own: PastInvolvement
    stands: Mapping[UUID, CaseProgress]
    due: Mapping[UUID, list[OpenDeadline]]
    names: Mapping[UUID, str]
    now: datetime


def _rows(
    found: Iterable[SqlRow[Any]], stand: Mapping[UUID, CaseProgress], person: Actor, now: datetime
) -> dict[UUID, QueueRow]:
    """Return what the queue shows of each application."""
    found = list(found)
    known = _RowContext(
        person,
        past_involvement(person.id, today=now.date(), school_ids={one.school_id for one in found}),
        stand,
        _due(stand),
        _names(stand),
        now,
    )
    return {one.id: _row(one, known) for one in found}


def _names(stand: Mapping[UUID, CaseProgress]) -> dict[UUID, str]:
    """Return the names of all who write reviews."""
    ids = {author for one in stand.values() for author in one.authors.values()}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _due(ids: Iterable[UUID]) -> dict[UUID, list[OpenDeadline]]:
    """Return the open deadlines of applications."""
    query = select(Deadline.subject_id, Deadline.kind, Deadline.due_on, Deadline.person_id).where(
        Deadline.subject_id.in_(list(ids)), Deadline.met_at.is_(None)
    )
    found: dict[UUID, list[OpenDeadline]] = {}
    for subject_id, kind, due_on, person_id in session.execute(query):
        found.setdefault(subject_id, []).append(OpenDeadline(kind, due_on, person_id))
    return found


def _row(found: SqlRow[Any], known: _RowContext) -> QueueRow:
    person, stand = known.person, known.stands[found.id]
    clocks = CLOCKS.get(stand.phase, frozenset())
    due = deadline_for(
        person.id, [one for one in known.due.get(found.id, []) if one.kind in clocks]
    )
    calendar = calendar_at(found.country_code)
    today = local_day(known.now, calendar)
    has_conflict = None if found.declaration_id is None else bool(found.grounds)
    # Without a declaration the person counts as free of conflicts: the case waits for that person, too.
    involvement = known.own.involvement(
        found.id,
        found.school_id,
        found.cycle,
        has_conflict=bool(has_conflict),
        answers=found.answers,
    )
    return QueueRow(
        id=found.id,
        school=found.school,
        region_code=found.region_code,
        state=found.state,
        outcome=found.outcome,
        round=found.round,
        submitted_at=found.submitted_at,
        waits=WAITING_FOR_OF.get(stand.phase),
        due=due,
        has_conflict=has_conflict,
        reviewers=_reviewers(
            stand, known, opened=has_conflict is False and not is_mentor(involvement)
        ),
        work=stand.work(involvement, person.id),
        age=working_days_between(local_day(found.submitted_at, calendar), today, calendar),
        today=today,
        role=None if involvement.handed_over else involvement.role,
    )


def _reviewers(stand: CaseProgress, known: _RowContext, *, opened: bool) -> tuple[str, ...]:
    """Return the names of the reviewers, if the table of phases lets the person see them."""
    who = relations_of(
        opened=opened,
        coordinator=known.person.role is Role.COORDINATOR,
        may_decide=False,
        authored=[],
    )
    if not may_see(who, CaseContent.REVIEWERS, stand.phase):
        return ()
    # Sorted by name, since the order of the rows could reveal who has submitted.
    names = (known.names[one] for one in stand.authors.values())
    return tuple(sorted(names, key=lambda name: (natural_key(name), name)))
