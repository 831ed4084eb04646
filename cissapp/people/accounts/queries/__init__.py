"""Reads of people, sessions and invitations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, func, or_, select, true
from sqlalchemy.orm import joinedload, undefer

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import Statement, look_up, read_rows
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, shown_page, start_at
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, PasswordReset, User, UserSession
from cissapp.people.accounts.rules import (
    SCHOOL_ABSOLUTE,
    Duty,
    PersonFacts,
    ReaderFacts,
    fold_address,
    idle_and_absolute,
)
from cissapp.people.schools.models import School

# As people read names: databases put "Ірина" before "Андрій".
BY_NAME = (User.name_key, User.id)


def person(user_id: UUID) -> User | None:
    """Find a person by id."""
    return session.get(User, user_id)


def names_of(kind: type[User | School], ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of people or schools by their IDs; missing ones are left out."""
    rows = session.execute(select(kind.id, kind.name).where(kind.id.in_(set(ids) - {None})))
    return {row[0]: row[1] for row in rows}


# A search reads so many words: SQLite limits how deep a condition may be.
MOST_WORDS = 6


def name_has_words(text: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a person's name has each word of a search."""
    return [name_has(word) for word in text.split()[:MOST_WORDS]]


def name_has(word: str) -> ColumnElement[bool]:
    """Return the condition that a person's name has a word.

    SQLite knows the capitals of the Latin letters only, so the usual ways to write a word are named.
    """
    written = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(User.name.icontains(one, autoescape=True) for one in sorted(written)))


def person_by_email(email: str) -> User | None:
    """Find a person by address, however it is spelt."""
    return session.scalar(select(User).where(User.email == fold_address(email)))


# Runs with every request, so it is built once; the school is loaded because pages show its name.
_OPEN_SESSION = (
    select(UserSession)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.closed_at.is_(None),
        UserSession.confirmed_at.is_not(None),
    )
    .options(
        joinedload(UserSession.user).options(joinedload(User.school), undefer(User.unread_notices))
    )
)


def open_session(token: str) -> UserSession | None:
    """Find a session that is neither closed nor lacks a proof, with its person and their school."""
    return session.scalar(_OPEN_SESSION, {"token_hash": hash_of(token)})


def unconfirmed_session(token: str) -> UserSession | None:
    """Find a session that is not closed but still needs the second proof."""
    return session.scalar(
        select(UserSession).where(
            UserSession.token_hash == hash_of(token),
            UserSession.closed_at.is_(None),
            UserSession.confirmed_at.is_(None),
        )
    )


def sessions_of(user_id: UUID, *, at: datetime) -> list[UserSession]:
    """List a person's sessions that may still be open, newest first, including those that lack a proof."""
    query = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.closed_at.is_(None),
        UserSession.opened_at > at - SCHOOL_ABSOLUTE,
    )
    found = session.scalars(query.order_by(UserSession.opened_at.desc()))
    return [one for one in found if at - one.opened_at <= idle_and_absolute(one.user.role)[1]]


def own_session(session_id: UUID, actor: Actor) -> UserSession | None:
    """Find a session by its id, if it is the person's own."""
    found = session.get(UserSession, session_id)
    return found if found and found.user_id == actor.id else None


def devices_of(user_id: UUID) -> dict[str, datetime]:
    """Return when a person last used each kind of device."""
    query = (
        select(UserSession.device, func.max(UserSession.seen_at))
        .where(UserSession.user_id == user_id)
        .group_by(UserSession.device)
    )
    return {row.device: row[1] for row in session.execute(query)}


_SESSION_FACTS: Statement = (
    select(
        UserSession.id,
        UserSession.opened_at,
        UserSession.seen_at,
        UserSession.confirmed_at,
        User.ends_at,
        *(getattr(User, name) for name in PersonFacts.__struct_fields__),
    )
    .join(UserSession.user)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.closed_at.is_(None),
        UserSession.confirmed_at.is_not(None),
        User.deactivated_at.is_(None),
    )
)
_FACTS = len(_SESSION_FACTS.selected_columns)
# The added columns come last, as in `ReaderFacts`.
_READER_FACTS = _SESSION_FACTS.add_columns(User.unread_notices, School.name).join(User.school)


class SessionFacts(Struct, frozen=True):
    """A session that is not closed, and what is known of its person without their row."""

    id: UUID
    opened_at: datetime
    seen_at: datetime
    confirmed_at: datetime
    ends_at: datetime | None
    person: PersonFacts


class FactsAndRow(Struct, frozen=True):
    """The facts of a session, unless it is closed, and the row that was requested with them, if any."""

    facts: SessionFacts | None = None
    row: Sequence[Any] | None = None


def with_facts(statement: Statement) -> Statement:
    """Build a statement that finds the facts of a session and, beside them, the row of another statement."""
    beside = statement.subquery("beside")
    return _SESSION_FACTS.add_columns(*beside.columns).outerjoin(beside, true())


def session_facts(token: str, statement: Statement, values: dict[str, Any]) -> FactsAndRow:
    """Find the facts of a session and the row beside them, if neither session nor account is closed."""
    found = look_up(statement, {**values, "token_hash": hash_of(token)})
    if not found:
        return FactsAndRow()
    row = found[0][_FACTS:]
    return FactsAndRow(_facts(found[0][:_FACTS], PersonFacts), None if row[0] is None else row)


