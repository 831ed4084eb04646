"""Hands a school over from its head to a successor: two agree, then everything changes at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import CursorResult, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Forbidden, Missing, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts import services as people
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty, fold_address
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.handover import mails, queries
from cissapp.people.handover.models import Handover
from cissapp.people.handover.rules.handovers import (
    HANDOVER_LASTS,
    Afterwards,
    HandoverOutcome,
    is_open,
)
from cissapp.people.schools.models import School


class Successor(Struct, frozen=True):
    """Who becomes head: a person of the school, or somebody at a new work address."""

    user_id: UUID | None = None
    email: str = ""
    name: str = ""


def start_handover(
    school: School, successor: Successor, afterwards: Afterwards, *, by: Actor, at: datetime
) -> Handover:
    """Start a handover, as the head or as the coordinator of the group; nothing changes before it is confirmed."""
    if by.id is None:
        raise Forbidden
    lock(f"handover:{school.id}")
    people.lock_inviter(by)
    _make_room(school, at=at)
    head = _head_of(school, by)
    person = _person_of(school, successor, head, by)
    handover = Handover(
        school_id=school.id,
        head_id=head.id if head else None,
        successor_id=person.id if person else None,
        email=person.email if person else fold_address(successor.email),
        name=person.name if person else successor.name,
        afterwards=afterwards,
        started_at=at,
        started_by_id=by.id,
        expires_at=at + HANDOVER_LASTS,
    )
    session.add(handover)
    session.flush()
    if person is None:
        handover.invitation_id = _invite(handover, school, by=by, at=at).id
    record(Event.HANDOVER_STARTED, handover, by=by, at=at, school_id=school.id)
    mails.tell_started(handover, by=by, at=at)
    session.flush()
    return handover


def _make_room(school: School, *, at: datetime) -> None:
    """Refuse a second handover of a school; one that has expired is ended first."""
    found = queries.open_handover_of_school(school.id)
    if found is None:
        return
    if is_open(found.ended_at, found.expires_at, at):
        message = N_("A handover is already under way. Stop it before you start another one.")
        raise Refused(Problem("open", message))
    _expire(found, at=at)


def _head_of(school: School, by: Actor) -> User | None:
    """Return the head who hands over: the person, who must be head, or for a coordinator the head if any."""
    heads = [one for one in accounts.people_of_school(school.id) if one.duty is Duty.HEAD]
    if by.role is Role.COORDINATOR:
        return heads[0] if heads else None
    own = next((one for one in heads if one.id == by.id), None)
    if own is None:
        raise Forbidden
    return own


def _person_of(school: School, successor: Successor, head: User | None, by: Actor) -> User | None:
    """Return the successor with an account at the school, or None for a new address; raise `Refused`.

    An account of another place, which `by` may not know of, looks like a new address: its owner gets an email.
    """
    here = {one.id: one for one in accounts.people_of_school(school.id)}
    if successor.user_id:
        found = here.get(successor.user_id)
        field = "successor"
    else:
        found = accounts.person_by_email(successor.email)
        field = "email"
        is_new = found is None or people.can_return(found, Role.SCHOOL_MANAGER)
        if is_new or (found and not people.may_know(by, found)):
            return None
    if found is None or found.id not in here:
        message = N_(
            "There is already an account with this email address at another place. The person needs a work address at your school, or the other account must be closed first."
        )
        raise Refused(Problem(field, message))
    if found.duty is Duty.HEAD or (head and found.id == head.id):
        raise Refused(Problem(field, N_("This person is already the head.")))
    return found


def _invite(handover: Handover, school: School, *, by: Actor, at: datetime) -> Invitation:
    return people.invite(
        Invitee(handover.email, handover.name, school.language),
        role=Role.SCHOOL_MANAGER,
        duty=Duty.HEAD,
        scope=Scope(school_id=school.id, country_code=school.country_code),
        by=by,
        at=at,
    )


def resend_invitation(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Send the successor a new link; the earlier one no longer works."""
    people.lock_inviter(by)
    people.lock_invitations(handover.email, handover.school_id)
    session.refresh(handover)
    _require_open(handover, at)
    if not may_resend(handover, by):
        raise Missing
    handover.invitation_id = _invite(handover, handover.school, by=by, at=at).id
    session.flush()


def may_resend(handover: Handover, person: Actor) -> bool:
    """Check whether a person may resend the link: only who started it, if the successor has no account."""
    return handover.successor_id is None and person.id == handover.started_by_id


