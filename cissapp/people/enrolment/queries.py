"""Reads for enrolment: invitations, history, accounts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import CompoundSelect, func, or_, select
from sqlalchemy.orm import joinedload

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, oldest_page, shown_page, start_at
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.queries import BY_NAME, MOST_WORDS, name_has, names_of
from cissapp.people.accounts.rules import Duty, fold_address
from cissapp.people.enrolment.rules import SCHOOL_EVENTS
from cissapp.people.notices.models import BouncedAddress
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries import tallies
from cissapp.people.schools.queries.kept_figures import DatedFigures, kept_or_new
from cissapp.people.schools.rules import KeptKind

HISTORY_LINES = 100
# People on a page.
STAFF_AT_ONCE = 50
INVITATIONS_AT_ONCE = 50


class TrailLine(Struct, frozen=True):
    """A line of the audit trail as a page shows it; without a name, the system acted."""

    at: datetime
    event: Event
    who: str | None
    role: Role | None
    school: str | None


class AccountCounts(Struct, frozen=True):
    """How many accounts are open, and how many invitations wait."""

    people: int
    invitations: int


class ProgrammeCounts(Struct, frozen=True):
    """The size of the programme; a large one shows its accounts as they were last counted."""

    countries: int
    groups: int
    schools: int
    accounts: DatedFigures[AccountCounts]


def invitation_of_school(school: School, invitation_id: UUID) -> Invitation | None:
    """Find a pending invitation of a school."""
    found = session.get(Invitation, invitation_id)
    return found if found and found.school_id == school.id and _waits(found) else None


def open_invitation_of(school: School, email: str, at: datetime) -> Invitation | None:
    """Find the invitation to an address that a new one of the same school replaces."""
    query = select(Invitation).where(
        Invitation.school_id == school.id,
        Invitation.email == fold_address(email),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )
    return session.scalar(query)


def lacks_head(school: School, at: datetime) -> bool:
    """Return whether a school has no head with an open account, and has invited none."""
    head = select(User.id).where(
        User.school_id == school.id, User.duty == Duty.HEAD, User.deactivated_at.is_(None)
    )
    invited = select(Invitation.id).where(
        Invitation.school_id == school.id,
        Invitation.duty == Duty.HEAD,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )
    return not session.scalar(select(or_(head.exists(), invited.exists())))


def staff_invitation(invitation_id: UUID) -> Invitation | None:
    """Find a pending invitation of somebody outside a school."""
    found = session.get(Invitation, invitation_id)
    return found if found and found.school_id is None and _waits(found) else None


def _waits(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and invitation.revoked_at is None


def staff_invitations(place: PagePlace | None = None) -> KeyPage[Invitation]:
    """Return a page of the pending invitations of people outside schools, with their groups, the oldest first."""
    query = select(Invitation).where(
        # Means outside a school. An index finds these quickly among the invitations of all schools.
        Invitation.school_id.is_(None),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    keys = (Invitation.invited_at, Invitation.id)
    return oldest_page(query, keys, place, size=INVITATIONS_AT_ONCE, read=_with_groups)


def _with_groups(ids: list[UUID]) -> Iterable[Invitation]:
    query = select(Invitation).where(Invitation.id.in_(ids))
    return session.scalars(query.options(joinedload(Invitation.group)))


# Closed accounts last.
STAFF_ORDER = (User.deactivated_at.is_not(None), User.role, *BY_NAME)


def staff_page(search: str = "", place: PagePlace | None = None) -> KeyPage[User]:
    """Return a page of people outside schools, with their groups; the first page if the place is gone.

    Every word of the search must be in the person's name or address.
    """
    words = [
        or_(name_has(word), User.email.icontains(word, autoescape=True))
        for word in search.split()[:MOST_WORDS]
    ]
    query = select(User).where(User.school_id.is_(None), *words)
    return shown_page(
        query.options(joinedload(User.group)),
        STAFF_ORDER,
        size=STAFF_AT_ONCE,
        fetch=session.scalars,
        name=lambda user: user.id,
        start=start_at(STAFF_ORDER, place),
    )


def bounced_of_school(school_id: UUID) -> dict[str, BouncedAddress]:
    """Find the addresses of a school's people and invitations at which mail bounces."""
    people = select(User.email).where(User.school_id == school_id)
    invited = select(Invitation.email).where(Invitation.school_id == school_id)
    return _bounced(people.union(invited))


def bounced_among(addresses: Iterable[str]) -> dict[str, BouncedAddress]:
    """Find which of the addresses bounce mail."""
    return _bounced(list(addresses))


def _bounced(addresses: CompoundSelect[Any] | list[str]) -> dict[str, BouncedAddress]:
    query = select(BouncedAddress).where(BouncedAddress.address.in_(addresses))
    return {one.address: one for one in session.scalars(query)}


# --- what happened ---------------------------------------------------------------------------


def school_history(school: School) -> list[TrailLine]:
    """List what happened to a school and to those merged into it, newest first."""
    # Queried first: with a subquery here, PostgreSQL would read the audit trail of the whole country.
    merged = list(session.scalars(select(School.id).where(School.merged_into_id == school.id)))
    query = select(AuditEntry).where(
        AuditEntry.school_id.in_([school.id, *merged]), AuditEntry.event.in_(SCHOOL_EVENTS)
    )
    return _trail_lines(session.scalars(query.order_by(AuditEntry.id.desc()).limit(HISTORY_LINES)))


def _trail_lines(found: Iterable[AuditEntry]) -> list[TrailLine]:
    entries = list(found)
    people = names_of(User, {entry.actor_id for entry in entries})
    places = names_of(School, {entry.school_id for entry in entries})
    return [
        TrailLine(
            entry.at,
            entry.event,
            people.get(entry.actor_id),
            entry.actor_role,
            places.get(entry.school_id),
        )
        for entry in entries
    ]


# --- the programme ---------------------------------------------------------------------------


def counts() -> ProgrammeCounts:
    """Count countries, groups and schools, with the accounts and invitations of all of them."""
    return ProgrammeCounts(
        countries=len(schools.countries()),
        groups=len(schools.groups()),
        schools=tallies.schools_in_all(),
        accounts=kept_or_new(KeptKind.ACCOUNTS, None, AccountCounts, count_accounts),
    )


def count_accounts() -> AccountCounts:
    """Count open accounts and invitations that wait."""
    people = select(func.count(User.id)).where(User.deactivated_at.is_(None))
    invitations = select(func.count(Invitation.id)).where(
        Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return AccountCounts(session.scalar(people) or 0, session.scalar(invitations) or 0)


def groups_by_country() -> dict[str, list[NationalGroup]]:
    """List the national groups that cover each country of the programme."""
    found: dict[str, list[NationalGroup]] = {country.code: [] for country in schools.countries()}
    for group in schools.groups():
        for code in group.country_codes:
            found[code].append(group)
    return found


def groups_without_coordinator(at: datetime) -> list[NationalGroup]:
    """List the national groups that have no coordinator with an open account, and have invited none."""
    people = select(User.group_id).where(
        User.role == Role.COORDINATOR, User.deactivated_at.is_(None)
    )
    invited = select(Invitation.group_id).where(
        Invitation.role == Role.COORDINATOR,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )
    led = set(session.scalars(people.union(invited)))
    return [group for group in schools.groups() if group.id not in led]
