"""Mails to the school, in the language of each of its people. No scores, no questions, only the way there."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices import services as notices
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import Outcome
from cissapp.review.reviews.models import Decision

LETTER = "/school/application/decision"
APPLICATION = "/school/application"
REMOVED = "/school/removed"
RETURNED = N_(
    "Somebody of the national group took a first look at your dossier. Before it can be reviewed, "
    "something in it has to be mended. The whole dossier is open again."
)
ASKED = N_(
    "The person who reviews your dossier has a question about some criteria. Only these are open. "
    "Everything else stays as it was handed in."
)


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
                school_id=application.school_id,
                user_id=person.id,
            )


def tell_returned(application: Application, *, at: datetime) -> None:
    """Tell everybody of the school that the first look sent the dossier back."""
    _tell(application, "returned", N_("Your dossier came back: please mend it"), RETURNED, at)


def tell_asked(application: Application, *, at: datetime) -> None:
    """Tell everybody of the school that the group has a question."""
    _tell(application, "asked", N_("The national group has a question"), ASKED, at)


def _tell(application: Application, kind: str, subject: str, news: str, at: datetime) -> None:
    for person in people_of_school(application.school_id):
        with force_locale(person.language):
            text: str = _(
                "Good day %(name)s,\n\n"
                "%(news)s\n\n"
                "Until %(day)s you can answer. Everything is on this page:\n%(link)s",
                name=person.name,
                news=_(news),
                day=filters.day(application.due_at or at),
                link=f"{current_app.config['BASE_URL']}{APPLICATION}",
            )
            notices.queue(
                kind,
                to=person.email,
                subject=_(subject),
                body=text,
                at=at,
                school_id=application.school_id,
                user_id=person.id,
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


def tell_removed(application: Application, *, at: datetime) -> None:
    """Tell everybody of the school that something was taken out; the mail does not say what."""
    for person in people_of_school(application.school_id):
        with force_locale(person.language):
            text: str = _(
                "Good day %(name)s,\n\n"
                "%(group)s took something out of your school's dossier, because it seemed to name or show a child, "
                "or to tell of a case. It is gone for good and was not passed on.\n\n"
                "This page says which part, why, and what to do next:\n%(link)s\n\n"
                "Please do not answer with the content, and do not send it again.",
                name=person.name,
                group=application.school.group.name,
                link=f"{current_app.config['BASE_URL']}{REMOVED}",
            )
            subject = _("Something was taken out of your school’s dossier")
            notices.queue(
                "removed",
                to=person.email,
                subject=subject,
                body=text,
                at=at,
                school_id=application.school_id,
                user_id=person.id,
            )
