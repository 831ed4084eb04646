"""Mails of learning, in the language of each person."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.values import Module
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web import filters, languages
from cissapp.learn.learning.models import Attempt
from cissapp.learn.learning.phrases import time_left
from cissapp.learn.learning.rules import (
    AttemptFacts,
    AttemptState,
    LearningOverview,
    NextTask,
    NextTaskKind,
)
from cissapp.learn.learning.rules.reminders import Reminder
from cissapp.learn.learning.rules.unsubscribe_links import stop_token
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs


def tell_of_voided(person: User, attempt: Attempt, module: Module, *, at: datetime) -> None:
    """Mail a learner that a question was taken out, and what the result is now."""

    def text_for(person: User) -> MailText:
        now = (
            _("You have passed this module.")
            if attempt.state is AttemptState.PASSED
            else _("What you have passed stays passed.")
        )
        body = paragraphs(
            greeting(person),
            _(
                "A question in the module “%(title)s” was faulty and has been removed. It counts for nobody, neither as right nor as wrong. Your answers have been marked again without it.",
                title=module.text(languages.of_content(person)).title,
            ),
            now,
            _("See your result:\n%(link)s", link=link_to(f"/learn/attempts/{attempt.id}")),
        )
        return MailText(_("A question was removed and your quiz marked again"), f"{body}\n")

    mail_people([person], "question_voided", text_for, at=at, school_id=person.school_id)


# --- reminders -------------------------------------------------------------------------------

# These mails are not in the school's log: how fast a person learns concerns nobody else.


def tell_next(
    person: User, reminder: Reminder, overview: LearningOverview, *, at: datetime
) -> None:
    """Remind a person of the one next thing to learn: what is done, what comes next, how long it takes."""

    def text_for(person: User) -> MailText:
        thing, path = _thing(reminder.next, languages.of_content(person))
        last = _(
            "This is the last reminder. Continue whenever it suits you. Your progress is saved."
        )
        return _reminder(
            person,
            _("Your next step in the training: %(thing)s", thing=thing),
            _done(overview),
            _("Your next step: %(thing)s.", thing=thing),
            _left(overview),
            _("Continue here:\n%(link)s", link=link_to(path)),
            last if reminder.is_last else "",
        )

    mail_people([person], "learning_reminder", text_for, at=at)


def tell_closing(
    person: User, thing: NextTask, attempt: AttemptFacts, *, zone: str, at: datetime
) -> None:
    """Mail a person that an open quiz closes soon; `zone` names the person's time zone."""
    if thing.progress is None:
        return
    module = thing.progress.module

    def text_for(person: User) -> MailText:
        values = {"title": module.text(languages.of_content(person)).title, "number": module.number}
        when = filters.moment(attempt.expires_at, zone)
        return _reminder(
            person,
            _("Your quiz for module %(number)s closes on %(when)s", when=when, **values),
            _(
                "Your quiz for module %(number)s, “%(title)s”, is still open. All your answers are saved.",
                **values,
            ),
            _(
                "%(answered)s of %(total)s questions are answered.",
                answered=attempt.answered,
                total=attempt.total,
            ),
            _(
                "It closes automatically on %(when)s. If you do not submit it before then, it does not count, and you can start a new one.",
                when=when,
            ),
            _("Continue here:\n%(link)s", link=link_to(f"/learn/{module.id}/quiz")),
        )

    mail_people([person], "attempt_closing", text_for, at=at)


def _reminder(person: User, subject: str, *texts: str) -> MailText:
    """Build a reminder that shows people and their mail programs how to unsubscribe."""
    stop = stop_link(person)
    how = _("If you do not want these emails, stop them here:\n%(link)s", link=stop)
    return MailText(subject, f"{paragraphs(greeting(person), *texts, how)}\n", unsubscribe_url=stop)


def stop_link(person: User) -> str:
    """Return the address at which a person stops reminders with one click, without signing in."""
    token = stop_token(person.id, secret_keys.newest_key())
    return link_to(f"/learn/reminders/stop/{token}")


def _done(overview: LearningOverview) -> str:
    read = sum(part.lessons_read for part in overview.parts)
    lessons = ngettext("You have read %(num)d lesson.", "You have read %(num)d lessons.", read)
    passed = ngettext(
        "You have passed %(num)d of %(total)s modules.",
        "You have passed %(num)d of %(total)s modules.",
        overview.passed,
        total=len(overview.parts),
    )
    kept = _("All of it is saved.")
    return " ".join(([passed] if overview.passed else []) + ([lessons] if read else []) + [kept])


def _left(overview: LearningOverview) -> str:
    """Write how much reading and quizzes are left, and separately the work with the school."""
    return " ".join([*time_left(overview), _("You can do it in small parts.")])


def _thing(thing: NextTask, language: str) -> tuple[str, str]:
    """Name the next thing, and the path to it."""
    if thing.progress is None:
        return _("the modules"), "/learn"
    module, lesson = thing.progress.module, thing.lesson
    if lesson:
        named = ngettext(
            "lesson %(number)s, “%(title)s” (%(num)d minute to read)",
            "lesson %(number)s, “%(title)s” (%(num)d minutes to read)",
            lesson.plan.minutes,
            number=f"{module.number}.{lesson.number}",
            title=lesson.text(language).title,
        )
        return named, f"/learn/{module.id}/{lesson.id}"
    values = {"number": module.number, "title": module.text(language).title}
    if thing.step is NextTaskKind.CONTINUE_QUIZ:
        named = _("continue the quiz for module %(number)s, “%(title)s”", **values)
    else:
        named = _("the quiz for module %(number)s, “%(title)s”", **values)
    return named, f"/learn/{module.id}/quiz"
