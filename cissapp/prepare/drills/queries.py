"""Reads of drills."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page, without_index
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.prepare.drills.models import Drill, DrillOutcome
from cissapp.prepare.drills.rules import LIVE, DrillState
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.models import ReportingChannel
from cissapp.prepare.mechanism.rules import ChannelMedium
from cissapp.prepare.plan.rules import PlanDate, PlanKind, SchoolYear, with_done

YEAR = timedelta(days=365)
PAGE_ROWS = 50
# A school has at most four drills a year, each with its steps: five years.
SCHOOL_ROWS = 20


def drill(drill_id: UUID) -> Drill | None:
    """Find a drill."""
    return session.get(Drill, drill_id)


def known_drill(drill_id: UUID) -> Drill | None:
    """Find a drill that the school knows of: it typed the code, or the drill has ended."""
    found = drill(drill_id)
    return found if found and is_known(found) else None


def is_known(found: Drill) -> bool:
    """Check whether the school knows of a drill; it never learns of one that was called off."""
    ended = found.state in {DrillState.FINISHED, DrillState.NO_ANSWER}
    return ended or (found.state is DrillState.RUNNING and found.found_at is not None)


def open_drill(school_id: UUID) -> Drill | None:
    """Find the drill of a school that is in progress."""
    return session.scalar(select(Drill).where(Drill.school_id == school_id, Drill.state.in_(LIVE)))


def ended_of_school(school_id: UUID, place: PagePlace | None = None) -> KeyPage[Drill]:
    """Return a page of the drills of a school that were not called off and have ended, the newest first."""
    query = select(Drill).where(
        Drill.school_id == school_id, Drill.state.in_((DrillState.FINISHED, DrillState.NO_ANSWER))
    )
    return newest_page(query, (Drill.started_at, Drill.id), place, size=SCHOOL_ROWS)


class ListedDrill(Struct, frozen=True):
    """A drill as the list of a group shows it; `in_time` is None without a result."""

    id: UUID
    code: str
    school_name: str
    state: DrillState
    medium: ChannelMedium
    started_at: datetime
    in_time: bool | None


def live_in_group(person: Actor, place: PagePlace | None = None) -> KeyPage[ListedDrill]:
    """Return a page of the drills in progress that a person of a group may see, the newest first."""
    # By the time and not by the state, as the index of those in progress has the order of the list.
    return _page(person, Drill.finished_at.is_(None), place)


def ended_in_group(person: Actor, place: PagePlace | None = None) -> KeyPage[ListedDrill]:
    """Return a page of the drills that have ended and that a person of a group may see, the newest first."""
    return _page(person, Drill.finished_at.is_not(None), place)


def _page(
    person: Actor, which: ColumnElement[bool], place: PagePlace | None
) -> KeyPage[ListedDrill]:
    # The list is read in its own order until a page is full. SQLite would rather begin with the schools of the group,
    # and PostgreSQL, which knows nothing of a drill's own group but that of its school, with all drills.
    query = visible(
        _of(without_index(Drill.school_id)).where(which), School, person, Permission.DRILL_RUN
    )
    keys = (Drill.started_at, Drill.id)
    return newest_page(query, keys, place, size=PAGE_ROWS, fetch=_listed)


def _of(school_id: ColumnElement[UUID]) -> Select[Any]:
    columns = (Drill.id, Drill.code, School.name, Drill.state, Drill.medium, Drill.started_at)
    query = (
        select(*columns, DrillOutcome.in_time)
        .select_from(Drill)
        .join(School, School.id == school_id)
        .outerjoin(DrillOutcome, DrillOutcome.drill_id == Drill.id)
    )
    return cast("Select[Any]", query)


def listed_of_school(school_id: UUID) -> list[ListedDrill]:
    """List the drills of a school as the list of a group shows them, the newest first."""
    query = _of(Drill.school_id.expression).where(Drill.school_id == school_id)
    return _listed(query.order_by(Drill.started_at.desc(), Drill.id))


def _listed(query: Any) -> list[ListedDrill]:
    return [ListedDrill(*row) for row in session.execute(query)]


def count_in_last_year(school_id: UUID, at: datetime) -> int:
    """Count the drills of a school in the last 365 days; one that was called off does not count."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Drill)
            .where(
                Drill.school_id == school_id,
                Drill.state != DrillState.CALLED_OFF,
                Drill.started_at > at - YEAR,
            )
        )
        or 0
    )


def code_exists(school_id: UUID, code: str) -> bool:
    """Check whether a drill of the school has this code already."""
    query = select(Drill.id).where(Drill.school_id == school_id, Drill.code == code)
    return session.scalar(query) is not None


def channel(school_id: UUID, channel_id: UUID) -> ReportingChannel | None:
    """Find a way to report that the school declares, as it is in the database now."""
    return session.scalar(
        select(ReportingChannel)
        .where(ReportingChannel.id == channel_id, ReportingChannel.school_id == school_id)
        .execution_options(populate_existing=True)
    )


def overdue(today: date) -> list[UUID]:
    """List the drills whose last day, which is that of their deadline, is past, by their ids."""
    return list(session.scalars(_overdue(today).with_only_columns(Drill.id)))


def still_overdue(drill_ids: Collection[UUID], today: date) -> list[Drill]:
    """Return those of the drills whose last day is past and that have not ended."""
    return list(session.scalars(_overdue(today).where(Drill.id.in_(drill_ids))))


def _overdue(today: date) -> Select[Drill]:
    query = (
        select(Drill)
        .join(Deadline, (Deadline.subject_id == Drill.id) & (Deadline.kind == DeadlineKind.DRILL))
        .where(Drill.state.in_(LIVE), Deadline.met_at.is_(None), Deadline.due_on < today)
    )
    return query.order_by(Drill.started_at, Drill.id)


def newest_result(school_id: UUID) -> DrillResult | None:
    """Return the result of the drill that ended last; None, if the school has had none."""
    row = session.scalar(
        select(DrillOutcome)
        .where(DrillOutcome.school_id == school_id)
        .order_by(DrillOutcome.finished_at.desc(), DrillOutcome.drill_id)
        .limit(1)
    )
    return result_of(row) if row else None


def result_of(row: DrillOutcome) -> DrillResult:
    """Return a result as a plain value."""
    return DrillResult(**{name: getattr(row, name) for name in DrillResult.__struct_fields__})


def plan_dates(school: School, *, year: SchoolYear, today: date) -> list[PlanDate]:
    """List the two drills of a school year, for its plan: those that were answered are done."""
    query = select(DrillOutcome.finished_on).where(
        DrillOutcome.school_id == school.id,
        DrillOutcome.answered,
        DrillOutcome.finished_on.between(year.begins_on, min(today, year.ends_on)),
    )
    return with_done(PlanKind.DRILL, year, sorted(session.scalars(query)))
