"""The mails about a school that leaves the programme, closes or takes a break."""

from datetime import date, datetime

from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school, secretariat
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import LEAVING_NAMES, LEAVING_TITLES, LeavingKind
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.schools.models import School


def tell_leaving(
    school: School, kind: LeavingKind, until_on: date | None, *, by: User, at: datetime
) -> None:
    """Notify the coordinators of the school's group, or else the secretariat, and a head who did not send it."""
    heads = [one for one in people_of_school(school.id) if one.duty is Duty.HEAD]

    def said() -> str:
        values = {"name": by.name, "email": by.email, "what": _(LEAVING_NAMES[kind])}
        text = str(_("%(name)s (%(email)s) wrote: %(what)s", **values))
        until = _("Probably until: %(day)s", day=filters.day(until_on)) if until_on else ""
        return "\n".join(filter(None, [school.name, text, until]))

    def text_for_group(reader: User) -> MailText:
        what = _(
            "Nothing has changed by itself. Answer the school, and agree on its application, its dates and its certificate. This is the page of the school:\n%(link)s",
            link=link_to(f"/schools/{school.id}"),
        )
        return MailText(_(LEAVING_TITLES[kind]), paragraphs(greeting(reader), said(), what))

    def text_for_head(reader: User) -> MailText:
        what = _(
            "This went to your national group. Nothing has changed by itself. If it is wrong, tell the group:\n%(link)s",
            link=link_to("/school/people"),
        )
        title = _("Your national group was told about your school’s plans")
        return MailText(title, paragraphs(greeting(reader), said(), what))

    group = coordinators_of_group(school.group_id) or secretariat()
    mail_people(group, "leaving", text_for_group, at=at, school_id=school.id)
    others = [one for one in heads if one.id != by.id]
    mail_people(others, "leaving", text_for_head, at=at, school_id=school.id)
