"""The mails about new comments, in the language of each person. Never the text of a comment."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.prepare.applications.models import Application
from cissapp.review.discussions.models import Thread


def tell_school(application: Application, *, at: datetime) -> int:
    """Notify the people of the school that the group wrote; return the number of mails."""
    path = "/school/application/comments"
    return _tell(people_of_school(application.school_id), application, path, at)


def tell_group(thread: Thread, people: Sequence[User], *, at: datetime) -> int:
    """Notify those of the group who wrote in a thread that the school replied; return the number of mails."""
    path = f"/reviews/{thread.application_id}/comments"
    return _tell(people, thread.application, path, at)


def _tell(people: Sequence[User], application: Application, path: str, at: datetime) -> int:
    def text_for(person: User) -> MailText:
        return MailText(
            _("New comments on the application of %(school)s", school=application.school.name),
            _(
                "Hello %(name)s,\n\nThere are new comments on the application of %(school)s. Read them here, and answer if you want to:\n%(link)s",
                name=person.name,
                school=application.school.name,
                link=link_to(path),
            ),
        )

    return mail_people(people, "comments", text_for, at=at, school_id=application.school_id)
