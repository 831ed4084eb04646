"""The notice to others about a sensitive act."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import ROLE_NAMES, Role
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.handover.queries import Concerned
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

KIND = "act_notice"


class Where(Struct, frozen=True):
    """What an act is about, for the link of its notice."""

    event: Event
    subject_id: str
    about: Concerned
    facts: Mapping[str, Any]


def tell_others(
    people: Iterable[User], title: str, where: Where, *, by: Actor, at: datetime
) -> None:
    """Notify the others of an act: what was done, to what, by whom, when, and where to see it."""

    def text_for(reader: User) -> MailText:
        path = _path_for(reader, where)
        return MailText(
            _(title),
            paragraphs(
                greeting(reader),
                _("Nobody in the programme acts alone. That is why you are getting this notice:"),
                _(
                    "What: %(what)s\nAbout: %(about)s\nBy: %(who)s\nWhen: %(when)s",
                    what=_(title),
                    about=where.about.name,
                    who=_who(by),
                    when=filters.moment(at),
                ),
                _("You can see it here:\n%(link)s", link=link_to(path)) if reader.is_active else "",
                _("If it looks wrong to you, ask the person who did it, or the secretariat."),
            ),
            path=path,
        )

    school = where.about.school
    mail_people(people, KIND, text_for, at=at, school_id=school.id if school else None)


def _who(by: Actor) -> str:
    if by.role is None:
        return str(_("Someone using a command on the server"))
    return str(_("%(name)s (%(role)s)", name=by.name, role=_(ROLE_NAMES[by.role])))


CERTIFICATES = {
    Event.CERTIFICATE_SUSPENDED,
    Event.CERTIFICATE_REINSTATED,
    Event.CERTIFICATE_WITHDRAWN,
}

ABOUT_PEOPLE = {
    Event.PERSON_INVITED,
    Event.ROLE_CHANGED,
    Event.PERSON_DEACTIVATED,
    Event.FACTORS_RESET,
}


def _path_for(reader: User, where: Where) -> str:
    """Return a page about the act that this person may open."""
    event, about = where.event, where.about
    if event in CERTIFICATES:
        return f"/certificates/{where.subject_id}"
    if about.school:
        of_school = reader.role is Role.SCHOOL_MANAGER
        return "/school/people" if of_school else f"/schools/{about.school.id}"
    return _path_of_secretariat(where) if reader.role is Role.SECRETARIAT else "/notifications"


def _path_of_secretariat(where: Where) -> str:
    event, about = where.event, where.about
    if event is Event.QUESTION_VOIDED:
        return f"/admin/evaluation/{where.facts['module']}/questions/{about.name}"
    if event in ABOUT_PEOPLE:
        return "/admin/people"
    if event in {Event.SIGN_ON_SWITCHED, Event.SIGN_ON_REMOVED}:
        return "/admin/sign-on"
    return "/admin"
