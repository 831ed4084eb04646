"""What a person still has to do before the account can be erased."""

from collections.abc import Iterator

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.sql import ColumnElement

from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, secretariat
from cissapp.people.accounts.rules import Duty
from cissapp.people.handover.queries import heads_of_school

UNDER_REVIEW = ("submitted", "in_review", "changes_requested")

IS_HEAD = N_(
    "Your school has an application under review. Wait for the decision, or hand over to another head."
)
HAS_ROLE = N_(
    "You have a task in a case that is not finished. Finish it, or ask the coordinator to give it to someone else."
)
HEARS_APPEAL = N_("You are on the panel of an appeal that has not been decided.")
SIGNS = N_("You sign for your national group. Enter another person on the letterhead first.")
LAST_COORDINATOR = N_(
    "You are the only coordinator of your national group. Invite another one first."
)
LAST_SECRETARIAT = N_(
    "You are the only person in the secretariat. Someone else must join it first."
)


def open_duties(person: User) -> list[Problem]:
    """List what must be done or decided before a person can be erased; empty if nothing must."""
    return list(_duties(person))


def is_only_head(person: User) -> bool:
    """Return whether a school would have no head without a person; it does not keep their erasure waiting."""
    if person.duty is not Duty.HEAD or person.school_id is None:
        return False
    return _is_alone(person, heads_of_school(person.school_id))


def _duties(person: User) -> Iterator[Problem]:
    known = db.metadatas[None].tables
    if person.duty is Duty.HEAD and _has_open_application(person):
        yield Problem("head", IS_HEAD)
    seat, member, application = known["seat"], known["appeal_member"], known["application"]
    # Ask for the cases of this person one by one: a list of all open cases would be made first, however few they have.
    of_open_case = select(true()).where(
        application.c.id == seat.c.application_id, application.c.state.in_(UNDER_REVIEW)
    )
    if _any(
        select(seat.c.id).where(
            seat.c.person_id == person.id,
            seat.c.done_at.is_(None),
            seat.c.left_at.is_(None),
            of_open_case.scalar_subquery().is_(True),
        )
    ):
        yield Problem("role", HAS_ROLE)
    appeal = known["appeal"]
    if _any(
        select(member.c.appeal_id)
        .join(appeal, appeal.c.id == member.c.appeal_id)
        .where(
            member.c.person_id == person.id,
            member.c.excused_at.is_(None),
            appeal.c.decided_at.is_(None),
        )
    ):
        yield Problem("panel", HEARS_APPEAL)
    yield from _duties_of_group(person)


def _duties_of_group(person: User) -> Iterator[Problem]:
    letterhead = db.metadatas[None].tables["letterhead"]
    signs = select(letterhead.c.group_id).where(
        letterhead.c.group_id == person.group_id,
        func.lower(letterhead.c.signatory_name) == func.lower(person.name),
    )
    if person.group_id is not None and _any(signs):
        yield Problem("signs", SIGNS)
    if not person.is_active:
        return
    if person.role is Role.COORDINATOR and person.group_id is not None:
        if _is_alone(person, coordinators_of_group(person.group_id)):
            yield Problem("coordinator", LAST_COORDINATOR)
    elif person.role is Role.SECRETARIAT and _is_alone(person, secretariat()):
        yield Problem("secretariat", LAST_SECRETARIAT)


def _is_alone(person: User, colleagues: list[User]) -> bool:
    return [one.id for one in colleagues] == [person.id]


def _has_open_application(person: User) -> bool:
    application = db.metadatas[None].tables["application"]
    is_open: ColumnElement[bool] = application.c.state.in_(UNDER_REVIEW)
    return _any(
        select(application.c.id).where(application.c.school_id == person.school_id, is_open)
    )


def _any(query: Select[tuple[object]]) -> bool:
    return bool(session.scalar(select(exists(query))))
