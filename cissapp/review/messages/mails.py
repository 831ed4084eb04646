"""The mail of a message: the coordinator's text, what the school lacks, and the sender."""

from datetime import date

from flask_babel import gettext as _

from cissapp.foundation.content.values import Content
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import text_of
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, paragraphs
from cissapp.people.schools.models import School
from cissapp.prepare.applications.queries import newest_application
from cissapp.prepare.applications.queries.readiness import gather_readiness
from cissapp.prepare.applications.rules import ApplicationState, problems_of
from cissapp.review.messages.models import Message
from cissapp.review.messages.rules import STEPS_SHOWN, text_for

KIND = "message"
UNDER_REVIEW = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW})


def mail_of(
    message: Message,
    person: User,
    school: School,
    content: Content,
    *,
    stop: str,
    today: date,
) -> MailText:
    """Return the mail of a message to a person, whose language is already active.

    `stop` is the address at which the person stops such messages; nobody else may see it.
    """
    path = f"/messages/{message.id}"
    text = text_for(message.written, person.language)
    body = paragraphs(
        greeting(person),
        honest_note(text.language, person.language),
        text.body,
        _("You can also find this message here:\n%(link)s", link=link_to(path)),
        _steps(school, content, person.language, today) if message.with_steps else "",
        _("%(author)s, %(group)s", author=message.author.name, group=school.group.name),
        _("If you do not want messages like this, stop them here:\n%(link)s", link=stop),
    )
    return MailText(text.subject, f"{body}\n", unsubscribe_url=stop, path=path)


def honest_note(written: str, read: str) -> str:
    """Return a note that a text is not in the reader's language; empty if it is."""
    if written == read:
        return ""
    return str(
        _(
            "The following message is written in %(language)s. There is no translation.",
            language=languages.NAMES.get(written, written),
        )
    )


def _steps(school: School, content: Content, language: str, today: date) -> str:
    """Return the next things that a school lacks, in the order of the stages, and where to continue.

    The list is cut and has no count: a tired head should see what comes next, not how much is owed.
    """
    newest = newest_application(school.id)
    if newest is not None and newest.state in UNDER_REVIEW:
        return str(
            _("Your application is with the national group. You do not need to do anything now.")
        )
    facts = gather_readiness(newest, school, content, language=language, today=today).facts
    missing = [text_of(one) for one in problems_of("left", facts.missing)]
    where = _("Continue here:\n%(link)s", link=link_to("/school"))
    if not missing:
        return paragraphs(_("Your application has everything it needs. You can submit it."), where)
    lines = [f"- {one}" for one in missing[:STEPS_SHOWN]]
    title = _("Next steps for %(school)s:", school=school.name)
    return paragraphs("\n".join([title, *lines]), where)
