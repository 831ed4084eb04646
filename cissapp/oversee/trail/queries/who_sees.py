"""Finds a thing with the doors (pages) that open it, and the people who may have access to it."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from cissapp.certify.certificates import queries as certificates
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.oversee.trail.rules.who_sees import NAMED_AT_MOST, SeenKind
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import school as find_school
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.documents import queries as documents
from cissapp.review.appeals import queries as appeals
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.queries.participation import barred_members
from cissapp.review.complaints import queries as complaints
from cissapp.review.independence.models import Mentoring
from cissapp.review.independence.queries.facts import mentorings_of_school
from cissapp.review.independence.queries.involvement import declarations_of, past_involvements
from cissapp.review.independence.rules.involvement import reasons_to_stay_closed
from cissapp.review.mentoring.models import MentorShare
from cissapp.review.messages import queries as messages
from cissapp.review.messages.models import MessageRecipient
from cissapp.review.reviews import queries as reviews

FOR_COUNTRY = (Role.MINISTRY, Role.REGION_OFFICER)


class Door(Struct, frozen=True):
    """A page that opens the thing, the object that the guard checks before it does, and whom the page still refuses."""

    endpoint: str
    thing: Any
    refused: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def case(self) -> Application | None:
        """The application whose contents are behind the page; None if there are none."""
        if isinstance(self.thing, Appeal):
            return self.thing.application
        return self.thing if isinstance(self.thing, Application) else None


class SeenThing(Struct, frozen=True):
    """A thing, its owner, the pages that open it, and people from elsewhere who are involved with it.

    `group_id` and `only_for_id` are needed by the scopes.
    """

    kind: SeenKind
    id: UUID
    name: str
    group_id: UUID
    only_for_id: UUID | None
    doors: tuple[Door, ...]
    school: School | None = None
    more_people: frozenset[UUID] = field(default_factory=frozenset)


def seen_thing(what: str, thing_id: UUID) -> SeenThing | None:
    """Find a thing of a kind; raise `Missing` for an unknown kind."""
    try:
        kind = SeenKind(what)
    except ValueError as unknown:
        raise Missing from unknown
    return _FINDERS[kind](thing_id)


def people_near(thing: SeenThing) -> list[User]:
    """List the open accounts that might have access to a thing, by role and name; one query."""
    near = [
        (User.role == Role.SECRETARIAT) & User.school_id.is_(None),
        User.group_id == thing.group_id,
        User.id.in_(thing.more_people),
    ]
    if thing.school:
        near += [
            User.school_id == thing.school.id,
            User.role.in_(FOR_COUNTRY)
            & User.school_id.is_(None)
            & (User.country_code == thing.school.country_code),
            (User.role == Role.GUEST)
            & User.school_id.is_(None)
            & User.guest_application_id.in_(
                select(Application.id).where(Application.school_id == thing.school.id)
            ),
        ]
    query = select(User).where(or_(*near), User.deactivated_at.is_(None))
    found = session.scalars(query.order_by(User.role, *BY_NAME).limit(NAMED_AT_MOST))
    return [person for person in found if person.is_active]


def closed_applications(
    thing: SeenThing, people: Collection[User], *, today: date
) -> dict[UUID, set[UUID]]:
    """Return for each person the applications behind the doors of a thing that are closed to them.

    They mentor the school or have a conflict of interest; a declaration that is only missing closes nothing.
    """
    found: dict[UUID, set[UUID]] = {one.id: set() for one in people}
    for of in dict.fromkeys(door.case for door in thing.doors if door.case):
        past = past_involvements(list(found), today=today, school_ids=[of.school_id])
        declared = declarations_of(of)
        for person_id, closed in found.items():
            own = past[person_id].involvement_of(of, declared.get(person_id))
            if reasons_to_stay_closed(own):
                closed.add(of.id)
    return found


def mentors_of(thing: SeenThing) -> list[str]:
    """List the names of present and past mentors of a thing's school, each once."""
    found = mentorings_of_school(thing.school.id) if thing.school else []
    return list(dict.fromkeys(one.person.name for one in found))


def _of_school(
    kind: SeenKind,
    key: UUID,
    school: School | None,
    doors: Collection[Door],
    *,
    more_people: Collection[UUID] = (),
    name: str | None = None,
) -> SeenThing | None:
    if school is None:
        return None
    return SeenThing(
        kind,
        key,
        name or school.name,
        school.group_id,
        school.only_for_id,
        tuple(doors),
        school,
        frozenset(more_people),
    )


def _school(key: UUID) -> SeenThing | None:
    found = find_school(key)
    return _of_school(SeenKind.SCHOOL, key, found, [Door("enrolment.show", found)])


