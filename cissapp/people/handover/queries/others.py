"""Finds what an act is about, and who is to be notified of it."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school, secretariat
from cissapp.people.handover.rules.powers import Others
from cissapp.people.schools.models import NationalGroup, School


class Concerned(Struct, frozen=True):
    """What an act is about: its name, the school and the group, the person."""

    name: str
    school: School | None = None
    group_id: UUID | None = None
    person: User | None = None


def concerned_of(subject: Any, school_id: UUID | None) -> Concerned:
    """Find what an audit trail entry is about; the subject is a row, or a pair of kind and id."""
    school = session.get(School, school_id) if school_id else None
    group_id = school.group_id if school else None
    if isinstance(subject, tuple):
        return Concerned(str(subject[1]), school, group_id)
    if isinstance(subject, NationalGroup):
        return Concerned(subject.name, group_id=subject.id)
    person = subject if isinstance(subject, User) else None
    own_name = getattr(subject, "name", None) or getattr(subject, "code", "")
    name = school.name if school and not person else own_name
    return Concerned(str(name), school, group_id or getattr(subject, "group_id", None), person)


def others_of(kinds: Collection[Others], about: Concerned, but: UUID | None) -> list[User]:
    """List the people to notify of an act, each once, without the person who did it.

    The person whose account it is about is left out unless the table names them: another mail tells them.
    """
    about_whom = about.person.id if about.person and Others.PERSON not in kinds else None
    found = {
        person.id: person
        for kind in sorted(kinds)
        for person in _FINDERS[kind](about)
        if person.id not in {but, about_whom}
    }
    return sorted(found.values(), key=lambda person: (person.name_key, person.id))


def _of_group(about: Concerned) -> list[User]:
    return coordinators_of_group(about.group_id) if about.group_id else []


def _of_school(about: Concerned) -> list[User]:
    return people_of_school(about.school.id) if about.school else []


def _coordinators(_about: Concerned) -> list[User]:
    query = select(User).where(
        User.role == Role.COORDINATOR, User.school_id.is_(None), User.deactivated_at.is_(None)
    )
    return list(session.scalars(query))


def _person(about: Concerned) -> list[User]:
    return [about.person] if about.person else []


_FINDERS: dict[Others, Callable[[Concerned], list[User]]] = {
    Others.SECRETARIAT: lambda _about: secretariat(),
    Others.GROUP: _of_group,
    Others.COORDINATORS: _coordinators,
    Others.SCHOOL: _of_school,
    Others.PERSON: _person,
}
