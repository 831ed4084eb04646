"""Mails about complaints: that there is one, and its address; never what a person wrote."""

from datetime import date, datetime

from flask_babel import gettext as _

from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.review.complaints.models import Complaint

KIND = "complaint"


def tell_group(complaint: Complaint, *, due_on: date, at: datetime) -> None:
    """Notify the coordinators of the school's group that a complaint came in."""
    school = complaint.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A complaint about a certified school"),
            _(
                "Hello %(name)s,\n\nSomeone says that %(school)s is not keeping a promise of its certificate. The programme promises an answer by %(day)s.\n\nSee which promise it is, and what to do next:\n%(link)s",
                name=person.name,
                school=school.name,
                day=day(due_on),
                link=link_to(f"/complaints/cases/{complaint.id}"),
            ),
        )

    coordinators = coordinators_of_group(school.group_id)
    mail_people(coordinators, KIND, text_for, at=at, school_id=complaint.school_id)


def tell_school(complaint: Complaint, *, at: datetime) -> None:
    """Ask the people of the school to say how the promise is kept."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A question about your school’s certificate"),
            _(
                "Hello %(name)s,\n\nSomeone says that %(school)s is not keeping a promise of its certificate. Your national group asks you to explain how the school keeps it. Nothing has been decided yet, and your certificate is still valid.\n\nSee which promise it is, and answer here:\n%(link)s",
                name=person.name,
                school=complaint.school.name,
                link=link_to(f"/school/complaints/{complaint.id}"),
            ),
        )

    people = people_of_school(complaint.school_id)
    mail_people(people, KIND, text_for, at=at, school_id=complaint.school_id)
