"""The mails about accounts, in the language of the person they go to."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.people.accounts.models import Invitation, User
from cissapp.people.notices import services as notices


def _address(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"


def send_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    """Mail the single-use link of an invitation."""
    place = invitation.school.name if invitation.school else ""
    if invitation.group:
        place = invitation.group.name
    with force_locale(invitation.language):
        notices.queue(
            "invitation",
            to=invitation.email,
            subject=_("Your invitation to the Certified Internet Safe School programme"),
            body=_(
                "Good day %(name)s,\n\n"
                "you are invited to the Certified Internet Safe School programme (CISS). %(place)s\n\n"
                "Open this address within seven days and choose a password. It works once:\n%(link)s\n\n"
                "If you did not expect this mail, you need not do anything.",
                name=invitation.name,
                place=place,
                link=_address(f"/invitations/{token}"),
            ),
            at=at,
            school_id=invitation.school_id,
        )


def send_reset(user: User, token: str, *, at: datetime) -> None:
    """Mail the single-use link for a new password."""
    with force_locale(user.language):
        notices.queue(
            "password_reset",
            to=user.email,
            subject=_("A new password for your CISS account"),
            body=_(
                "Good day %(name)s,\n\n"
                "somebody, probably you, asked for a new password. Open this address within one hour. "
                "It works once:\n%(link)s\n\n"
                "If it was not you, you need not do anything. Your password stays as it is.",
                name=user.name,
                link=_address(f"/password-reset/{token}"),
            ),
            at=at,
            school_id=user.school_id,
            user_id=user.id,
        )
