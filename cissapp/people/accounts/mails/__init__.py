"""The mails about accounts, in the language of the person they go to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.roles import ROLE_NAMES
from cissapp.foundation.web import filters
from cissapp.foundation.web.help_lines import country_of
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.phrases import ONE_PLACE, device_name, training_ahead
from cissapp.people.accounts.queries import person
from cissapp.people.accounts.queries.beside_schools import invited_beside_schools
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.notices.services import postpone, withhold


class InvitedPerson(Struct, frozen=True):
    """Somebody who has no account yet."""

    name: str
    email: str
    language: str
    country_code: str | None
    id: None = None


class SharedWords(Struct, frozen=True):
    """The words that invitations of one person in one language have in common."""

    subject: str
    who_invites: str
    day: str
    follows: str
    whom_to_ask: str
    ending: str


def send_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    """Mail the single-use link of an invitation: who invites, to what, until when, and whom to ask."""
    send_invitations([(invitation, token)], at=at)


def send_invitations(sent: Sequence[tuple[Invitation, str]], *, at: datetime) -> None:
    """Mail invitations with their links, as `send_invitation` does each."""
    known: dict[object, SharedWords] = {}
    for invitation, token in sent:
        invited = InvitedPerson(
            invitation.name, invitation.email, invitation.language, country_of(invitation)
        )
        text_for = partial(_text_of_invitation, invitation=invitation, token=token, known=known)
        mail_people([invited], "invitation", text_for, at=at, school_id=invitation.school_id)


def withhold_invitations(of: Iterable[tuple[str, UUID | None]], *, at: datetime) -> int:
    """Delete the emails of invitations, by address and school, that were not sent yet; return how many.

    An email beside schools does not say of which place it is: it goes out if one of the address still waits.
    """
    ended = set(of)
    waiting = invited_beside_schools([email for email, school_id in ended if school_id is None])
    return withhold("invitation", ended - {(email, None) for email in waiting}, at=at)


def postpone_invitations(of: Iterable[tuple[str, UUID | None]], *, until: datetime) -> None:
    """Let the emails of invitations, by address and school, that were not sent yet leave at a later time."""
    postpone("invitation", of, until=until)


def _text_of_invitation(
    invited: InvitedPerson,
    *,
    invitation: Invitation,
    token: str,
    known: dict[object, SharedWords],
) -> MailText:
    # Without an inviter the place is that of the invitation.
    inviter = invitation.invited_by_id or invitation.id
    shared = invited.language, inviter, invitation.expires_at, invited.country_code
    words = known.get(shared) or known.setdefault(shared, _shared_words(invitation))
    opening = _(
        "Open this link by %(day)s and choose a password. You can only use the link once:\n%(link)s",
        day=words.day,
        link=link_to(f"/invitations/{token}"),
    )
    return MailText(
        words.subject,
        paragraphs(
            greeting(invited),
            words.who_invites,
            _to_what(invitation),
            opening,
            words.follows if invitation.duty else "",
            words.whom_to_ask,
            words.ending,
        ),
    )


def _shared_words(invitation: Invitation) -> SharedWords:
    """Write what all invitations of one person in a language say; a list of schools has thousands of them."""
    inviter = person(invitation.invited_by_id) if invitation.invited_by_id else None
    return SharedWords(
        _("Your invitation to the Certified Internet Safe School programme"),
        _who_invites(invitation, inviter),
        filters.moment(invitation.expires_at),
        training_ahead(),
        _whom_to_ask(inviter),
        _("If you did not expect this email, you do not need to do anything."),
    )


def send_is_known(user: User, invitation: Invitation, *, at: datetime) -> None:
    """Mail an invited person who already has an account: it has one place, and whom to ask to change it."""
    inviter = person(invitation.invited_by_id) if invitation.invited_by_id else None

    def text_for(user: User) -> MailText:
        return MailText(
            _("Your invitation to the Certified Internet Safe School programme"),
            paragraphs(
                greeting(user),
                _who_invites(invitation, inviter),
                _to_what(invitation),
                _(ONE_PLACE),
                _whom_to_ask(inviter),
                _("If you did not expect this email, you do not need to do anything."),
            ),
        )

    mail_people([user], "invitation", text_for, at=at, school_id=invitation.school_id)


def _who_invites(invitation: Invitation, inviter: User | None) -> str:
    """Write who invites, and for which place."""
    place = place_of(inviter) if inviter else _place_of_invitation(invitation)
    values = {"name": inviter.name if inviter else "", "place": place}
    if inviter and place:
        said = _(
            "%(name)s (%(place)s) has invited you to the Certified Internet Safe School programme (CISS).",
            **values,
        )
    elif inviter:
        said = _(
            "%(name)s has invited you to the Certified Internet Safe School programme (CISS).",
            **values,
        )
    elif place:
        said = _(
            "%(place)s has invited you to the Certified Internet Safe School programme (CISS).",
            **values,
        )
    else:
        said = _("You have been invited to the Certified Internet Safe School programme (CISS).")
    return str(said)


def _to_what(invitation: Invitation) -> str:
    """Describe the programme to the invited person, and the role that awaits them."""
    if invitation.school and invitation.duty:
        return str(
            _(
                "Your school: %(school)s\nYour role: %(task)s\n\nIn this programme, the people who lead a school learn how to protect children online. The school writes its safety policy and explains how a child can report. A national group then reviews them.",
                school=invitation.school.name,
                task=_(DUTY_NAMES[invitation.duty]),
            )
        )
    return str(_("Your role: %(task)s", task=_(ROLE_NAMES[invitation.role])))


def _whom_to_ask(inviter: User | None) -> str:
    if inviter is None:
        return ""
    values = {"name": inviter.name, "email": inviter.email}
    return str(_("If you have questions, write to %(name)s: %(email)s", **values))


def place_of(inviter: User) -> str:
    """Return the name of the group or school of a person; empty for others."""
    if inviter.group:
        return str(inviter.group.name)
    return str(inviter.school.name) if inviter.school else ""


def _place_of_invitation(invitation: Invitation) -> str:
    if invitation.group:
        return str(invitation.group.name)
    return str(invitation.school.group.name) if invitation.school else ""


def send_reset(user: User, token: str, *, at: datetime) -> None:
    """Mail the single-use link for a new password."""

    def text_for(user: User) -> MailText:
        return MailText(
            _("Set a new password for your CISS account"),
            _(
                "Hello %(name)s,\n\nSomeone, probably you, asked for a new password. Open this link within one hour. You can only use it once:\n%(link)s\n\nIf it was not you, you do not need to do anything. Your password stays the same.",
                name=user.name,
                link=link_to(f"/password-reset/{token}"),
            ),
        )

    mail_people([user], "password_reset", text_for, at=at, school_id=user.school_id)


def _zone_of(user: User) -> str:
    """Return the time zone of a person's country, or else UTC."""
    country = content().countries.get(country_of(user) or "")
    return country.file.time_zone if country else "UTC"


