"""The mail about a decision, in the language of each person of the school. No scores, only the way there."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.accounts.models import User
from cissapp.accounts.queries import people_of_school
from cissapp.applications.models import Application
from cissapp.applications.rules import Outcome
from cissapp.notices import services as notices
from cissapp.reviews.models import Decision

LETTER = "/school/application/decision"


def tell_school(application: Application, decision: Decision, *, at: datetime) -> None:
    """Tell everybody of the school that there is a decision."""
    for person in people_of_school(application.school_id):
        with force_locale(person.language):
            notices.queue(
                "decision",
                to=person.email,
                subject=_("There is a decision on your school’s application"),
                body=_body(person, application, decision),
                at=at,
            )


def _body(person: User, application: Application, decision: Decision) -> str:
    news = {
        Outcome.CERTIFIED: _("Your school is certified."),
        Outcome.MINOR_GAPS: _("A few gaps are left to close. Only those are looked at again."),
        Outcome.MAJOR_GAPS: _(
            "Important criteria are not met yet. The reasons say what to do next."
        ),
    }
    text: str = _(
        "Good day %(name)s,\n\n"
        "%(group)s has decided on the application of %(school)s. %(news)s\n\n"
        "Read the decision with all reasons here:\n%(link)s",
        name=person.name,
        group=application.school.group.name,
        school=application.school.name,
        news=news[decision.outcome],
        link=f"{current_app.config['BASE_URL']}{LETTER}",
    )
    return text
