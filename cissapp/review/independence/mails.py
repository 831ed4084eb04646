"""The mails about the beginning of a mentoring, and about a case that was handed back, in the language of each person."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.review.independence.models import Assignment, Mentoring


def tell_mentoring(mentoring: Mentoring, *, at: datetime) -> None:
    """Notify the school who mentors it, and the mentor which school it is."""
    link = link_to(f"/mentoring/{mentoring.id}")

    def to_school(person: User) -> MailText:
        return MailText(
            _("Your school has a mentor"),
            _(
                "Hello %(name)s,\n\n%(mentor)s from the national group is now your school’s mentor. You can ask anything you want to know about the programme. A mentor never reviews your school, and only sees the parts of your application that you choose to show.\n\nWrite to your mentor here:\n%(link)s",
                name=person.name,
                mentor=mentoring.person.name,
                link=link,
            ),
        )

    def to_mentor(person: User) -> MailText:
        return MailText(
            _("You are now mentoring %(school)s", school=mentoring.school.name),
            _(
                "Hello %(name)s,\n\nYou are now mentoring %(school)s. You cannot take part in its case. You cannot review its application, decide on it or hear an appeal until 24 months after the mentoring has ended.\n\nSee what is open and write to the school here:\n%(link)s",
                name=person.name,
                school=mentoring.school.name,
                link=link,
            ),
        )

    school_id = mentoring.school_id
    mail_people(people_of_school(school_id), "mentoring", to_school, at=at, school_id=school_id)
    mail_people([mentoring.person], "mentoring", to_mentor, at=at, school_id=school_id)


def tell_handed_back(assignment: Assignment, *, at: datetime) -> int:
    """Notify the other coordinators of the group that a case needs another person; return how many there are.

    The reason stays on the page.
    """
    school = assignment.application.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A case needs another person: %(school)s", school=school.name),
            _(
                "Hello %(name)s,\n\n%(reviewer)s cannot continue with the application of %(school)s. Read why, and hand the task over to another person:\n%(link)s",
                name=person.name,
                reviewer=assignment.person.name,
                school=school.name,
                link=link_to("/reviews/people"),
            ),
        )

    coordinators = coordinators_of_group(school.group_id)
    others = [one for one in coordinators if one.id != assignment.person_id]
    return mail_people(others, "handed_back", text_for, at=at)
