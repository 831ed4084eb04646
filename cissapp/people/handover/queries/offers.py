"""Reads of the people from whom one is chosen: the first by name, and others by a search."""

from uuid import UUID

from sqlalchemy import Select, select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME, name_has_words
from cissapp.people.accounts.rules import Duty

# The number of people to choose from at once; others are found by a search.
PEOPLE_AT_ONCE = 25


def reviewers_of_group(group_id: UUID) -> list[User]:
    """List the open accounts of the reviewers of a national group."""
    return list(session.scalars(_reviewers(group_id).order_by(*BY_NAME)))


def reviewer_of_group(group_id: UUID, person_id: UUID | None) -> User | None:
    """Find one of these accounts."""
    return session.scalar(_reviewers(group_id).where(User.id == person_id))


def reviewers_offered(group_id: UUID, *, name: str, chosen: UUID | None) -> tuple[list[User], bool]:
    """Return the first of these accounts by name, and whether there are more; the chosen one is among them."""
    return _offered(_reviewers(group_id), name, chosen)


def heads_of_school(school_id: UUID) -> list[User]:
    """List the open accounts of the heads of a school, the oldest first."""
    heads = _people(school_id).where(User.duty == Duty.HEAD)
    return list(session.scalars(heads.order_by(User.joined_at, User.id)))


def colleagues_offered(
    school_id: UUID, *, name: str, chosen: UUID | None
) -> tuple[list[User], bool]:
    """Return the first of a school's other people by name, and whether there are more; the chosen one is among them."""
    others = _people(school_id).where(User.duty.is_distinct_from(Duty.HEAD))
    return _offered(others, name, chosen)


def _offered(among: Select[User], name: str, chosen: UUID | None) -> tuple[list[User], bool]:
    query = among.where(*name_has_words(name)).order_by(*BY_NAME).limit(PEOPLE_AT_ONCE + 1)
    found = list(session.scalars(query))
    are_more, shown = len(found) > PEOPLE_AT_ONCE, found[:PEOPLE_AT_ONCE]
    also = session.scalar(among.where(User.id == chosen)) if chosen else None
    if also and also not in shown:
        shown.append(also)
    return shown, are_more


def _reviewers(group_id: UUID) -> Select[User]:
    return select(User).where(
        User.group_id == group_id, User.role == Role.REVIEWER, User.deactivated_at.is_(None)
    )


def _people(school_id: UUID) -> Select[User]:
    return select(User).where(User.school_id == school_id, User.deactivated_at.is_(None))
