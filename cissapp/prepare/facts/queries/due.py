"""Finds the schools that have something to confirm and were not told so, without reading their facts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.facts.models import FactConfirmation, NumberReminder
from cissapp.prepare.facts.queries.gathering import UNSAID
from cissapp.prepare.facts.rules.facts import CONTACT, COVER
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
)

ENTRIES: dict[str, type[Any]] = {
    "person": ReportingPerson,
    "channel": ReportingChannel,
    "step": EscalationStep,
}


class utc_day(GenericFunction[date]):  # noqa: N801 -- written like the functions of the database
    """The date in UTC of a column of times."""

    type = Date()
    inherit_cache = True


@compiles(utc_day)
def _utc_day(day: utc_day, compiler: SQLCompiler, **options: Any) -> str:
    # Times are stored in UTC on SQLite; PostgreSQL would take the zone of the connection.
    times = compiler.process(day.clauses, **options)
    is_postgresql = compiler.dialect.name == "postgresql"
    return f"CAST(timezone('UTC', {times}) AS DATE)" if is_postgresql else f"date({times})"


def schools_to_remind(
    *, last_day: date, reminded_since: datetime, helplines: Mapping[str, Sequence[tuple[str, date]]]
) -> list[UUID]:
    """List the schools with a contact last confirmed by `last_day`, or an outdated helpline, not yet told.

    Schools without an open account, or reminded of anything since a time, are left out. `helplines` are the
    outdated ones by country: their keys, and when they were checked. Without an entry a school uses none.
    """
    found: set[UUID] = set()
    for query in (*_with_old_contact(last_day), *_with_old_helpline(helplines)):
        found.update(session.scalars(query))
    recently = select(NumberReminder.school_id).where(NumberReminder.reminded_at > reminded_since)
    found -= set(session.scalars(recently.distinct()))
    reachable = User.school_id.is_not(None), User.deactivated_at.is_(None)
    return sorted(found.intersection(session.scalars(select(User.school_id).where(*reachable))))


def _with_old_contact(last_day: date) -> Iterator[Select[UUID]]:
    """Yield a query of schools for each place in which a school enters a contact."""
    for name, kind in ENTRIES.items():
        key = literal(f"{name}.") + cast(kind.id, Text) + f".{CONTACT}"
        yield _old(kind, key, kind.contact, kind.added_at, last_day)
    for name in COVER:
        value, since = getattr(ReportingMechanism, name), ReportingMechanism.changed_at
        yield _old(ReportingMechanism, literal(f"cover.{name}"), value, since, last_day)


def _old(kind: Any, key: Any, value: Any, entered_at: Any, last_day: date) -> Select[UUID]:
    """Build the query of schools whose contact is dated by the confirmation of this value, or by its entry."""
    said = and_(
        FactConfirmation.school_id == kind.school_id,
        _same(FactConfirmation.key, key),
        FactConfirmation.value == value,
    )
    since = func.coalesce(FactConfirmation.confirmed_on, utc_day(entered_at))
    old = value.not_in(UNSAID), since <= last_day, ~_told(kind.school_id, key, since)
    return select(kind.school_id).outerjoin(FactConfirmation, said).where(*old)


def _with_old_helpline(
    helplines: Mapping[str, Sequence[tuple[str, date]]],
) -> Iterator[Select[UUID]]:
    describes = or_(*(exists().where(kind.school_id == School.id) for kind in ENTRIES.values()))
    for code, lines in helplines.items():
        untold = (~_told(School.id, literal(key), checked_on) for key, checked_on in lines)
        yield select(School.id).where(School.country_code == code, describes, or_(*untold))


def _told(school_id: Any, key: Any, since: Any) -> ColumnElement[bool]:
    return exists().where(
        NumberReminder.school_id == school_id,
        _same(NumberReminder.key, key),
        NumberReminder.confirmed_on == since,
    )


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    """Compare keys without hyphens: SQLite keeps ids without them."""
    return func.replace(one, "-", "") == func.replace(other, "-", "")
