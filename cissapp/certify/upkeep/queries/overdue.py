"""Reads of what is overdue at a group's certified schools: the most urgent, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, exists, or_, select

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep import queries
from cissapp.certify.upkeep.models import QuorumGap, YearConfirmation
from cissapp.certify.upkeep.rules.days import MONTHS, ConfirmationWindow, overdue_window
from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School

# As many as a person can look into: more come up once these are settled.
SHOWN = 50


class ListedGap(Struct, frozen=True):
    """A school with too few trained people: since when the group was asked, and the end of an open deadline."""

    school_id: UUID
    school_name: str
    asked_at: datetime | None
    due_on: date | None


def gaps_of_group(person: Actor) -> list[ListedGap]:
    """List the open gaps that a person may know of, the longest first."""
    query: Any = (
        select(QuorumGap.school_id, School.name, QuorumGap.asked_at, Deadline.due_on)
        .join(School, School.id == QuorumGap.school_id)
        .outerjoin(
            Deadline,
            and_(
                Deadline.kind == DeadlineKind.QUORUM,
                Deadline.subject_id == QuorumGap.id,
                Deadline.met_at.is_(None),
            ),
        )
        .where(QuorumGap.ended_at.is_(None))
        .order_by(QuorumGap.lost_at, QuorumGap.id)
        .limit(SHOWN)
    )
    seen = visible(query, QuorumGap, person, Permission.CERTIFICATE_READ)
    return [ListedGap(*row) for row in session.execute(seen)]


def unconfirmed_of_group(
    person: Actor, content: Content, today: date
) -> list[tuple[School, ConfirmationWindow]]:
    """List schools with an overdue confirmation that a person may see, each with its window.

    Schools whose certificates end first come first, since their years began first.
    """
    ids = list(_school_ids(person, content, today))
    holders = {one.school.id: one for one in queries.holders_of(ids, today)}
    confirmed = _confirmed_years([one.certificate.id for one in holders.values()])
    found = []
    for school_id in ids:
        holder = holders.get(school_id)
        if holder is None:
            continue
        certificate = holder.certificate
        windows = queries.windows_of(certificate, content)
        missed = overdue_window(windows, confirmed[certificate.id], today)
        if missed:
            found.append((holder.school, missed))
    return found


def _school_ids(person: Actor, content: Content, today: date) -> Iterator[UUID]:
    """Yield at most 50 schools with a window that closed unconfirmed, in order of expiry.

    Each standing is queried separately, so that the index gives this order and the database can stop early.
    """
    found: list[tuple[date | None, UUID]] = []
    for standing in queries.HOLDING_CERTIFICATE:
        query: Any = (
            select(School.valid_until_on, School.id)
            .join(Certificate, Certificate.school_id == School.id)
            .where(
                School.standing == standing,
                School.valid_until_on >= today,
                Certificate.valid_from_on <= today,
                Certificate.valid_until_on >= today,
                Certificate.publication.has(),
                _misses_a_year(content, today),
            )
        )
        seen = visible(query, School, person, Permission.CERTIFICATE_READ)
        rows = session.execute(seen.order_by(School.valid_until_on, School.id).limit(SHOWN))
        found += [(until, school_id) for until, school_id in rows]
    found.sort(key=lambda pair: (pair[0] or today, str(pair[1])))
    yield from dict.fromkeys(school_id for _, school_id in found[:SHOWN])


def _misses_a_year(content: Content, today: date) -> ColumnElement[bool]:
    """Return the condition that a window of a certificate has closed and its year is not confirmed."""
    decision = content.standard.decision
    days = decision.upkeep.confirm_days
    # A window closes this many days after its anniversary.
    anniversary_before = today - timedelta(days=days - days // 2 - 1)
    years = range(1, decision.validity.months_max // MONTHS + 1)
    return or_(
        *(
            and_(
                Certificate.valid_from_on < months_after(anniversary_before, -MONTHS * year),
                ~exists().where(
                    YearConfirmation.certificate_id == Certificate.id,
                    YearConfirmation.year == year,
                ),
            )
            for year in years
        )
    )


def _confirmed_years(certificate_ids: Collection[UUID]) -> dict[UUID, set[int]]:
    """Return the years of each of these certificates that were confirmed."""
    rows = session.execute(
        select(YearConfirmation.certificate_id, YearConfirmation.year).where(
            YearConfirmation.certificate_id.in_(certificate_ids)
        )
    )
    found: dict[UUID, set[int]] = defaultdict(set)
    for certificate_id, year in rows:
        found[certificate_id].add(year)
    return found
