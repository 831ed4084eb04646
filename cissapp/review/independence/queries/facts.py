"""Reads of the facts behind possible conflicts, of mentorings, absences, exceptions and guests."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.pages import KeyPage, PagePlace, newest_page, shown_page, start_at
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import (
    BY_NAME,
    guest_invitations,
    name_has_words,
    people_of_school,
    person,
)
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson
from cissapp.review.independence.models import Absence, Background, GuestPass, Mentoring, Waiver
from cissapp.review.independence.queries.assignments import group_members
from cissapp.review.independence.queries.involvement import application
from cissapp.review.independence.rules.possible_conflicts import (
    PersonDetails,
    SchoolDetails,
    find_possible_conflicts,
)
from cissapp.review.independence.rules.terms import mentoring_counts

EXCEPTIONS_SHOWN = 200
# The number of people of a group on a page.
PEOPLE_AT_ONCE = 25
# The number of mentorings of a person on a page.
MENTORINGS_AT_ONCE = 50


def members(group_id: UUID | None, *, within: Collection[UUID] | None = None) -> list[User]:
    """List the active people who review for a group, or those in `within`, sorted by name."""
    query = group_members(group_id, User)
    query = query if within is None else query.where(User.id.in_(within))
    return list(session.scalars(query.order_by(*BY_NAME)))


def is_member(group_id: UUID | None, person_id: UUID) -> bool:
    """Return whether a person is active and reviews for a group."""
    return session.scalar(group_members(group_id, User.id).where(User.id == person_id)) is not None


def member_names(group_id: UUID | None) -> dict[UUID, str]:
    """Return the names of the same people by id, sorted; much faster in a large group than loading the accounts."""
    query = group_members(group_id, User.id, User.name).order_by(*BY_NAME)
    return {one.id: one.name for one in session.execute(query)}


def members_page(
    group_id: UUID | None, *, name: str = "", place: PagePlace | None = None
) -> KeyPage[User]:
    """Return a page of the same people, filtered by words of the name; an outdated `place` is ignored."""
    return shown_page(
        group_members(group_id, User).where(*name_has_words(name)),
        BY_NAME,
        size=PEOPLE_AT_ONCE,
        fetch=session.scalars,
        name=lambda user: user.id,
        start=start_at(BY_NAME, place, among=select(User).where(User.group_id == group_id)),
    )


def members_offered(
    group_id: UUID | None, *, name: str, chosen: UUID | None
) -> tuple[list[User], bool]:
    """Return the first people by name to choose from, and whether there are more; the chosen one is among them."""
    found = members_page(group_id, name=name)
    is_missing = all(one.id != chosen for one in found.rows)
    also = members(group_id, within=[chosen]) if chosen and is_missing else []
    return [*found.rows, *also], bool(found.later)


def background_of(person_id: UUID | None) -> Background | None:
    """Find what a person has stated for possible conflicts."""
    return session.get(Background, person_id) if person_id else None


def school_details(school: School) -> SchoolDetails:
    """Gather what is known about a school and its people, to find possible conflicts."""
    contacts = [
        *session.scalars(
            select(ReportingPerson.contact).where(ReportingPerson.school_id == school.id)
        ),
        *session.scalars(
            select(ReportingChannel.contact).where(ReportingChannel.school_id == school.id)
        ),
    ]
    emails = [one.email for one in people_of_school(school.id)]
    return SchoolDetails(school.name, school.locality, emails, contacts)


def person_details(user: User, stated: Background | None) -> PersonDetails:
    """Gather what is known about a person, to find possible conflicts."""
    if stated is None:
        return PersonDetails(user.email)
    return PersonDetails(user.email, stated.employer, stated.locality, stated.phone)


def possible_conflicts_for(of: Application, person_id: UUID) -> list[Problem]:
    """List the possible conflicts of interest between a person and the school of an application."""
    user = person(person_id)
    if user is None:
        raise Missing
    return find_possible_conflicts(
        person_details(user, background_of(person_id)), school_details(of.school)
    )


def possible_conflicts_by_person(
    of: Application, users: Collection[User]
) -> dict[UUID, list[Problem]]:
    """List the possible conflicts of interest between people and the school of an application, by person."""
    facts = school_details(of.school)
    query = select(Background).where(Background.person_id.in_([one.id for one in users]))
    stated = {one.person_id: one for one in session.scalars(query)}
    return {
        one.id: find_possible_conflicts(person_details(one, stated.get(one.id)), facts)
        for one in users
    }


def waivers_of(of: Application) -> list[Waiver]:
    """List the exceptions of a case, the oldest first."""
    query = select(Waiver).where(Waiver.application_id == of.id).order_by(Waiver.recorded_at)
    return list(
        session.scalars(query.options(joinedload(Waiver.person), joinedload(Waiver.recorded_by)))
    )


def exceptions() -> list[Waiver]:
    """List the newest exceptions of the whole programme."""
    query = (
        select(Waiver)
        .options(
            joinedload(Waiver.person),
            joinedload(Waiver.recorded_by),
            joinedload(Waiver.application).joinedload(Application.school).joinedload(School.group),
        )
        .order_by(Waiver.recorded_at.desc())
        .limit(EXCEPTIONS_SHOWN)
    )
    return list(session.scalars(query))


def mentorings_of_school(school_id: UUID) -> list[Mentoring]:
    """List the mentorings of a school, the newest first."""
    query = select(Mentoring).where(Mentoring.school_id == school_id)
    ordered = query.order_by(Mentoring.from_on.desc(), Mentoring.id)
    return list(session.scalars(ordered.options(joinedload(Mentoring.person))))


def mentorings_page(person_id: UUID, place: PagePlace | None = None) -> KeyPage[Mentoring]:
    """Return a page of the mentorings of a person, the newest first."""
    query = select(Mentoring).where(Mentoring.person_id == person_id)
    query = query.options(joinedload(Mentoring.school))
    return newest_page(query, (Mentoring.from_on, Mentoring.id), place, size=MENTORINGS_AT_ONCE)


def current_mentorings_of(person_id: UUID) -> list[Mentoring]:
    """List the mentorings of a person that last."""
    query = select(Mentoring).where(Mentoring.person_id == person_id, Mentoring.to_on.is_(None))
    return list(session.scalars(query.order_by(Mentoring.from_on.desc(), Mentoring.id)))


def present_mentors(school_id: UUID, *, today: date) -> set[UUID]:
    """Return the ids of those who mentor a school, or did so lately enough to count."""
    query = select(Mentoring).where(Mentoring.school_id == school_id)
    return {one.person_id for one in session.scalars(query) if mentoring_counts(one.to_on, today)}


def mentoring_by_id(mentoring_id: UUID) -> Mentoring | None:
    """Find a mentoring, with its school and its person."""
    query = select(Mentoring).where(Mentoring.id == mentoring_id)
    loaded = query.options(joinedload(Mentoring.school), joinedload(Mentoring.person))
    return session.scalar(loaded)


def mentoring(school: School, mentoring_id: UUID) -> Mentoring:
    """Find a mentoring of a school; raise `Missing` if it belongs to another one."""
    found = session.get(Mentoring, mentoring_id)
    if found is None or found.school_id != school.id:
        raise Missing
    return found


def absence(absence_id: UUID) -> Absence | None:
    """Find an absence."""
    return session.get(Absence, absence_id)


def absences_of(person_ids: Collection[UUID], since: date) -> list[Absence]:
    """List the absences of people that have not ended by a date, the earliest first."""
    query = select(Absence).where(Absence.person_id.in_(person_ids), Absence.to_on >= since)
    return list(session.scalars(query.order_by(Absence.from_on, Absence.id)))


def guests_of(of: Application) -> list[GuestPass]:
    """List the guests of a case, the newest first."""
    query = select(GuestPass).where(GuestPass.application_id == of.id)
    return list(session.scalars(query.order_by(GuestPass.invited_at.desc())))


def open_pass_in_group(of: Application, email: str, *, at: datetime) -> GuestPass | None:
    """Find the pass of an address for another case of the same group that is not over."""
    query = (
        select(GuestPass)
        .join(Application, Application.id == GuestPass.application_id)
        .join(School, School.id == Application.school_id)
        .where(
            GuestPass.email == email,
            GuestPass.application_id != of.id,
            GuestPass.ended_at.is_(None),
            GuestPass.ends_at > at,
            School.group_id == of.group_id,
        )
    )
    return session.scalars(query.order_by(GuestPass.ends_at.desc())).first()


def guests_uninvited(of: Application, passes: Iterable[GuestPass], *, at: datetime) -> set[UUID]:
    """Return the open passes whose guests have not joined and no longer can.

    An invitation ends when the account of its sender is closed.
    """
    invited = guest_invitations(of.id)
    asked = {one.id: one.email for one in passes if one.is_open(at) and one.email not in invited}
    query = select(User.email).where(
        User.email.in_(asked.values()), User.guest_application_id == of.id
    )
    joined = set(session.scalars(query))
    return {pass_id for pass_id, email in asked.items() if email not in joined}


def guest(of: Application, guest_id: UUID) -> GuestPass:
    """Find a guest of a case; raise `Missing` if it belongs to another one."""
    found = session.get(GuestPass, guest_id)
    if found is None or found.application_id != of.id:
        raise Missing
    return found


def guest_pass_of(user: Actor) -> GuestPass | None:
    """Find the pass of a guest."""
    query = (
        select(GuestPass)
        .join(User, User.email == GuestPass.email)
        .where(User.id == user.id, GuestPass.application_id == user.guest_application_id)
        .order_by(GuestPass.invited_at.desc())
    )
    return session.scalars(query).first()


def own_case(actor: Actor) -> Application:
    """Find the case that a guest was invited to."""
    if actor.guest_application_id is None:
        raise Missing
    return application(actor.guest_application_id)
