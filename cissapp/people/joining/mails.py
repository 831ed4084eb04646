"""The mails about a join request, in the language of each person."""

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
    country_code: str
    id: None = None


def _school(request: JoinRequest) -> AskingSchool:
    return AskingSchool(request.person_name, request.email, request.language, request.country_code)


def ask_to_confirm(request: JoinRequest, token: str, *, at: datetime) -> None:
    """Mail the link that confirms the join request to the school's address."""

    def text_for(person: AskingSchool) -> MailText:
        return MailText(
            _("Confirm that your school is asking for an invitation"),
            _(
                "Hello %(name)s,\n\nSomeone has asked for an invitation to the Certified Internet Safe School programme (CISS) in the name of %(school)s, and gave this address as the school’s.\n\nIf that is right, open this link by %(day)s and confirm it:\n%(link)s\n\nIf not, you do not need to do anything, and we will not keep any of it.",
                name=harmless(person.name),
                school=harmless(request.school_name),
                day=filters.moment(request.expires_at),
                link=link_to(f"/join/{token}"),
            ),
        )

    mail_people([_school(request)], "joining", text_for, at=at)


def tell_group(request: JoinRequest, *, at: datetime) -> None:
    """Notify the coordinators of the national group that a school asks for an invitation."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A school is asking for an invitation"),
            _(
                "Hello %(name)s,\n\nA school is asking for an invitation and has confirmed its address. See who it is here, then invite it or explain why not:\n%(link)s",
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
            _("Your school’s request to join CISS"),
            _(
                "Hello %(name)s,\n\n%(group)s has read the request from %(school)s to join, and is not inviting it now. The reason:\n\n%(reason)s\n\nYou can ask again later:\n%(link)s",
                name=person.name,
                group=own.name if own else "",
                school=request.school_name,
                reason=reason,
                link=link_to("/join"),
            ),
        )

    mail_people([_school(request)], "joining", text_for, at=at)
