"""Reads of the letterheads of national groups."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import GroupLogo, Letterhead, NationalGroup, School
from cissapp.people.schools.rules import GroupContact, lines_of


def letterhead(group_id: UUID) -> Letterhead | None:
    """Find what a group has on its letterhead; None, if it has entered nothing yet."""
    return session.get(Letterhead, group_id)


def group_of_school(school_id: UUID) -> GroupContact:
    """Return the national group of a school and the address that it has entered for letters."""
    query = (
        select(NationalGroup.name, Letterhead.address)
        .join(School, School.group_id == NationalGroup.id)
        .outerjoin(Letterhead, Letterhead.group_id == NationalGroup.id)
        .where(School.id == school_id)
    )
    name, address = session.execute(query).one()
    return GroupContact(name, lines_of(address or ""))


def logo_in_use(sha256: str) -> GroupLogo | None:
    """Find a logo by its hash, if a group has it on its current letterhead."""
    return session.scalar(
        select(GroupLogo)
        .join(Letterhead, Letterhead.logo_sha256 == GroupLogo.sha256)
        .where(GroupLogo.sha256 == sha256)
        .limit(1)
    )