def confirm_handover(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Confirm, as the successor with an account at the school, who becomes head at once."""
    person = session.get(User, by.id) if by.id else None
    if person is None or not is_successor(handover, person):
        raise Missing
    _require_open(handover, at)
    # Whoever closes one of the two accounts locks it before it ends the handover.
    people.lock_people({person.id, handover.head_id or person.id})
    _complete(handover, person, at=at)


def is_successor(handover: Handover, person: User) -> bool:
    """Return whether a handover waits for this person."""
    if person.school_id != handover.school_id:
        return False
    if handover.successor_id:
        return person.id == handover.successor_id
    return person.email == handover.email


def complete_by_joining(
    person: User, *, invitation: Invitation, at: datetime, **_more: Any
) -> None:
    """Complete the handover whose invitation was accepted; refuse a link whose handover ended."""
    found = queries.handover_of_invitation(invitation.id)
    if found is None:
        _complete_by_other_invitation(person, at=at)
    elif not is_open(found.ended_at, found.expires_at, at):
        raise Refused(Problem("used", N_("This link has already been used or has expired.")))
    else:
        _complete(found, person, at=at)


def _complete_by_other_invitation(person: User, *, at: datetime) -> None:
    """Complete the handover to a person whom the coordinator invited separately as head."""
    if person.duty is not Duty.HEAD or person.school_id is None:
        return
    found = queries.open_handover_of_school(person.school_id)
    if found and is_successor(found, person) and is_open(found.ended_at, found.expires_at, at):
        _complete(found, person, at=at)


def _require_open(handover: Handover, at: datetime) -> None:
    if not is_open(handover.ended_at, handover.expires_at, at):
        raise Refused(Problem("ended", N_("This handover has ended. Nothing was changed.")))


def _complete(handover: Handover, successor: User, *, at: datetime) -> None:
    """Change both duties and end both people's sessions; the school keeps all its work."""
    head, email = handover.head, handover.email
    _end(handover, HandoverOutcome.DONE, by=successor, at=at)
    handover.successor_id = successor.id
    people.change_duty(successor, Duty.HEAD, by=successor, at=at)
    if head and head.is_active and head.duty is Duty.HEAD and head.school_id == handover.school_id:
        duty = handover.afterwards.duty
        if duty is None:
            people.deactivate(head, by=successor, at=at)
        else:
            people.change_duty(head, duty, by=successor, at=at)
    record(Event.HANDOVER_DONE, handover, by=successor, at=at, school_id=handover.school_id)
    session.flush()
    session.refresh(handover)
    _end_others(handover, email, at=at)
    mails.tell_done(handover, successor, at=at)
    session.flush()


def _end_others(handover: Handover, email: str, *, at: datetime) -> None:
    """Withdraw the remaining invitations to the successor's address."""
    for invitation in accounts.invitations_of_school(handover.school_id):
        if invitation.email == email:
            people.withdraw_invitation(invitation, by=SYSTEM, at=at)


def stop_handover(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Stop a handover, as one of the two or as the coordinator of the group; nothing was changed by it."""
    person = session.get(User, by.id) if by.id else None
    if person is None or not may_stop(handover, person):
        raise Missing
    _stop(handover, by=by, at=at)


def _stop(handover: Handover, *, by: Actor, at: datetime) -> None:
    email = handover.email
    _end(handover, HandoverOutcome.STOPPED, by=by if by.id else None, at=at)
    _end_others(handover, email, at=at)
    record(Event.HANDOVER_STOPPED, handover, by=by, at=at, school_id=handover.school_id)
    mails.tell_stopped(handover, by=by, at=at)
    session.flush()


def end_handovers_of(person: User, *, at: datetime) -> None:
    """Stop the handovers of a person whose account was closed: those they started or were to take over.

    One that a coordinator started continues when the former head has gone.
    """
    for handover in queries.open_handovers_of(person.id):
        _stop(handover, by=SYSTEM, at=at)


def may_stop(handover: Handover, person: User) -> bool:
    """Return whether a person who reaches the handover may stop it."""
    sides = {handover.head_id, handover.started_by_id}
    return person.role is Role.COORDINATOR or person.id in sides or is_successor(handover, person)


def end_expired_handovers(*, at: datetime) -> int:
    """End the handovers that nobody confirmed in 14 days; return how many."""
    found = queries.expired_handovers(at)
    for handover in found:
        _expire(handover, at=at)
    return len(found)


def _expire(handover: Handover, *, at: datetime) -> None:
    email = handover.email
    _end(handover, HandoverOutcome.LAPSED, by=None, at=at)
    _end_others(handover, email, at=at)
    record(Event.HANDOVER_LAPSED, handover, by=SYSTEM, at=at, school_id=handover.school_id)
    mails.tell_stopped(handover, by=SYSTEM, at=at)
    session.flush()


def _end(handover: Handover, outcome: HandoverOutcome, *, by: Actor | None, at: datetime) -> None:
    """End a handover, only once, and delete the name and address of the successor."""
    # Whoever follows the link locks the invitation before it ends the handover.
    people.lock_invitations(handover.email, handover.school_id)
    won = session.execute(
        update(Handover)
        .where(Handover.id == handover.id, Handover.ended_at.is_(None))
        .values(ended_at=at, ended_by_id=by.id if by else None, outcome=outcome, email="", name="")
        .execution_options(synchronize_session=False)
    )
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(Problem("ended", N_("This handover has ended. Nothing was changed.")))
    session.refresh(handover)
