"""The mails about a wish to join, in the language of each person."""

from datetime import datetime

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import harmless
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.people.schools.queries import group


class AskingSchool(Struct, frozen=True):
    """A school that has no account: who asks for it, and the school's own address."""

    name: str
    email: str
    language: str
    id: None = None


def _school(request: JoinRequest) -> AskingSchool:
    return AskingSchool(request.person_name, request.email, request.language)


def ask_to_confirm(request: JoinRequest, token: str, *, at: datetime) -> None:
    """Mail the link that confirms the wish to the school's address."""

    def text_for(person: AskingSchool) -> MailText:
        return MailText(
            _("Confirm that your school asks for an invitation"),
            _(
                "Good day %(name)s,\n\n"
                "somebody asked in the name of %(school)s for an invitation to the Certified Internet Safe "
                "School programme (CISS), and gave this address as the one of the school.\n\n"
                "If that is right, open this address by %(day)s and confirm it:\n%(link)s\n\n"
                "If not, you need not do anything. Then nothing of it is kept.",
                name=harmless(person.name),
                school=harmless(request.school_name),
                day=filters.day(request.expires_at),
                link=link_to(f"/join/{token}"),
            ),
        )

    mail_people([_school(request)], "joining", text_for, at=at)


def tell_group(request: JoinRequest, *, at: datetime) -> None:
    """Notify the coordinators of the national group that a school asks for an invitation."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A school asks for an invitation"),
            _(
                "Good day %(name)s,\n\n"
                "a school asks for an invitation, and has confirmed its address. Read here who it is, "
                "and invite it or say why not:\n%(link)s",
                name=person.name,
                link=link_to(f"/schools/requests/{request.id}"),
            ),
        )

    mail_people(coordinators_of_group(request.group_id), "joining", text_for, at=at)


def tell_refusal(request: JoinRequest, reason: str, *, at: datetime) -> None:
    """Mail the school that it is not invited, with the reason of the group."""
    own = group(request.group_id)

    def text_for(person: AskingSchool) -> MailText:
        return MailText(
            _("Your school’s wish to join CISS"),
            _(
                "Good day %(name)s,\n\n"
                "%(group)s has read the wish of %(school)s to join, and does not invite it now. "
                "The reason:\n\n%(reason)s\n\n"
                "You can ask again later:\n%(link)s",
                name=person.name,
                group=own.name if own else "",
                school=request.school_name,
                reason=reason,
                link=link_to("/join"),
            ),
        )

    mail_people([_school(request)], "joining", text_for, at=at)
