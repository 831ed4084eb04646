"""Writes of enrolling: schools by hand, and invitations that fit their roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cissapp.foundation.content.values import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services import Scope
from cissapp.people.enrolment.rules import fact_problems, invitable
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import Group, School
from cissapp.people.schools.rules import Facts


@dataclass(frozen=True)
class Invitee:
    """Whom an invitation goes to."""

    email: str
    name: str
    language: str


# --- schools ---------------------------------------------------------------------------------


def register_school(
    facts: Facts, *, group: Group, countries: Mapping[str, CountryPack], by: Actor, at: datetime
) -> School:
    """Put a school of the group into the register."""
    _refuse_wrong(facts, countries)
    return schools.register(facts, group=group, by=by, at=at)


def change_school(
    school: School, facts: Facts, *, countries: Mapping[str, CountryPack], by: Actor, at: datetime
) -> None:
    """Change the facts of a school; its country stays."""
    _refuse_wrong(facts, countries)
    if facts.country_code != school.country_code:
        raise Refused(Problem("region_code", N_("A school stays in its country.")))
    schools.change(school, facts, by=by, at=at)


def _refuse_wrong(facts: Facts, countries: Mapping[str, CountryPack]) -> None:
    problems = fact_problems(facts, countries)
    if problems:
        raise Refused(*problems)


# --- people of a school ----------------------------------------------------------------------


def duties_open_to(person: Actor) -> list[Duty]:
    """List the duties that a person may invite others of a school to."""
    return invitable(person.role, person.duty if isinstance(person, User) else None)


def invite_to_school(
    school: School, *, duty: Duty, email: str, name: str, by: Actor, at: datetime
) -> Invitation:
    """Invite somebody to a duty at the school, in the school's language."""
    _refuse_duty(duty, by)
    return accounts.invite(
        email=email,
        name=name,
        role=Role.SCHOOL_MANAGER,
        duty=duty,
        scope=Scope(school_id=school.id, country_code=school.country_code),
        language=school.language,
        by=by,
        at=at,
    )


def revoke(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Take an invitation back; who may send it may also do that."""
    if invitation.duty:
        _refuse_duty(invitation.duty, by)
    accounts.revoke_invitation(invitation, by=by, at=at)


def resend(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Send a new link; the one before is worthless from then on."""
    if invitation.duty:
        _refuse_duty(invitation.duty, by)
    return accounts.invite(
        email=invitation.email,
        name=invitation.name,
        role=invitation.role,
        duty=invitation.duty,
        scope=Scope(
            invitation.school_id,
            invitation.group_id,
            invitation.country_code,
            invitation.region_code,
        ),
        language=invitation.language,
        by=by,
        at=at,
    )


def _refuse_duty(duty: Duty, by: Actor) -> None:
    if duty not in duties_open_to(by):
        raise Refused(Problem("duty", N_("You cannot invite somebody to this duty.")))


# --- everybody else --------------------------------------------------------------------------


def invite_staff(
    role: Role, invitee: Invitee, *, scope: Scope, by: Actor, at: datetime
) -> Invitation:
    """Invite somebody who is not of a school, bound to the place that the role needs."""
    if role is Role.SCHOOL_MANAGER:
        raise Refused(Problem("role", N_("People of a school are invited on the school’s page.")))
    return accounts.invite(
        email=invitee.email,
        name=invitee.name,
        role=role,
        scope=scope,
        language=invitee.language,
        by=by,
        at=at,
    )


def close_account(person: User, *, by: Actor, at: datetime) -> None:
    """Close an account; one that is closed stays as it is."""
    if not person.is_active:
        raise Refused(Problem("closed", N_("This account is closed already.")))
    accounts.deactivate(person, by=by, at=at)
