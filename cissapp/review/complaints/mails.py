"""Mails about complaints: that there is one, and where it is; never what somebody wrote."""

from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.notices import services as notices
from cissapp.review.complaints.models import Complaint


def tell_group(complaint: Complaint, *, due_on: date, at: datetime) -> None:
    """Tell the coordinators of the school's group that a complaint came in."""
    for person in coordinators_of_group(complaint.school.group_id):
        with force_locale(person.language):
            notices.queue(
                "complaint",
                to=person.email,
                subject=_("A complaint about a certified school"),
                body=_(
                    "Good day %(name)s,\n\n"
                    "somebody says that %(school)s does not keep a promise of its certificate. "
                    "The programme promises an answer by %(day)s.\n\n"
                    "See which promise, and what to do next:\n%(link)s",
                    name=person.name,
                    school=complaint.school.name,
                    day=format_date(due_on),
                    link=_link(f"/complaints/cases/{complaint.id}"),
                ),
                at=at,
                school_id=complaint.school_id,
                user_id=person.id,
            )


def tell_school(complaint: Complaint, *, at: datetime) -> None:
    """Ask the people of the school to say how the promise is kept."""
    for person in people_of_school(complaint.school_id):
        with force_locale(person.language):
            notices.queue(
                "complaint",
                to=person.email,
                subject=_("A question about your school’s certificate"),
                body=_body(person, complaint),
                at=at,
                school_id=complaint.school_id,
                user_id=person.id,
            )


def _body(person: User, complaint: Complaint) -> str:
    text: str = _(
        "Good day %(name)s,\n\n"
        "somebody says that %(school)s does not keep a promise of its certificate. "
        "Your national group asks you to say how the school keeps it. "
        "Nothing is decided yet, and your certificate stays valid.\n\n"
        "Read which promise it is, and answer here:\n%(link)s",
        name=person.name,
        school=complaint.school.name,
        link=_link(f"/school/complaints/{complaint.id}"),
    )
    return text


def _link(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"