def reader_facts(token: str) -> SessionFacts | None:
    """Find the same for a person of a school, with what pages show of them; None for anybody else."""
    found = read_rows(_READER_FACTS, {"token_hash": hash_of(token)})
    return _facts(found[0], ReaderFacts) if found else None


def _facts(row: Sequence[Any], kind: type[PersonFacts]) -> SessionFacts:
    session_id, opened_at, seen_at, confirmed_at, ends_at, *person = row
    return SessionFacts(session_id, opened_at, seen_at, confirmed_at, ends_at, kind(*person))


def invitation_by_token(token: str) -> Invitation | None:
    """Find an invitation by the secret of its link."""
    return session.scalar(select(Invitation).where(Invitation.token_hash == hash_of(token)))


_UNANSWERED = Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)


def guest_invitations(application_id: UUID) -> dict[str, Invitation]:
    """Map the addresses of the guests of a case who have not joined to their invitations."""
    query = select(Invitation).where(
        Invitation.school_id.is_(None),  # for its index
        Invitation.guest_application_id == application_id,
        *_UNANSWERED,
    )
    return {one.email: one for one in session.scalars(query)}


def reset_by_token(token: str) -> PasswordReset | None:
    """Find a password reset by the secret of its link."""
    return session.scalar(select(PasswordReset).where(PasswordReset.token_hash == hash_of(token)))


_OF_SCHOOL = (
    select(User)
    .where(User.school_id == bindparam("school_id"), User.deactivated_at.is_(None))
    .order_by(User.joined_at)
)


def people_of_school(school_id: UUID) -> list[User]:
    """List the open accounts of a school, the head first."""
    found = session.scalars(_OF_SCHOOL, {"school_id": school_id})
    return sorted(found, key=_place)


PEOPLE_AT_ONCE = 50
_RANKS = {duty: place for place, duty in enumerate(Duty)}
_RANK = case(_RANKS, value=User.duty, else_=_RANKS[Duty.DEPUTY])


def people_page(school_id: UUID, place: PagePlace | None = None) -> KeyPage[User]:
    """Return a page of the open accounts of a school, in the order of `people_of_school`."""
    query = select(User).where(User.school_id == school_id, User.deactivated_at.is_(None))
    keys = (_RANK, User.joined_at, User.id)
    return shown_page(
        query,
        keys,
        size=PEOPLE_AT_ONCE,
        fetch=session.scalars,
        name=lambda one: one.id,
        start=start_at(keys, place, among=query),
    )


def people_of_schools(school_ids: Collection[UUID]) -> dict[UUID, list[User]]:
    """Return the open accounts of each of these schools, the head first; a school without any is left out."""
    query = select(User).where(User.school_id.in_(school_ids), User.deactivated_at.is_(None))
    found: dict[UUID, list[User]] = {}
    for one in sorted(session.scalars(query.order_by(User.joined_at)), key=_place):
        if one.school_id is not None:
            found.setdefault(one.school_id, []).append(one)
    return found


class MemberFacts(NamedTuple):
    """A person of a school, as lists of its people know them."""

    id: UUID
    name: str
    duty: Duty | None


_MEMBERS = (
    select(User.id, User.name, User.duty)
    .where(User.school_id == bindparam("school_id"), User.deactivated_at.is_(None))
    .order_by(User.joined_at, User.id)
)


def members_of_school(school_id: UUID) -> list[MemberFacts]:
    """List the people of a school in the order of `people_of_school`, without loading their full rows."""
    found = [MemberFacts(*row) for row in read_rows(_MEMBERS, {"school_id": school_id})]
    return sorted(found, key=_place)


def members_of_schools(school_ids: Collection[UUID]) -> dict[UUID, list[MemberFacts]]:
    """Return what `members_of_school` lists of each of these schools; a school without any is left out."""
    query = select(User.school_id, User.id, User.name, User.duty)
    query = query.where(User.school_id.in_(school_ids), User.deactivated_at.is_(None))
    found: dict[UUID, list[MemberFacts]] = {}
    rows = session.execute(query.order_by(User.joined_at, User.id))
    for school_id, person_id, name, duty in rows:
        if school_id is not None:
            found.setdefault(school_id, []).append(MemberFacts(person_id, name, duty))
    return {school_id: sorted(people, key=_place) for school_id, people in found.items()}


def count_of_school(school_id: UUID) -> int:
    """Count the open accounts of a school."""
    query = select(func.count()).where(User.school_id == school_id, User.deactivated_at.is_(None))
    return session.scalar(query) or 0


def _place(one: User | MemberFacts) -> int:
    """Return the rank of a person in their school: the head comes first."""
    return _RANKS[one.duty or Duty.DEPUTY]


def coordinators_of_group(group_id: UUID) -> list[User]:
    """List the open accounts of the coordinators of a national group."""
    query = select(User).where(
        User.group_id == group_id,
        User.role == Role.COORDINATOR,
        User.deactivated_at.is_(None),
    )
    return list(session.scalars(query.order_by(*BY_NAME)))


def secretariat() -> list[User]:
    """List the open accounts of the secretariat."""
    query = select(User).where(
        User.role == Role.SECRETARIAT, User.school_id.is_(None), User.deactivated_at.is_(None)
    )
    return list(session.scalars(query.order_by(*BY_NAME)))


def invitations_of_school(school_id: UUID) -> list[Invitation]:
    """List the invitations of a school that wait for an answer."""
    query = select(Invitation).where(Invitation.school_id == school_id, *_UNANSWERED)
    return list(session.scalars(query.order_by(Invitation.invited_at)))