def _application(key: UUID) -> SeenThing | None:
    found = reviews.application(key)
    heard = _appeals_of(key)
    doors = [
        Door("reviews.show", found),
        Door("reviews.guest", found),
        *(Door("appeals.hear", one, _who_cannot_hear(one)) for one in heard),
    ]
    return _of_school(SeenKind.APPLICATION, key, found.school, doors, more_people=_panel(heard))


def _appeals_of(application_id: UUID) -> list[Appeal]:
    query = select(Appeal).where(Appeal.application_id == application_id)
    return list(
        session.scalars(
            query.options(joinedload(Appeal.members)).order_by(Appeal.filed_at)
        ).unique()
    )


def _who_cannot_hear(of: Appeal) -> frozenset[UUID]:
    """Return the members who left the panel, and those to whom its page is closed for another reason."""
    left = {one.person_id for one in of.members if one.excused_at is not None}
    return frozenset(left | barred_members(of, today=clock.today()).keys())


def _panel(heard: Collection[Appeal]) -> list[UUID]:
    return [member.person_id for one in heard for member in one.members]


def _document(key: UUID) -> SeenThing | None:
    found = documents.document(key)
    if found is None:
        return None
    submitted = select(SubmittedVersion.submission_id).where(
        SubmittedVersion.version_id.in_([one.id for one in found.versions])
    )
    applications = session.scalars(
        select(Application).where(
            Application.id.in_(
                select(Submission.application_id).where(Submission.id.in_(submitted))
            )
        )
    )
    shown = list(
        session.scalars(
            select(Mentoring)
            .join(MentorShare, MentorShare.mentoring_id == Mentoring.id)
            .where(MentorShare.document_id == key)
        )
    )
    doors = [
        Door("documents.document", found),
        *(Door("reviews.document_file", one) for one in applications),
        *(Door("mentoring.document", one) for one in shown),
    ]
    mentors = [one.person_id for one in shown]
    school = find_school(found.school_id)
    return _of_school(SeenKind.DOCUMENT, key, school, doors, more_people=mentors, name=found.title)


def _certificate(key: UUID) -> SeenThing | None:
    found = certificates.certificate(key)
    if found is None:
        return None
    doors = [Door("certificates.show", found)]
    return _of_school(SeenKind.CERTIFICATE, key, found.school, doors, name=found.number)


def _complaint(key: UUID) -> SeenThing | None:
    found = complaints.complaint(key)
    if found is None:
        return None
    passed_on = complaints.complaint_passed_on(key)
    doors = [
        Door("complaints.case", found),
        *([Door("complaints.reply", passed_on)] if passed_on else []),
    ]
    return _of_school(SeenKind.COMPLAINT, key, find_school(found.school_id), doors)


def _appeal(key: UUID) -> SeenThing | None:
    found = appeals.appeal(key)
    if found is None:
        return None
    doors = [Door("appeals.case", found), Door("appeals.hear", found, _who_cannot_hear(found))]
    school = find_school(found.school_id)
    return _of_school(SeenKind.APPEAL, key, school, doors, more_people=_panel([found]))


def _message(key: UUID) -> SeenThing | None:
    found = messages.message(key)
    if found is None:
        return None
    query = select(MessageRecipient).where(
        MessageRecipient.message_id == key, MessageRecipient.queued_at.is_not(None)
    )
    received = list(
        session.scalars(query.order_by(MessageRecipient.queued_at).limit(NAMED_AT_MOST))
    )
    doors = [
        Door("messages.show", found),
        *(Door("messages.read", one) for one in received),
    ]
    written: list[dict[str, Any]] = list(found.texts.values())
    subject = written[0]["subject"] if written else ""
    readers = frozenset(one.user_id for one in received)
    return SeenThing(
        SeenKind.MESSAGE, key, subject, found.group_id, None, tuple(doors), more_people=readers
    )


def _visit(key: UUID) -> SeenThing | None:
    found = reviews.application(key)
    return _of_school(SeenKind.VISIT, key, found.school, [Door("visits.show", found)])


_FINDERS: dict[SeenKind, Callable[[UUID], SeenThing | None]] = {
    SeenKind.SCHOOL: _school,
    SeenKind.APPLICATION: _application,
    SeenKind.DOCUMENT: _document,
    SeenKind.CERTIFICATE: _certificate,
    SeenKind.COMPLAINT: _complaint,
    SeenKind.APPEAL: _appeal,
    SeenKind.MESSAGE: _message,
    SeenKind.VISIT: _visit,
}
