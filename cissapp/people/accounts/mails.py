"""The mails about accounts, in the language of the person they go to."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cissapp.people.accounts.models import Invitation, User
from cissapp.people.notices.mails import MailText, link_to, mail_people


@dataclass(frozen=True)
class InvitedPerson:
    """Somebody who has no account yet."""

    name: str
    email: str
    language: str
    id: None = None


def send_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    """Mail the single-use link of an invitation."""
    place = invitation.school.name if invitation.school else ""
    if invitation.group:
        place = invitation.group.name

    def text_for(person: InvitedPerson) -> MailText:
        return MailText(
            _("Your invitation to the Certified Internet Safe School programme"),
            _(
                "Good day %(name)s,\n\n"
                "you are invited to the Certified Internet Safe School programme (CISS). %(place)s\n\n"
                "Open this address within seven days and choose a password. It works once:\n%(link)s\n\n"
                "If you did not expect this mail, you need not do anything.",
                name=person.name,
                place=place,
                link=link_to(f"/invitations/{token}"),
            ),
        )

    person = InvitedPerson(invitation.name, invitation.email, invitation.language)
    mail_people([person], "invitation", text_for, at=at, school_id=invitation.school_id)


def send_reset(user: User, token: str, *, at: datetime) -> None:
    """Mail the single-use link for a new password."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A new password for your CISS account"),
            _(
                "Good day %(name)s,\n\n"
                "somebody, probably you, asked for a new password. Open this address within one hour. "
                "It works once:\n%(link)s\n\n"
                "If it was not you, you need not do anything. Your password stays as it is.",
                name=person.name,
                link=link_to(f"/password-reset/{token}"),
            ),
        )

    mail_people([user], "password_reset", text_for, at=at, school_id=user.school_id)