def send_new_device(user: User, device: str, *, has_password: bool, at: datetime) -> None:
    """Mail a person that their account is used on a new kind of device, and what to do if it was not them."""

    def text_for(user: User) -> MailText:
        reset, sessions = link_to("/password-reset"), link_to("/account/sessions")
        was_it_you = (
            _(
                "If this was you, you do not need to do anything.\n\nIf it was not you, someone else may know your password. Do both of these now:\n1. Set a new password. This also signs everyone out: %(reset)s\n2. Check where your account is in use: %(sessions)s",
                reset=reset,
                sessions=sessions,
            )
            if has_password
            else _(
                "If this was you, you do not need to do anything.\n\nIf it was not you, someone else may be using your organisation’s account. Do both of these now:\n1. Change the password of that account.\n2. Check where your account here is in use, and sign out what you do not recognise: %(sessions)s",
                sessions=sessions,
            )
        )
        return MailText(
            _("A new device is using your CISS account"),
            paragraphs(
                greeting(user),
                _("Your account was used on a device that we do not recognise."),
                _(
                    "Device: %(device)s\nTime: %(moment)s",
                    device=device_name(device),
                    moment=filters.moment(at, _zone_of(user)),
                ),
                was_it_you,
            ),
            path="/account/sessions",
        )

    mail_people([user], "new_device", text_for, at=at, school_id=user.school_id)
