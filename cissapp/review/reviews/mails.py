"""Mails about a case, each in its reader's language. No scores and no questions, only the address."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import answer_due_on, find_open_deadline
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CASE_ROLE_NAMES, CaseRole
from cissapp.review.reviews.models import Decision

LETTER = "/school/application/decision"
APPLICATION = "/school/application"
REMOVED = "/school/removed"
RETURNED = N_(
    "The national group checked whether your application is complete. Something needs correcting before it can be reviewed. You can change everything again."
)
ASKED = N_(
    "The person reviewing your application has a question about some criteria. You can only change these. Everything else stays as you submitted it."
)

NEWS = N_(
    "Hello %(name)s,\n\n%(news)s\n\nYou can answer until %(day)s. Everything is on this page:\n%(link)s"
)
UNDATED_NEWS = N_("Hello %(name)s,\n\n%(news)s\n\nEverything is on this page:\n%(link)s")
SUBMITTED_SUBJECT = N_("%(school)s has submitted its application")
SUBMITTED_AGAIN_SUBJECT = N_("%(school)s has submitted its application again")
THIRD_ENDED = N_(
    "Hello %(name)s,\n\nYour third review of the application of %(school)s has ended, because one of the two reviews that it compared no longer counts. What you scored is kept for the record. You do not need to do anything now. If a third review is needed again, you will be told.\n%(link)s"
)
THIRD_LEFT = N_(
    "Hello %(name)s,\n\nYour third review of the application of %(school)s no longer counts, because one of the two reviews that it compared does not. What you scored is kept for the record. Your task in this case has ended, and you do not need to do anything.\n%(link)s"
)
THIRD_NOT_BEGUN = N_(
    "Hello %(name)s,\n\nThe third review of the application of %(school)s is not needed at the moment, because one of the two reviews that it compares no longer counts. You do not need to do anything now. If a third review is needed again, you will be told.\n%(link)s"
)
NOT_CONTINUED = N_(
    "Hello %(name)s,\n\n%(school)s has answered and submitted its application again. So far, this round does not need a second review, so yours does not continue. What you scored is kept for the record, and you do not need to do anything now. If a second review is needed after all, you will be told.\n%(link)s"
)
NOT_NEEDED = N_(
    "Hello %(name)s,\n\n%(school)s has answered and submitted its application again. So far, this round does not need a second review, so you do not need to do anything now. If a second review is needed after all, you will be told.\n%(link)s"
)
SUBMITTED = N_(
    "Hello %(name)s,\n\n%(school)s has submitted its application. Someone in your group has to check by %(day)s whether it is complete. Open the case here:\n%(link)s"
)
SUBMITTED_AGAIN = N_(
    "Hello %(name)s,\n\n%(school)s has answered and submitted its application again. The review is due on %(day)s. Open the case here:\n%(link)s"
)
REVIEW_AGAIN = N_(
    "Hello %(name)s,\n\nYou reviewed the application of %(school)s. The school has now answered and submitted it again. Only the criteria that were open need a new level. The review is due on %(day)s. Begin it, or tell your coordinator if you cannot:\n%(link)s"
)
TASK_BEGINS = N_(
    "Hello %(name)s,\n\nYou can now begin your task in the application of %(school)s: %(task)s. It is due on %(day)s.\n\nOpen the case here. If you cannot take the task, you can hand it back on the same page.\n%(link)s"
)
PAUSED = N_(
    "Hello %(name)s,\n\n%(school)s has been asked a question about its application, so every review of it is paused until the school has answered. What you scored is kept. You will be told when your review can continue.\n%(link)s"
)
WITHDRAWN = N_(
    "Hello %(name)s,\n\n%(school)s has taken its application back, so your task in it has ended. Its contents are closed, and you do not need to do anything.\n%(link)s"
)
READY = N_(
    "Hello %(name)s,\n\nThe application of %(school)s has been reviewed. Someone who has not reviewed it has to decide by %(day)s. Open the case here:\n%(link)s"
)
# The same mails where there is no deadline (any more).
UNDATED = {
    SUBMITTED: N_(
        "Hello %(name)s,\n\n%(school)s has submitted its application. Someone in your group has to check whether it is complete. Open the case here:\n%(link)s"
    ),
    SUBMITTED_AGAIN: N_(
        "Hello %(name)s,\n\n%(school)s has answered and submitted its application again. Open the case here:\n%(link)s"
    ),
    REVIEW_AGAIN: N_(
        "Hello %(name)s,\n\nYou reviewed the application of %(school)s. The school has now answered and submitted it again. Only the criteria that were open need a new level. Begin the review, or tell your coordinator if you cannot:\n%(link)s"
    ),
    READY: N_(
        "Hello %(name)s,\n\nThe application of %(school)s has been reviewed. Someone who has not reviewed it has to decide. Open the case here:\n%(link)s"
    ),
}


def tell_school(application: Application, decision: Decision, *, at: datetime) -> None:
    """Notify the people of the school that there is a decision."""
    due_on = answer_due_on(application)

    def text_for(person: User) -> MailText:
        news = {
            ApplicationOutcome.CERTIFIED: _("Your school is certified."),
            ApplicationOutcome.MINOR_GAPS: _gaps_left(due_on),
            ApplicationOutcome.MAJOR_GAPS: _(
                "Important criteria are not met yet. The reasons say what to do next."
            ),
        }
        return MailText(
            _("There is a decision on your school’s application"),
            _(
                "Hello %(name)s,\n\n%(group)s has decided on the application of %(school)s. %(news)s\n\nRead the decision and the reasons for it here:\n%(link)s",
                name=person.name,
                group=application.school.group.name,
                school=application.school.name,
                news=news[decision.outcome],
                link=link_to(LETTER),
            ),
        )

    _tell(application, "decision", text_for, at)


def _gaps_left(due_on: date | None) -> str:
    if due_on is None:
        return str(_("There are a few gaps left to close. Only these will be looked at again."))
    return str(
        _(
            "There are a few gaps left to close. You have until %(day)s, and only these will be looked at again.",
            day=filters.day(due_on),
        )
    )


def tell_submitted(application: Application, *, at: datetime) -> None:
    """Notify the coordinators of the group that a school has submitted its application, and what is due next."""
    check = find_open_deadline(application, DeadlineKind.COMPLETENESS_CHECK)
    due = check or find_open_deadline(application, DeadlineKind.REVIEW)
    text_for = _of_case(
        application,
        SUBMITTED_SUBJECT if check else SUBMITTED_AGAIN_SUBJECT,
        SUBMITTED if check else SUBMITTED_AGAIN,
        due_on=due.due_on if due else None,
    )
    coordinators = coordinators_of_group(application.group_id)
    mail_people(coordinators, "submitted", text_for, at=at, school_id=application.school_id)


def tell_submitted_again(
    application: Application, reviewer: User, kind: DeadlineKind, *, at: datetime
) -> None:
    """Notify the person who reviewed the round before that the school has submitted again."""
    due = find_open_deadline(application, kind)
    text_for = _of_case(
        application,
        SUBMITTED_AGAIN_SUBJECT,
        REVIEW_AGAIN,
        due_on=due.due_on if due else None,
    )
    mail_people([reviewer], "submitted", text_for, at=at, school_id=application.school_id)


def tell_task_begins(task: Assignment, due_on: date, *, at: datetime) -> None:
    """Notify a person who was given a task in advance that it can begin now."""
    subject = N_("Your task can begin now: %(school)s")
    text_for = _of_case(task.application, subject, TASK_BEGINS, due_on=due_on, role=task.role)
    mail_people([task.person], "task_given", text_for, at=at)


def tell_third_ended(application: Application, reviewer: User, text: str, *, at: datetime) -> None:
    """Notify a third reviewer that the review has ended, as one of those that it compared no longer counts."""
    text_for = _of_case(application, N_("Your review has ended: %(school)s"), text)
    if reviewer.is_active:
        mail_people([reviewer], "task_given", text_for, at=at)


def tell_paused(application: Application, reviewers: Iterable[User], *, at: datetime) -> None:
    """Notify other reviewers that a question to the school has stopped their reviews."""
    text_for = _of_case(application, N_("Your review is paused: %(school)s"), PAUSED)
    mail_people(reviewers, "task_given", text_for, at=at)


def tell_not_continued(
    application: Application, reviewer: User, *, has_begun: bool, at: datetime
) -> None:
    """Notify a second reviewer that the round after a question does not need the paused review so far."""
    subject = N_("Your review is not needed at the moment: %(school)s")
    text_for = _of_case(application, subject, NOT_CONTINUED if has_begun else NOT_NEEDED)
    mail_people([reviewer], "task_given", text_for, at=at)


def tell_withdrawn(application: Application, people: Iterable[User], *, at: datetime) -> None:
    """Notify those who had a task in an application that the school has taken it back."""
    text_for = _of_case(application, N_("%(school)s has taken its application back"), WITHDRAWN)
    mail_people(people, "task_given", text_for, at=at)


def tell_ready(application: Application, people: Iterable[User], *, at: datetime) -> None:
    """Notify those who decide that all reviews of a case are submitted."""
    due = find_open_deadline(application, DeadlineKind.DECISION)
    subject = N_("%(school)s waits for a decision")
    text_for = _of_case(application, subject, READY, due_on=due.due_on if due else None)
    mail_people(people, "ready_to_decide", text_for, at=at)


def _of_case(
    application: Application,
    subject: str,
    text: str,
    *,
    due_on: date | None = None,
    role: CaseRole | None = None,
) -> Callable[[User], MailText]:
    """Return what writes a mail to a person of the group: whole sentences that name the school and lead to the case.

    A text that names the deadline has another one without it, in `UNDATED`.
    """
    words = UNDATED.get(text, text) if due_on is None else text

    def text_for(person: User) -> MailText:
        school = application.school.name
        values = {
            "name": person.name,
            "school": school,
            "link": link_to(f"/reviews/{application.id}"),
            "day": filters.day(due_on) if due_on else "",
            "task": _(CASE_ROLE_NAMES[role]) if role else "",
        }
        return MailText(_(subject, school=school), _(words, **values))

    return text_for


def tell_returned(application: Application, *, at: datetime) -> None:
    """Notify the people of the school that the application came back from the completeness check."""
    subject = N_("Your application was sent back: please correct it")
    _tell(application, "returned", _news(application, subject, RETURNED), at)


def tell_asked(application: Application, *, at: datetime) -> None:
    """Notify the people of the school that the group has a question."""
    subject = N_("The national group has a question")
    _tell(application, "asked", _news(application, subject, ASKED), at)


def _news(application: Application, subject: str, news: str) -> Callable[[User], MailText]:
    due_on = answer_due_on(application)
    words = NEWS if due_on else UNDATED_NEWS

    def text_for(person: User) -> MailText:
        values = {
            "name": person.name,
            "news": _(news),
            "day": filters.day(due_on) if due_on else "",
            "link": link_to(APPLICATION),
        }
        return MailText(_(subject), _(words, **values))

    return text_for


def tell_removed(application: Application, *, at: datetime) -> None:
    """Notify the people of the school that something was removed; the mail does not say what."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Something was removed from your school’s application"),
            _(
                "Hello %(name)s,\n\n%(group)s removed something from your school’s application because it seemed to name or show a child, or to describe a case. It has been permanently deleted and was not passed on.\n\nThis page says which part was removed, why, and what to do next:\n%(link)s\n\nPlease do not reply with the content, and do not send it again.",
                name=person.name,
                group=application.school.group.name,
                link=link_to(REMOVED),
            ),
        )

    _tell(application, "removed", text_for, at)


def _tell(
    application: Application, kind: str, text_for: Callable[[User], MailText], at: datetime
) -> None:
    people = people_of_school(application.school_id)
    mail_people(people, kind, text_for, at=at, school_id=application.school_id)
