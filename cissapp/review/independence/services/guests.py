"""Invites guest auditors to one case for a limited time, and ends their visits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts import services as people
from cissapp.people.accounts.rules import fold_address
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.enrolment import services as enrolment
from cissapp.people.enrolment.services.invitations import CHANGED_FIRST
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries
from cissapp.review.independence.models import GuestPass
from cissapp.review.independence.rules.terms import guest_problems
from cissapp.review.independence.services.participants import require_untied_member


class GuestInvitation(Struct, frozen=True):
    """The person invited as a guest auditor, the purpose, and the last date of access."""

    email: str
    name: str
    language: str
    purpose: str
    ends_on: date


INVITED_ALREADY = N_(
    "This guest has already been invited to this case. Send the invitation again, or end the visit first."
)

GUEST_ELSEWHERE = N_(
    "This person is a guest on the case of %(school)s until %(moment)s, and a guest can only look at one case at a time. Invite them after that, or end that visit first."
)


def invite_guest(
    application: Application, guest: GuestInvitation, *, by: Actor, at: datetime
) -> GuestPass:
    """Invite a person to look at one case until the end of a date at the school, at most 60 days ahead.

    Whoever may not open the case invites nobody to it: the guest could open it in their place.
    """
    by_id = require_untied_member(application, by=by, at=at)
    country = application.school.country_code
    earlier = _open_pass(application, guest.email, at=at)
    found = guest_problems(guest.ends_on, day_in(country, at))
    found += _already_invited(earlier, at=at) + _is_elsewhere(application, guest.email, at=at)
    if found:
        raise Refused(*found)
    if earlier:
        end_guest(earlier, by=by, at=at)
    _close_ended(guest.email, by=by, at=at)
    ends_at = _end_of(guest.ends_on, country)
    invitation = people.invite(
        Invitee(guest.email, guest.name, guest.language),
        role=Role.GUEST,
        scope=Scope(guest_application_id=application.id, ends_at=ends_at),
        by=by,
        at=at,
    )
    guest_pass = GuestPass(
        application_id=application.id,
        invitation_id=invitation.id,
        email=invitation.email,
        name=guest.name,
        purpose=guest.purpose,
        ends_at=ends_at,
        invited_at=at,
        invited_by_id=by_id,
    )
    session.add(guest_pass)
    session.flush()
    facts = {"application": str(application.id), "ends_at": ends_at.isoformat()}
    record(Event.GUEST_INVITED, guest_pass, by=by, at=at, school_id=application.school_id, **facts)
    session.flush()
    return guest_pass


def _already_invited(earlier: GuestPass | None, *, at: datetime) -> list[Problem]:
    if earlier is None or queries.guests_uninvited(earlier.application, [earlier], at=at):
        return []
    return [Problem("email", INVITED_ALREADY)]


def _is_elsewhere(application: Application, email: str, *, at: datetime) -> list[Problem]:
    """List why a guest of another case of the group cannot be invited: an account opens one case at a time."""
    other = queries.open_pass_in_group(application, fold_address(email), at=at)
    if other is None:
        return []
    values = {"school": other.application.school.name, "moment": other.ends_at}
    return [Problem("email", GUEST_ELSEWHERE, values)]


def _close_ended(email: str, *, by: Actor, at: datetime) -> None:
    """Close the account of a guest whose time is over, so that the new invitation opens it for the new case."""
    account = accounts.person_by_email(email)
    is_over = account is not None and account.ends_at is not None and account.ends_at <= at
    if account is not None and is_over and account.deactivated_at is None:
        people.deactivate(account, by=by, at=at)


def _end_of(day: date, country: str) -> datetime:
    """Return when a date at the school is over."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return midnight.replace(tzinfo=ZoneInfo(content().time_zone(country))).astimezone(UTC)


def _open_pass(application: Application, email: str, *, at: datetime) -> GuestPass | None:
    """Find the pass of an address in a case that is not over."""
    address = fold_address(email)
    passes = queries.guests_of(application)
    return next((one for one in passes if one.email == address and one.is_open(at)), None)


def invite_guest_again(guest: GuestPass, *, by: Actor, at: datetime) -> None:
    """Send a guest who has not joined a new link, for the same case and until the same day."""
    require_untied_member(guest.application, by=by, at=at)
    invitation = accounts.guest_invitations(guest.application_id).get(guest.email)
    if invitation is None or not guest.is_open(at):
        raise Refused(Problem("state", CHANGED_FIRST))
    guest.invitation_id = enrolment.resend(invitation, by=by, at=at).id
    session.flush()


def end_guest(guest: GuestPass, *, by: Actor, at: datetime) -> None:
    """End a visit early: sessions end at once, and an unanswered invitation becomes invalid."""
    if guest.ended_at is not None:
        raise Refused(Problem("state", N_("This visit has already ended.")))
    guest.ended_at = at
    guest.ended_by_id = by.id
    # Not by the pass: the secretariat may have sent the invitation again.
    invitation = accounts.guest_invitations(guest.application_id).get(guest.email)
    if invitation is not None:
        people.withdraw_invitation(invitation, by=by, at=at)
    account = accounts.person_by_email(guest.email)
    if account and account.guest_application_id == guest.application_id and account.is_active:
        people.deactivate(account, by=by, at=at)
    record(
        Event.GUEST_ENDED,
        guest,
        by=by,
        at=at,
        school_id=guest.application.school_id,
        application=str(guest.application_id),
    )
    session.flush()
